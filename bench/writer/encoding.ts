import { loadConfig } from "../../model/load-config";
import { RowEncoder } from "../../runtime/encoding/row-encoder";
import { stepRows } from "./rows";

/**
 * Microseconds of processor time that checking and encoding a row of `step_logs` takes: the median of some rounds in this process, and
 * the fastest one, which other work on the machine disturbed least.
 */
export function encodingMicros({ isoTimestamps }: { readonly isoTimestamps: boolean }): {
  readonly median: number;
  readonly fastest: number;
} {
  const definition = loadConfig("configs").definitions.find(({ tableId }) => tableId === "step_logs");
  if (definition === undefined) throw new Error("no definition of step_logs");
  const encoder = new RowEncoder(definition, { tenantId: "acme_retail", now: Date.now });
  const rows = stepRows(20_000).map((row) =>
    isoTimestamps ? { ...row, start_time: iso(row.start_time), end_time: iso(row.end_time) } : row,
  );
  const rounds = Array.from({ length: 15 }, () => {
    // Processor time: the machine may be doing other things as well.
    const start = process.cpuUsage();
    for (const row of rows) {
      if (!(encoder.encode(row) instanceof Uint8Array)) throw new Error("a row was refused");
    }
    const { user, system } = process.cpuUsage(start);
    return (user + system) / rows.length;
  });
  rounds.sort((a, b) => a - b);
  return { median: rounds[7] ?? Number.NaN, fastest: rounds[0] ?? Number.NaN };
}

function iso(value: unknown): string {
  return (value as Date).toISOString();
}
