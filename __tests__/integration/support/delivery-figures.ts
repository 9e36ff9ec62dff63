import { MetadataWriteError } from "../../../runtime/errors";
import type { RuntimeContext } from "../../../runtime/logger/context";
import { select, stepRow } from "./contexts";

/** What became of the rows of one scenario. */
export interface Figures {
  readonly faults: number;
  readonly sent: number;
  readonly acknowledged: number;
  /** Handed back to the caller. */
  readonly returned: number;
  /** Different rows in the table. */
  readonly found: number;
  /** Acknowledged and not in the table. */
  readonly lost: number;
  /** In the table more than once. */
  readonly doubled: number;
  /** Handed back as certainly not written, and in the table. */
  readonly wronglyReturned: number;
}

/** Counts rows of `step_logs` on their way. */
export class DeliveryFigures {
  readonly sent = new Set<string>();
  readonly acknowledged = new Set<string>();
  readonly returned = new Map<string, "not-written" | "unknown">();
  private next = 0;

  /** Sends new rows in one call and notes what is said of them. */
  async send(insert: (rows: readonly ReturnType<typeof stepRow>[]) => Promise<void>, count: number): Promise<void> {
    const rows = Array.from({ length: count }, () => stepRow(`row-${this.next++}`));
    for (const row of rows) this.sent.add(row.step_logging_id);
    const returned = new Set<object>();
    await insert(rows).catch((error: unknown) => {
      if (!(error instanceof MetadataWriteError)) throw error;
      for (const { row, outcome } of error.undelivered) {
        returned.add(row);
        this.returned.set((row as { step_logging_id: string }).step_logging_id, outcome);
      }
    });
    for (const row of rows) if (!returned.has(row)) this.acknowledged.add(row.step_logging_id);
  }

  /** Compares what was said with what is in the table. */
  async compare(context: RuntimeContext, faults: number): Promise<Figures> {
    const rows = await select(
      context,
      "SELECT step_logging_id AS id, COUNT(*) AS times FROM `{dataset}.step_logs` GROUP BY id",
    );
    const found = new Set(rows.map(({ id }) => id ?? ""));
    return {
      faults,
      sent: this.sent.size,
      acknowledged: this.acknowledged.size,
      returned: this.returned.size,
      found: found.size,
      lost: [...this.acknowledged].filter((id) => !found.has(id)).length,
      doubled: rows.filter(({ times }) => times !== "1").length,
      wronglyReturned: [...this.returned].filter(([id, outcome]) => outcome === "not-written" && found.has(id)).length,
    };
  }
}
