import type { TenantQueries } from "../../bigquery/tenant-queries";
import { findUnfinishedRuns } from "../../bigquery/sql/runs";
import { UsageError } from "../../model/errors";
import type { Clock } from "../../bigquery/clock";
import { checkOptions } from "../options";
import { type RunFinish, type RunUpdate, statementPieces } from "./run-update";

/** A run that started long ago and has not ended. */
export interface StaleRun {
  /** The run's UUID. */
  readonly pipelineLoggingId: string;
  /** Pipeline's identifier, e.g. `daily_orders`. */
  readonly pipelineId: string;
  /** When it started. */
  readonly startTime: Date;
  /** Worker that ran it, where it was given. */
  readonly workerInstance: string | undefined;
}

/** Which runs count as stale. */
export interface StaleRunsOptions {
  /** Milliseconds since its start after which a run counts as stale; more than the longest run takes. */
  readonly olderThanMs: number;
  /**
   * Milliseconds back that are searched: what the query reads and costs.
   * @default 30 days
   */
  readonly withinMs?: number;
}

const STATEMENT_TIMEOUT_MS = 120_000;

/** @throws {@link UsageError} for options that cannot be used, or would find nothing whatever there is. */
export function checkStaleRuns(given: StaleRunsOptions): Required<StaleRunsOptions> {
  const options = checkOptions("The options for stale runs", (shapes) => shapes.StaleRuns, given);
  if (options.withinMs <= options.olderThanMs) {
    throw new UsageError(
      `withinMs (${options.withinMs}) must be more than olderThanMs (${options.olderThanMs}): runs are searched between the two.`,
    );
  }
  return options;
}

/** Finds runs that are PENDING or RUNNING although they started long ago, oldest first. */
export async function findStaleRuns(
  queries: TenantQueries,
  clock: Clock,
  { olderThanMs, withinMs }: Required<StaleRunsOptions>,
): Promise<readonly (StaleRun & { readonly startMicros: number })[]> {
  const now = clock.now();
  const { rows } = await queries.run(findUnfinishedRuns(queries.tenant), {
    from: String((now - withinMs) * 1000),
    to: String((now - olderThanMs) * 1000),
  });
  return rows.map((row) => ({
    pipelineLoggingId: row["pipeline_logging_id"] ?? "",
    pipelineId: row["pipeline_id"] ?? "",
    startTime: new Date(Number(row["start_micros"]) / 1000),
    startMicros: Number(row["start_micros"]),
    workerInstance: row["worker_instance"] ?? undefined,
  }));
}

/** Marks stale runs FAILED, some hundred at a time, unless they end at this very moment; returns those it found. */
export async function failStaleRuns(
  queries: TenantQueries,
  clock: Clock,
  update: RunUpdate,
  options: Required<StaleRunsOptions>,
): Promise<readonly StaleRun[]> {
  const stale = await findStaleRuns(queries, clock, options);
  const now = clock.now() * 1000;
  const finishes = stale.map(({ pipelineLoggingId, startMicros }): RunFinish => ({
    pipelineLoggingId,
    startMicros,
    status: "FAILED",
    // The clock of the process that started it may be ahead.
    endMicros: Math.max(now, startMicros),
    errorMessage: `The run did not end within ${options.olderThanMs} ms of its start; its process is assumed dead.`,
  }));
  for (const piece of statementPieces(finishes, (finish) => finish)) {
    await update.apply(piece, queries.deadline(STATEMENT_TIMEOUT_MS), { onlyUnfinished: true });
  }
  return stale;
}
