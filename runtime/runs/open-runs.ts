import type { Clock } from "../../bigquery/clock";
import type { PipelineRun } from "./pipeline-run";
import type { RunFinish } from "./run-update";

/** The runs of a logger that have not ended. */
export class OpenRuns {
  private readonly runs = new Set<PipelineRun>();
  private waiting: (() => void) | undefined;

  get size(): number {
    return this.runs.size;
  }

  has(run: PipelineRun): boolean {
    return this.runs.has(run);
  }

  add(run: PipelineRun): void {
    this.runs.add(run);
  }

  delete(run: PipelineRun): void {
    this.runs.delete(run);
    if (this.runs.size === 0) this.waiting?.();
  }

  /** Resolves when no run is open, or the time is over. */
  async ended(clock: Clock, timeoutMs: number): Promise<void> {
    if (this.runs.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = clock.setTimeout(resolve, timeoutMs);
      this.waiting = () => {
        clock.clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends every open run, with its open steps, as FAILED. @returns the runs' ids, each with what settles when it is recorded. */
  interrupt(reason: string): readonly { readonly id: string; readonly recorded: Promise<void> }[] {
    return [...this.runs].map((run) => ({ id: run.id, recorded: run.interrupt(reason) }));
  }

  /** Ends every open run at once, when nothing can be written any more. @returns the ends, which nobody writes. */
  abandon(reason: string): readonly RunFinish[] {
    const finishes = [...this.runs].map((run) => run.abandon(reason));
    this.runs.clear();
    return finishes;
  }
}
