import { setImmediate } from "node:timers/promises";
import type { Clock, Timer } from "../../bigquery/clock";
import { DeadlineError, UsageError } from "../../model/errors";
import type { OpenRuns } from "../runs/open-runs";
import { notFinished, type RunFinisher } from "../runs/run-finisher";
import type { FailureHandler } from "./failure-handler";
import { type Closable, unwatchProcess, watchProcess } from "./process-end";
import type { TenantTables } from "./tenant-tables";

/** What is closed, and how long it may take. */
interface ClosingParts {
  readonly tenantId: string;
  readonly clock: Clock;
  /** Milliseconds that open runs have to end. */
  readonly graceMs: number;
  /** Milliseconds that the delivery of a row may take. */
  readonly deliveryMs: number;
  readonly openRuns: OpenRuns;
  readonly tables: TenantTables;
  readonly finisher: RunFinisher;
  readonly failures: FailureHandler;
  /** Everything that has not settled. */
  readonly underWay: ReadonlySet<Promise<unknown>>;
  /** Keeps what an error hands back, where there is a place for it. */
  readonly keep: (error: unknown) => void;
}

/** The part of the time that runs get at most; the rest is for what they leave to be delivered. */
const GRACE_SHARE = 0.7;
/** Longest wait for connections to agree that they are over. */
const MAX_CLOSING_MS = 400;

/** The end of a logger: however it comes, every run has one, and every row is in its table or handed back. */
export class Closing implements Closable {
  private result: Promise<void> | undefined;
  private isOver = false;

  constructor(private readonly parts: ClosingParts) {}

  get hasBegun(): boolean {
    return this.result !== undefined;
  }

  /** Has the end of the process looked after, from the first row on. */
  watchProcess(): void {
    watchProcess(this);
  }

  /** @throws what no caller has received, when that is the policy. */
  async close({ timeoutMs }: { readonly timeoutMs?: number | undefined }, by = "close()"): Promise<void> {
    const { graceMs, deliveryMs } = this.parts;
    this.result ??= this.shutDown(graceMs, timeoutMs ?? graceMs + deliveryMs, by);
    return this.result;
  }

  async closeForSignal(signal: string, timeoutMs: number): Promise<void> {
    await this.close({ timeoutMs }, signal).catch((error: unknown) => this.parts.failures.report(error as Error));
  }

  /** Nothing else can happen in this process: what is open stays so, unless it is ended here. */
  async closeForgotten(): Promise<void> {
    const { tenantId, openRuns, failures, deliveryMs } = this.parts;
    const runs = openRuns.size === 1 ? "1 run was" : `${openRuns.size} runs were`;
    failures.report(
      new UsageError(
        `The process ended without close() of the logger of ${tenantId}; ${runs} not finished. Fix: await logger.close() on every ` +
          "way out, for example with `await using`.",
      ),
    );
    this.result ??= this.shutDown(0, deliveryMs, "the end of the process");
    await this.result.catch((error: unknown) => failures.report(error as Error));
  }

  /** Hands back what is still on its way, at once: the process is about to be gone. */
  abandon(by: string): void {
    if (this.isOver) return;
    this.isOver = true;
    const { tables, finisher, failures, openRuns, keep } = this.parts;
    const cause = new DeadlineError(`The process was ended by ${by} before this was delivered`);
    const unfinished = openRuns.abandon(`interrupted by ${by}`).map((finish) => notFinished(finish, cause));
    for (const error of [...tables.handBack(cause), ...finisher.giveUp(cause), ...unfinished]) {
      keep(error);
      failures.report(error);
    }
    failures.reportAllPending();
  }

  private async shutDown(graceMs: number, timeoutMs: number, by: string): Promise<void> {
    const { clock, openRuns, tables, finisher, failures } = this.parts;
    const deadline = clock.elapsed() + timeoutMs;
    await openRuns.ended(clock, Math.min(graceMs, timeoutMs * GRACE_SHARE));
    for (const { id } of openRuns.interrupt(`interrupted by ${by}`)) {
      failures.add(new UsageError(`Run ${id} had not ended; it is recorded as FAILED: interrupted by ${by}.`));
    }
    if (!(await withinTime(clock, this.settle(), deadline - clock.elapsed()))) {
      const cause = new DeadlineError(
        `The logger was closed by ${by}, and this was not delivered within ${timeoutMs} ms`,
      );
      tables.handBack(cause);
      finisher.giveUp(cause);
      await withinTime(clock, this.settle(), MAX_CLOSING_MS);
    }
    await withinTime(clock, tables.close(), MAX_CLOSING_MS);
    this.isOver = true;
    unwatchProcess(this);
    failures.throwAllPending();
  }

  private async settle(): Promise<void> {
    const { tables, underWay } = this.parts;
    // What settles may have something follow, such as a row that waited for room, or the end of a run after its rows.
    do {
      tables.sendNow();
      await Promise.allSettled(underWay);
      await setImmediate();
    } while (underWay.size > 0);
  }
}

/** Whether something is done before the time is over. */
async function withinTime(clock: Clock, work: Promise<void>, ms: number): Promise<boolean> {
  let timer: Timer | undefined;
  const over = new Promise<false>((resolve) => {
    timer = clock.setTimeout(() => resolve(false), Math.max(0, ms));
  });
  try {
    return await Promise.race([work.then(() => true), over]);
  } finally {
    clock.clearTimeout(timer);
  }
}
