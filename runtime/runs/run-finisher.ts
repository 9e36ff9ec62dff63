import { type Clock, sleep } from "../../bigquery/clock";
import { Deadline } from "../../bigquery/deadline";
import { DeadlineError } from "../../model/errors";
import { errorMessage } from "./error-message";
import { MAX_RUNS, type RunFinish, RunFinishError, type RunUpdate, statementPieces } from "./run-update";

interface Waiting {
  readonly finish: RunFinish;
  readonly deadline: Deadline;
  readonly resolve: () => void;
  readonly reject: (error: RunFinishError) => void;
}

/** Milliseconds in which runs that end together become one statement. */
const GATHER_MS = 50;

/** Finishes runs with as few UPDATE statements as possible: those that end while one is running share the next. */
export class RunFinisher {
  private readonly waiting: Waiting[] = [];
  private worker: Promise<void> | undefined;
  private updating: readonly Waiting[] = [];
  private gaveUpFor: Error | undefined;

  constructor(
    private readonly update: RunUpdate,
    private readonly clock: Clock,
    /** Milliseconds that writing an end may take. */
    private readonly deadlineMs: number,
  ) {}

  /**
   * Resolves when the run's row says how it ended.
   *
   * @throws {@link RunFinishError} when that did not work in time, or the run has no row.
   */
  async finish(finish: RunFinish): Promise<void> {
    if (this.gaveUpFor !== undefined) throw notFinished(finish, this.gaveUpFor);
    const deadline = Deadline.after(this.clock, this.deadlineMs);
    const done = new Promise<void>((resolve, reject) => {
      this.waiting.push({ finish, deadline, resolve, reject });
    });
    this.worker ??= this.work();
    await done;
  }

  /** Gives up every end that is not written, and any that comes. @returns those that were waiting. */
  giveUp(cause: Error): readonly RunFinishError[] {
    this.gaveUpFor = cause;
    const all = [...this.updating, ...this.waiting.splice(0)];
    for (const { deadline } of all) deadline.end();
    return all.map(({ finish, reject }) => {
      const error = notFinished(finish, cause);
      reject(error);
      return error;
    });
  }

  private async work(): Promise<void> {
    await sleep(this.clock, GATHER_MS);
    while (this.waiting.length > 0) {
      const [group = []] = statementPieces(this.waiting.slice(0, MAX_RUNS), ({ finish }) => finish);
      await this.finishAll(this.waiting.splice(0, group.length));
    }
    this.worker = undefined;
  }

  private async finishAll(group: readonly Waiting[]): Promise<void> {
    this.updating = group;
    try {
      const missing = await this.update.apply(
        group.map(({ finish }) => finish),
        // They came in this order.
        group[0]!.deadline,
        { onlyUnfinished: false },
      );
      for (const { finish, resolve, reject } of group) {
        if (missing.has(finish.pipelineLoggingId))
          reject(new RunFinishError(finish, "the table has no such run", { hasNoRun: true }));
        else resolve();
      }
    } catch (error) {
      const hasTime = (end: Waiting) => error instanceof DeadlineError && !end.deadline.isOver;
      for (const end of group) if (!hasTime(end)) end.reject(notFinished(end.finish, error));
      this.waiting.unshift(...group.filter(hasTime));
    }
    this.updating = [];
  }
}

/** The error of an end that is not written. */
export function notFinished(finish: RunFinish, cause: unknown): RunFinishError {
  return new RunFinishError(finish, cause instanceof Error ? cause.message : errorMessage(cause), { cause });
}
