import type { Clock } from "../../../bigquery/clock";
import { MetadataWriteError } from "../../../runtime/errors";
import { RunFinishError } from "../../../runtime/runs/run-update";

export type TableId = "pipeline_runs" | "step_logs" | "dq_results";
type Fate = "acknowledged" | "not-written" | "unknown" | "refused";

/** The column that holds a row's label. */
export const LABEL_COLUMNS: Readonly<Record<TableId, string>> = {
  pipeline_runs: "pipeline_id",
  step_logs: "step_name",
  dq_results: "target_table",
};

export const TABLE_IDS = Object.keys(LABEL_COLUMNS) as readonly TableId[];

/** A row that was given to a logger. */
export interface Sent {
  readonly label: string;
  readonly tableId: TableId;
  readonly tenantId: string;
  /** Rows of one line are written in the order of their places. */
  readonly line: string;
  readonly place: number;
}

/** A run, and how it was said to have ended. */
export interface Ended {
  readonly label: string;
  readonly tenantId: string;
  status: "COMPLETED" | "FAILED" | undefined;
  runId: string | undefined;
}

/** A call that has to settle in time. */
export interface Timed {
  readonly what: string;
  readonly startedAt: number;
  readonly withinMs: number;
  /** Tables whose progress gives it more time. */
  readonly paths: readonly string[];
  settledAt: number | undefined;
}

/** What was given to loggers and what they said of it. */
export class Ledger {
  readonly sent: Sent[] = [];
  readonly runs: Ended[] = [];
  readonly timed: Timed[] = [];
  /** Labels of rows whose call resolved. */
  readonly resolved = new Set<string>();
  /** What was said of rows that are not in their table, by label. */
  readonly reported = new Map<string, Fate>();
  /** Ids of runs whose end is not recorded. */
  readonly unfinished = new Set<string>();
  /** Labels of runs whose pipelines were at work when their logger was closed. */
  readonly cutShort = new Set<string>();
  /** Errors that are none of those a logger throws or reports for rows. */
  readonly others: Error[] = [];
  private places = 0;

  constructor(private readonly clock: Clock) {}

  send(tenantId: string, tableId: TableId, label: string, line: string): string {
    this.sent.push({ label, tableId, tenantId, line, place: this.places++ });
    return label;
  }

  /** Waits for a call, notes when it settled, and what it says of rows. */
  async time<T>(
    what: string,
    withinMs: number,
    work: Promise<T>,
    paths: readonly string[] = [],
  ): Promise<T | undefined> {
    const timed: Timed = { what, startedAt: this.clock.elapsed(), withinMs, paths, settledAt: undefined };
    this.timed.push(timed);
    try {
      return await work;
    } catch (error) {
      this.hear(error);
      return undefined;
    } finally {
      timed.settledAt = this.clock.elapsed();
    }
  }

  /** Takes in what a logger threw or reported. */
  hear(error: unknown): void {
    if (error instanceof AggregateError) for (const each of error.errors) this.hear(each);
    else if (error instanceof MetadataWriteError) {
      const column = LABEL_COLUMNS[error.tableId as TableId];
      const setFate = (row: object, fate: Fate) =>
        this.reported.set(String((row as Record<string, unknown>)[column]), fate);
      for (const { row, outcome } of error.undelivered) setFate(row, outcome);
      for (const { row } of error.rejected) setFate(row, "refused");
    } else if (error instanceof RunFinishError) this.unfinished.add(error.finish.pipelineLoggingId);
    else this.others.push(error as Error);
  }

  fateOf({ label }: Sent): Fate | undefined {
    return this.reported.get(label) ?? (this.resolved.has(label) ? "acknowledged" : undefined);
  }
}
