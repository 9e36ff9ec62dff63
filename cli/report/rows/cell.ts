/** A value of an answer, as JSON can hold it. */
export type Cell = null | boolean | number | string | object;

/**
 * Reads a value as BigQuery's REST API sends it.
 *
 * Timestamps become `2026-01-31T07:00:00.000000Z`, to the microsecond where there is one; whole numbers beyond 2^53 and
 * decimals stay text, since a JSON number would round them.
 *
 * @param type - the column's type in REST, e.g. `INTEGER`.
 */
export function cellOf(type: string, value: string | null): Cell {
  if (value === null) return null;
  switch (type) {
    case "TIMESTAMP":
      return timestamp(BigInt(value));
    case "BOOLEAN":
    case "BOOL":
      return value === "true";
    case "INTEGER":
    case "INT64":
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    case "FLOAT":
    case "FLOAT64":
      // NaN and the infinities are no numbers of JSON.
      return Number.isFinite(Number(value)) ? Number(value) : value;
    case "JSON":
      return json(value);
    default:
      return value;
  }
}

export function cellText(cell: Exclude<Cell, null>): string {
  return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}

function json(value: string): Cell {
  try {
    return JSON.parse(value) as Cell;
  } catch {
    return value;
  }
}

/** @param micros - microseconds since 1970. */
function timestamp(micros: bigint): string {
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  const text = new Date(Number((micros - rest) / 1000n)).toISOString();
  return rest === 0n ? text : text.replace("Z", `${String(rest).padStart(3, "0")}Z`);
}
