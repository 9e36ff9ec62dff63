import { setImmediate } from "node:timers/promises";
import { UsageError } from "../../model/errors";
import type { ResolvedTenant } from "../../model/resolve";
import { definitionOf, type RuntimeContext, tenantOf } from "./context";
import { DEFAULT_DELIVERY, type DeliveryOptions } from "../delivery/batch-options";
import { RowQueue } from "../delivery/row-queue";
import { TableChannel } from "../delivery/table-channel";
import { TableWriter } from "../delivery/table-writer";
import { DmlQueue } from "../runs/dml-queue";
import { RowEncoder } from "../encoding/row-encoder";
import { FailureHandler, type FailurePolicy } from "./failure-handler";
import { closeOnSignals } from "./close-on-signals";
import { TableCare } from "../tables/table-care";
import { TenantQueries } from "../../bigquery/tenant-queries";
import type { QueryParameters } from "../../bigquery/rest-client";
import type { MetadataRows } from "../row-types.generated";
import { PipelineRun, type RunServices, type StartRunOptions } from "../runs/pipeline-run";
import { RunFinisher } from "../runs/run-finisher";
import { RunUpdate, RUNS_TABLE } from "../runs/run-update";
import { failStaleRuns, findStaleRuns, type StaleRun, type StaleRunsOptions } from "../runs/stale-runs";

export interface MetadataLoggerOptions {
  /**
   * What happens when something a run logged is not in its table.
   *
   * - `report`: {@link onError} is called; no method of a run throws for it, so logging cannot take a pipeline down.
   * - `throw`: `run.complete()`, `run.fail()`, `flush()` or `close()` rejects with it, whichever comes first.
   *
   * `insert` rejects in either case.
   * @default "report"
   */
  readonly onFailure?: FailurePolicy;
  /**
   * Receives what could not be logged, a `MetadataWriteError` or `RunFinishError` with the rows in it.
   * @default a process warning without the rows' content
   */
  readonly onError?: (error: Error) => void;
  /**
   * Creates the tenant's dataset and tables when the first row finds them missing.
   * @default true
   */
  readonly createTables?: boolean;
  readonly delivery?: Partial<DeliveryOptions>;
}

type RowOf<T extends string> = T extends keyof MetadataRows ? MetadataRows[T] : Readonly<Record<string, unknown>>;

/**
 * Logs what the pipelines of one tenant do. Keep one for each tenant and process, and close it at the end.
 *
 * Delivery: exactly once within the process, in order for each table, retried for two minutes by default. Rows that were
 * not delivered by then are handed back, never dropped.
 */
export class MetadataLogger implements AsyncDisposable {
  private readonly tenant: ResolvedTenant;
  private readonly delivery: DeliveryOptions;
  private readonly failures: FailureHandler;
  private readonly care: TableCare;
  private readonly channels = new Map<string, { readonly channel: TableChannel; readonly writer: TableWriter }>();
  private readonly dmlQueues = new Map<string, DmlQueue>();
  private readonly underWay = new Set<Promise<unknown>>();
  /** @internal */
  readonly queries: TenantQueries;
  private readonly runUpdate: RunUpdate;
  private readonly runServices: RunServices;
  private closing: Promise<void> | undefined;

  /** @throws {@link UsageError} for a tenant the environment lacks. */
  constructor(
    private readonly context: RuntimeContext,
    readonly tenantId: string,
    { onFailure = "report", onError, createTables = true, delivery }: MetadataLoggerOptions = {},
  ) {
    this.tenant = tenantOf(context, tenantId);
    this.delivery = { ...DEFAULT_DELIVERY, ...delivery };
    this.failures = new FailureHandler(onFailure, onError);
    this.care = new TableCare(context, tenantId, createTables);
    this.queries = new TenantQueries(context.connection.rest, this.tenant);
    this.runUpdate = new RunUpdate(this.queries, this.dmlQueue(RUNS_TABLE));
    const finisher = new RunFinisher(this.runUpdate, context.connection.clock);
    this.runServices = {
      queue: async (tableId, row) => this.queueRow(tableId, row),
      hurry: () => this.hurry(),
      finish: async (finish) => this.track(finisher.finish(finish)),
      note: async (recorded) => this.failures.note(recorded),
      handle: (errors) => this.failures.handle(errors),
    };
  }

  /**
   * Writes rows of any table that has a definition. Resolves when all are in the table.
   *
   * @throws {@link MetadataWriteError} with the rows that are not, and why; the others are written.
   * @throws {@link UsageError} for a table without a definition, or a closed logger.
   */
  async insert<T extends string>(tableId: T, rows: readonly RowOf<T>[]): Promise<void> {
    this.assertOpen();
    return this.track(this.channel(tableId).insert(rows));
  }

  /** Starts a run: its row is queued as RUNNING. Finish it with `complete` or `fail`. */
  async startRun(options: StartRunOptions): Promise<PipelineRun> {
    return PipelineRun.start(this.runServices, this.tenantId, options);
  }

  /**
   * Starts a run, carries out `body`, and finishes the run whatever happens.
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
      await run.fail(error).catch((failure: unknown) => this.failures.report(failure as Error));
      throw error;
    }
    await run.complete();
    return result;
  }

  /** Runs that started long ago and have not ended; their processes may be dead, or slow. Oldest first. */
  async findStaleRuns(options: StaleRunsOptions): Promise<readonly StaleRun[]> {
    return findStaleRuns(this.queries, options);
  }

  /** Marks stale runs FAILED, with a message that says so. @returns the runs it found. */
  async failStaleRuns(options: StaleRunsOptions): Promise<readonly StaleRun[]> {
    return failStaleRuns(this.queries, this.runUpdate, options);
  }

  /**
   * Resolves when everything logged so far is in its table, or known not to be.
   *
   * @throws what could not be logged, when the policy is `throw`.
   */
  async flush(): Promise<void> {
    await this.settle();
    this.failures.handleAll();
  }

  /**
   * Delivers what was logged and closes all connections, so that the process can exit. Takes at most the delivery's
   * deadline, and two minutes more where runs are being finished. Calling it again does nothing more.
   *
   * @throws as {@link flush}.
   */
  async close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /**
   * Closes the logger when the process is told to end, then lets the signal end it.
   *
   * @param signals - @default SIGTERM and SIGINT
   * @returns a function that takes the handlers away again.
   */
  closeOnSignals(signals: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT"]): () => void {
    return closeOnSignals(
      async () => this.close(),
      signals,
      (error) => this.failures.report(error),
    );
  }

  /** @internal Changes rows of a table, after the changes asked for before. @returns how many. */
  async change(tableId: string, sql: string, parameters: QueryParameters): Promise<number> {
    const { affectedRows } = await this.dmlQueue(tableId).run(async () => this.queries.run(sql, parameters));
    return affectedRows;
  }

  /** Never throws: whatever is wrong is the row's failure, and dealt with as the policy says. */
  private async queueRow(tableId: string, row: object): Promise<{ readonly delivered: Promise<void> }> {
    try {
      this.assertOpen();
      const channel = this.channel(tableId);
      await this.track(channel.room());
      return { delivered: this.failures.note(this.track(channel.insert([row]))) };
    } catch (error) {
      return { delivered: this.failures.note(Promise.reject(error)) };
    }
  }

  private channel(tableId: string): TableChannel {
    const known = this.channels.get(tableId);
    if (known !== undefined) return known.channel;
    const definition = definitionOf(this.context, tableId);
    const { projectId, datasetId, tenantId } = this.tenant;
    const { clock, write } = this.context.connection;
    const writer = new TableWriter(
      write,
      `projects/${projectId}/datasets/${datasetId}/tables/${tableId}`,
      definition,
      this.care.keeper(tableId),
      { ...this.delivery, clock },
    );
    const channel = new TableChannel(
      tableId,
      new RowEncoder(definition, { tenantId, now: () => clock.now() }),
      new RowQueue(async (rows) => writer.deliver(rows), this.delivery, clock),
    );
    this.channels.set(tableId, { channel, writer });
    return channel;
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

  private hurry(): void {
    for (const { channel } of this.channels.values()) channel.hurry();
  }

  private async settle(): Promise<void> {
    this.hurry();
    await Promise.allSettled(this.underWay);
  }

  private async shutDown(): Promise<void> {
    // A row that waited for room is under way only once there was some.
    do {
      await this.settle();
      await setImmediate();
    } while (this.underWay.size > 0);
    for (const { channel, writer } of this.channels.values()) {
      await channel.idle();
      await writer.close();
    }
    this.failures.handleAll();
  }

  private assertOpen(): void {
    if (this.closing !== undefined) {
      throw new UsageError(`The logger of ${this.tenantId} is closed. Log before close(), or make another logger.`);
    }
  }
}
