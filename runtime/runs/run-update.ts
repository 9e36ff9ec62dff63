import { RemoteError } from "../../model/errors";
import type { Deadline } from "../../bigquery/deadline";
import { MAX_PARAMETER_BYTES, pieces, requestBytes } from "../../bigquery/pieces";
import { findFinishedRuns, finishRuns } from "../../bigquery/sql/runs";
import type { DmlQueue } from "./dml-queue";
import type { TenantQueries } from "../../bigquery/tenant-queries";

/** How a run ended. */
export interface RunFinish {
  /** The run's UUID. */
  readonly pipelineLoggingId: string;
  /** The run's partition: microseconds since 1970. */
  readonly startMicros: number;
  /** How it ended. */
  readonly status: "COMPLETED" | "FAILED";
  /** Microseconds since 1970. */
  readonly endMicros: number;
  /** Absent when the run's end was not witnessed. */
  readonly durationMs?: number;
  /** Why it failed; private to the tenant. */
  readonly errorMessage?: string;
}

/**
 * A run's end is not in the table; `finish` is what was to be written.
 *
 * @example
 * ```ts
 * import { MetadataLogger, RunFinishError, type RuntimeContext } from "tenant-metadata/runtime";
 *
 * export function loggerOf(context: RuntimeContext): MetadataLogger {
 *   return new MetadataLogger(context, "acme_retail", {
 *     onError: (error) => {
 *       if (error instanceof RunFinishError) console.error(error.finish.pipelineLoggingId, error.finish.status);
 *       else console.error(error.message);
 *     },
 *   });
 * }
 * ```
 */
export class RunFinishError extends RemoteError {
  /** File of the logger's `spool` in which the end is kept for a replay. */
  spooledTo?: string;
  /** The table was asked, and has no row of the run. */
  readonly hasNoRun: boolean;
  readonly #finish: RunFinish;

  constructor(
    finish: RunFinish,
    reason: string,
    { hasNoRun = false, ...options }: ErrorOptions & { readonly hasNoRun?: boolean } = {},
  ) {
    super(`The end of run ${finish.pipelineLoggingId} (${finish.status}) is not recorded: ${reason}`, options);
    this.hasNoRun = hasNoRun;
    this.#finish = finish;
  }

  /** Behind a getter, so that logging the error does not log the run's own error message. */
  get finish(): RunFinish {
    return this.#finish;
  }
}

/** Runs that one statement finishes. */
export const MAX_RUNS = 500;

/** Cuts ends of runs into what one statement takes, by number and by bytes. */
export function statementPieces<T>(ends: readonly T[], finishOf: (end: T) => RunFinish): readonly (readonly T[])[] {
  const sizeOf = (end: T) => requestBytes(finishOf(end));
  return pieces(ends, { maxCount: MAX_RUNS, maxSize: MAX_PARAMETER_BYTES, sizeOf });
}

/** Writes the ends of runs into their rows with one UPDATE, which reads the runs' partitions only. */
export class RunUpdate {
  constructor(
    private readonly queries: TenantQueries,
    private readonly dml: DmlQueue,
  ) {}

  /**
   * Records the ends of at least one run, of one of the {@link statementPieces}. Running it twice changes nothing more.
   *
   * @param onlyUnfinished - leaves runs alone that have an end already.
   * @returns ids of the runs that have no row.
   */
  async apply(
    finishes: readonly RunFinish[],
    deadline: Deadline,
    { onlyUnfinished }: { readonly onlyUnfinished: boolean },
  ): Promise<ReadonlySet<string>> {
    const starts = finishes.map(({ startMicros }) => startMicros);
    const parameters = {
      finishes: JSON.stringify(finishes),
      earliest: String(Math.min(...starts)),
      latest: String(Math.max(...starts)),
    };
    const { affectedRows } = await this.dml.run(deadline, async () =>
      this.queries.run(finishRuns(this.queries.tenant, { onlyUnfinished }), parameters, deadline),
    );
    if (affectedRows >= finishes.length || onlyUnfinished) return new Set();
    const { rows } = await this.queries.run(findFinishedRuns(this.queries.tenant), parameters, deadline);
    const found = new Set(rows.map(({ id }) => id));
    return new Set(finishes.map(({ pipelineLoggingId }) => pipelineLoggingId).filter((id) => !found.has(id)));
  }
}
