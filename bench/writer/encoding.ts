import { loadConfig } from "../../model/load-config";
import { arrowRows } from "../../runtime/delivery/row-format";
import { RowEncoder } from "../../runtime/encoding/row-encoder";
import { BATCH_ROWS } from "./contenders";
import { stepRows } from "./rows";

/**
 * Microseconds of processor time that a row of `step_logs` takes from the caller's object to the request: it is checked,
 * encoded, and laid out by column with the others of its batch. Median of some rounds, in this process.
 */
export function encodingMicros({ isoTimestamps }: { readonly isoTimestamps: boolean }): number {
  const definition = loadConfig("configs").definitions.find(({ tableId }) => tableId === "step_logs");
  if (definition === undefined) throw new Error("no definition of step_logs");
  const format = arrowRows(definition.schema.fields, BATCH_ROWS.ours);
  if (format === undefined) throw new Error("step_logs is not sent by column");
  const encoder = new RowEncoder(definition, { tenantId: "acme_retail", now: Date.now });
  const rows = stepRows(20_000).map((row) =>
    isoTimestamps ? { ...row, start_time: iso(row.start_time), end_time: iso(row.end_time) } : row,
  );
  const rounds = Array.from({ length: 15 }, () => {
    // Processor time: the machine may be doing other things as well.
    const start = process.cpuUsage();
    for (let first = 0; first < rows.length; first += BATCH_ROWS.ours) {
      const batch = rows.slice(first, first + BATCH_ROWS.ours).map((row) => {
        const encoded = encoder.encode(row);
        if (encoded instanceof Uint8Array) return encoded;
        throw new Error("a row was refused");
      });
      format(batch, false);
    }
    const { user, system } = process.cpuUsage(start);
    return (user + system) / rows.length;
  });
  return rounds.sort((a, b) => a - b)[7] ?? Number.NaN;
}

function iso(value: unknown): string {
  return (value as Date).toISOString();
}
