import { UsageError } from "../../model/errors";
import { show } from "../../model/problems";
import type { ResolvedTenant } from "../../model/resolve";
import { TenantQueries } from "../../bigquery/tenant-queries";
import type { Clock } from "../../bigquery/clock";
import type { QueryParameters } from "../../bigquery/query-messages";
import { DEFAULT_RETRY } from "../../bigquery/retry";
import { describeReceived } from "../encoding/describe-received";
import { leaveOutUnfit } from "../encoding/fitting-row";
import { LostValueError, MetadataWriteError } from "../errors";
import { checkOptions } from "../options";
import type { MetadataRows } from "../row-types.generated";
import { DmlQueue } from "../runs/dml-queue";
import { OpenRuns } from "../runs/open-runs";
import { PipelineRun, type QueuedRunRow, type RunServices } from "../runs/pipeline-run";
import { RunFinisher } from "../runs/run-finisher";
import type { StartRunOptions } from "../runs/run-options";
import { RunUpdate } from "../runs/run-update";
import { RUNS_TABLE } from "../../model/names";
import { checkStaleRuns, failStaleRuns, findStaleRuns, type StaleRun, type StaleRunsOptions } from "../runs/stale-runs";
import { Spooling } from "../spool/spooling";
import { Closing } from "./closing";
import { type RuntimeContext, tenantOf } from "./context";
import { FailureHandler } from "./failure-handler";
import type { CloseOptions, MetadataLoggerOptions, SignalOptions } from "./logger-options";
import { closeOnSignals } from "./process-end";
import { TenantTables } from "./tenant-tables";

/** A row of the table `T`: of its own type for the four tables, of any columns for others. */
export type RowOf<T extends string> = T extends keyof MetadataRows
  ? MetadataRows[T]
  : Readonly<Record<string, unknown>>;

/**
 * Logs what the pipelines of one tenant do. Keep one for each tenant and process, and close it at the end.
 *
 * Delivery: exactly once within the process, in order for each table, retried for two minutes by default. Rows that were
 * not delivered by then are handed back, never dropped.
 *
 * @example
 * ```ts
 * import { loadConfig, MetadataLogger, runtimeContext } from "tenant-metadata/runtime";
 *
 * export async function nightly(loadOrders: () => Promise<number>): Promise<void> {
 *   const context = runtimeContext({ config: loadConfig("configs"), environment: "prod" });
 *   await using logger = new MetadataLogger(context, "acme_retail");
 *   const options = { pipelineId: "daily_orders", triggerType: "scheduler", triggerBy: "scheduler@example.com" } as const;
 *   await logger.withRun(options, async (run) =>
 *     run.step({ stepName: "load_orders", stepType: "bigquery_to_bigquery" }, async (step) => {
 *       step.rowsProcessed = await loadOrders();
 *     }),
 *   );
 * }
 * ```
 */
export class MetadataLogger implements AsyncDisposable {
  private readonly tenant: ResolvedTenant;
  private readonly clock: Clock;
  private readonly failures: FailureHandler;
  private readonly tables: TenantTables;
  private readonly dmlQueues = new Map<string, DmlQueue>();
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly openRuns = new OpenRuns();
  /** @internal */
  readonly queries: TenantQueries;
  private readonly spooling: Spooling;
  private readonly runUpdate: RunUpdate;
  private readonly runServices: RunServices;
  private readonly closing: Closing;

  /** @throws {@link UsageError} for a tenant the environment lacks, options that cannot be used, or a spool that cannot be written to. */
  constructor(
    context: RuntimeContext,
    /** The tenant whose rows it writes, e.g. `acme_retail`. */
    readonly tenantId: string,
    options: MetadataLoggerOptions = {},
  ) {
    const {
      onFailure,
      onError,
      graceMs,
      spool,
      replaySpool: replays,
      ...rest
    } = checkOptions("The options of a MetadataLogger", ({ Logger }) => Logger, options);
    if (replays && spool === undefined) {
      throw new UsageError(
        "The options of a MetadataLogger cannot be used:\n  replaySpool: true needs the folder, `spool`.",
      );
    }
    this.tenant = tenantOf(context, tenantId);
    this.clock = context.connection.clock;
    this.failures = new FailureHandler(onFailure, onError);
    this.tables = new TenantTables(context, this.tenant, rest);
    this.spooling = new Spooling(context, this.tenant, this.tables, this.failures, spool);
    this.queries = new TenantQueries(context.connection.rest, this.tenant);
    this.runUpdate = new RunUpdate(this.queries, this.dmlQueue(RUNS_TABLE));
    const finisher = new RunFinisher(this.runUpdate, this.clock, rest.delivery.retry.deadlineMs);
    this.closing = new Closing({
      tenantId,
      clock: this.clock,
      graceMs,
      deliveryMs: rest.delivery.retry.deadlineMs,
      openRuns: this.openRuns,
      tables: this.tables,
      finisher,
      failures: this.failures,
      underWay: this.underWay,
      keep: (error) => this.spooling.keep(error),
    });
    this.runServices = {
      clock: this.clock,
      queue: async (tableId, row, run, isStart) => this.queueRow(tableId, row, run, isStart === true),
      sendNow: () => this.tables.sendNow(),
      finish: async (finish) => this.track(finisher.finish(finish)),
      ended: (run) => this.openRuns.delete(run),
      watch: async (recorded) => this.failures.watch(this.spooling.kept(recorded)),
      add: (error) => this.failures.add(error),
      refuse: (error) => this.failures.refuse(error),
      throwPending: (errors) => this.failures.throwPending(errors),
    };
    if (replays) void this.track(this.spooling.replay());
  }

  /**
   * Writes rows of any table that has a definition. Resolves when all are in the table.
   *
   * @throws {@link MetadataWriteError} with the rows that are not, and why; the others are written.
   * @throws {@link UsageError} for a table without a definition, or a closed logger.
   */
  async insert<T extends string>(tableId: T, rows: readonly RowOf<T>[]): Promise<void> {
    if (this.closing.hasBegun) throw this.closedError();
    if (!Array.isArray(rows)) {
      throw new UsageError(
        `insert takes an array of rows; received ${describeReceived(rows)}. Fix: insert(${show(tableId)}, [row]).`,
      );
    }
    const { channel } = this.tables.get(tableId);
    this.closing.watchProcess();
    return this.track(this.spooling.kept(channel.insert(rows)));
  }

  /**
   * Starts a run: its row is queued as RUNNING. Finish it with `complete` or `fail`.
   *
   * @throws {@link MetadataWriteError} for a value that does not fit, with the policy `throw`: nothing is logged then.
   * @throws {@link UsageError} for options that are not known, or a pipeline, trigger or its author that is missing or of a wrong type.
   */
  async startRun(options: StartRunOptions): Promise<PipelineRun> {
    return PipelineRun.start(this.runServices, this.tenantId, options);
  }

  /**
   * Starts a run, calls `body`, and finishes the run whatever happens; a `body` that finishes it itself has the last word.
   *
   * @returns what `body` returns.
   * @throws what `body` throws; what goes wrong with logging that is reported then, so that it does not hide the cause.
   */
  async withRun<T>(options: StartRunOptions, body: (run: PipelineRun) => T | Promise<T>): Promise<T> {
    const run = await this.startRun(options);
    let result: T;
    try {
      result = await body(run);
    } catch (error) {
      await (run.ending ?? run.fail(error)).catch((failure: unknown) => this.failures.report(failure as Error));
      throw error;
    }
    await (run.ending ?? run.complete());
    return result;
  }

  /** Runs that started long ago and have not ended; their processes may be dead, or slow. Oldest first. */
  async findStaleRuns(options: StaleRunsOptions): Promise<readonly StaleRun[]> {
    return findStaleRuns(this.queries, this.clock, checkStaleRuns(options));
  }

  /** Marks stale runs FAILED, with a message that says so. @returns the runs it found. */
  async failStaleRuns(options: StaleRunsOptions): Promise<readonly StaleRun[]> {
    return failStaleRuns(this.queries, this.clock, this.runUpdate, checkStaleRuns(options));
  }

  /**
   * Resolves when everything logged so far is in its table, or known not to be.
   *
   * @throws what could not be logged, when the policy is `throw`.
   */
  async flush(): Promise<void> {
    this.tables.sendNow();
    await Promise.allSettled(this.underWay);
    this.failures.throwAllPending();
  }

  /**
   * Delivers what was logged and closes all connections, so that the process can exit. Calling it again does nothing more.
   *
   * From the call on no run starts and `insert` refuses rows. Runs under way may end, for a grace of 20 seconds by default; then
   * their open steps and they themselves are recorded as FAILED, and reported. What is not delivered when the time is over is
   * handed back.
   *
   * @throws as `flush`.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    return this.closing.close(checkOptions("The options of close", ({ Close }) => Close, options));
  }

  /** Closes the logger at the end of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /**
   * Closes the logger when the process is told to end, then lets the signal end it. Signals that come within
   * a second are one; a later one hands everything on its way back, to `onError` and the spool, and ends the process at once.
   *
   * @param signals - @default SIGTERM and SIGINT
   * @returns a function that takes the handlers away again.
   */
  closeOnSignals(signals: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT"], options: SignalOptions = {}): () => void {
    const { timeoutMs } = checkOptions("The options of closeOnSignals", ({ OnSignals }) => OnSignals, options);
    return closeOnSignals(
      this.closing,
      checkOptions("The signals of closeOnSignals", (shapes) => shapes.Signals, signals),
      timeoutMs,
    );
  }

  /** @internal Changes rows of a table, after the changes asked for before. @returns how many. */
  async change(tableId: string, sql: string, parameters: QueryParameters): Promise<number> {
    const deadline = this.queries.deadline(DEFAULT_RETRY.deadlineMs);
    const { affectedRows } = await this.dmlQueue(tableId).run(deadline, async () =>
      this.queries.run(sql, parameters, deadline),
    );
    return affectedRows;
  }

  /** Throws only what is wrong with the start of a run, when that is the policy; all else is the row's failure. */
  private async queueRow(tableId: string, row: object, run: PipelineRun, isStart: boolean): Promise<QueuedRunRow> {
    try {
      if (isStart ? this.closing.hasBegun : !this.openRuns.has(run)) throw this.closedError();
      const { channel, encoder } = this.tables.get(tableId);
      const { row: fitting, problems, refused } = leaveOutUnfit(encoder, row);
      if (isStart && this.failures.policy === "throw" && problems.length + refused.length > 0) {
        throw new MetadataWriteError(tableId, [{ rowIndex: 0, row, problems: [...problems, ...refused] }], []);
      }
      if (isStart) {
        this.openRuns.add(run);
        this.closing.watchProcess();
      }
      const isLossy = problems.length > 0 && refused.length === 0;
      // Queued before anything is awaited: nothing of a process that ends now comes to the next line.
      const delivered = this.failures.watch(this.track(this.spooling.kept(channel.insert([fitting]))));
      delivered.catch(() => undefined);
      await this.track(channel.notFull());
      return { delivered, ...(isLossy ? { lost: new LostValueError(tableId, problems) } : {}) };
    } catch (error) {
      if (isStart) this.failures.refuse(error as Error);
      return {
        delivered: isStart ? Promise.reject(error) : this.failures.watch(Promise.reject(error)),
      };
    }
  }

  private dmlQueue(tableId: string): DmlQueue {
    const known = this.dmlQueues.get(tableId);
    if (known !== undefined) return known;
    const queue = new DmlQueue();
    this.dmlQueues.set(tableId, queue);
    return queue;
  }

  private async track<T>(promise: Promise<T>): Promise<T> {
    this.underWay.add(promise);
    try {
      return await promise;
    } finally {
      this.underWay.delete(promise);
    }
  }

  private closedError(): UsageError {
    return new UsageError(`The logger of ${this.tenantId} is closed. Log before close(), or make another logger.`);
  }
}
