import type { ColumnType, TableDefinition } from "../../model/formats/table-definition";
import { dateDays, TIMESTAMP_EXPECTED, timestampMicros } from "./civil-time";
import type { ValueEncoder } from "./value-encoders";

type Partitioning = Pick<NonNullable<TableDefinition["timePartitioning"]>, "type" | "expirationMs">;

/** The times whose partitions take rows, in milliseconds since 1970, and what is said of any other. */
interface Window {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly expected: string;
}

const MS_PER_DAY = 86_400_000;
/** Counting calendar years for every row would cost as much as encoding it. */
const WINDOW_KEPT_MS = 60_000;

/**
 * Encodes a partition column: BigQuery takes a streamed row only when its partition lies between 10 years back and 1 year
 * ahead, and deletes it at once when the partition has expired. An emulator takes any.
 *
 * @see https://cloud.google.com/bigquery/docs/write-api#partitioned_tables
 * @see https://cloud.google.com/bigquery/docs/managing-partitioned-tables#partition-expiration
 */
export function encodeInPartition(
  type: ColumnType,
  encoder: ValueEncoder,
  partitioning: Partitioning,
  options: { readonly now: () => number; readonly partitionExpirationMs?: number | undefined },
): ValueEncoder {
  const window = partitionWindow(partitioning, options);
  if (type === "TIMESTAMP") {
    // The commonest partition column, read once.
    return (out, value) => {
      const micros = timestampMicros(value);
      if (micros === undefined) return TIMESTAMP_EXPECTED;
      const { from, to, expected } = window();
      const ms = Number(micros) / 1000;
      if (ms < from || ms > to) return expected;
      out.int64(micros);
      return undefined;
    };
  }
  return (out, value) => {
    const problem = encoder(out, value);
    if (problem !== undefined) return problem;
    // A DATETIME has no zone; its partition is that of the same reading in UTC.
    const ms =
      type === "DATE" ? Number(dateDays(value)) * MS_PER_DAY : Number(timestampMicros(`${String(value)}Z`)) / 1000;
    const { from, to, expected } = window();
    return ms >= from && ms <= to ? undefined : expected;
  };
}

function partitionWindow(
  { type, expirationMs }: Partitioning,
  { now, partitionExpirationMs }: { readonly now: () => number; readonly partitionExpirationMs?: number | undefined },
): () => Window {
  const expiration = expirationMs === undefined ? partitionExpirationMs : Number(expirationMs);
  let window: Window = { at: Number.NaN, from: 0, to: 0, expected: "" };
  return () => {
    const at = now();
    if (Math.abs(at - window.at) < WINDOW_KEPT_MS) return window;
    const [earliest, to] = [addYears(at, -10), addYears(at, 1)];
    const alive = expiration === undefined ? earliest : firstAlive(at - expiration, type);
    window =
      alive > earliest
        ? {
            at,
            from: alive,
            to,
            expected: `a time from ${new Date(alive).toISOString()} on: BigQuery deletes older partitions of this table`,
          }
        : {
            at,
            from: earliest,
            to,
            expected: "a time from 10 years ago to 1 year ahead, the partitions BigQuery takes streamed rows for",
          };
    return window;
  };
}

/** Start of the oldest partition that ends after a moment: a partition expires that long after its end. */
function firstAlive(ms: number, type: Partitioning["type"]): number {
  const date = new Date(ms);
  if (type === "YEAR") return Date.UTC(date.getUTCFullYear(), 0);
  if (type === "MONTH") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  const length = type === "DAY" ? MS_PER_DAY : 3_600_000;
  return Math.floor(ms / length) * length;
}

function addYears(ms: number, years: number): number {
  return new Date(ms).setUTCFullYear(new Date(ms).getUTCFullYear() + years);
}
