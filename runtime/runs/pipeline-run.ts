import { randomUUID } from "node:crypto";
import { UsageError } from "../../model/errors";
import type { Clock } from "../../bigquery/clock";
import { utcDate } from "../encoding/civil-time";
import { describeReceived } from "../encoding/describe-received";
import { MetadataWriteError } from "../errors";
import { checkOptions } from "../options";
import type { MetadataRows } from "../row-types.generated";
import { errorMessage } from "./error-message";
import type { DqResultOptions, StartRunOptions, StepOptions } from "./run-options";
import { type RunFinish, RunFinishError } from "./run-update";
import { Stopwatch } from "./stopwatch";
import { COUNT_EXPECTED, isCount, Step } from "./step";

/** A row of a run on its way. */
export interface QueuedRunRow {
  readonly delivered: Promise<void>;
  readonly lost?: Error;
}

/** What a run does its work with. */
export interface RunServices {
  readonly clock: Clock;
  /**
   * Queues a row, without the optional values that do not fit. `isStart` says that nothing depends on it yet, so that what is
   * wrong with it may be thrown.
   *
   * @returns when the row is queued; `delivered` settles when it is in the table, or is not. `lost` is what was left out.
   */
  queue<T extends keyof MetadataRows>(
    tableId: T,
    row: MetadataRows[T],
    run: PipelineRun,
    isStart?: boolean,
  ): Promise<QueuedRunRow>;
  /** Sends queued rows without waiting for more. */
  sendNow(): void;
  finish(finish: RunFinish): Promise<void>;
  /** Called when the run is about to end: no row of it is queued later. */
  ended(run: PipelineRun): void;
  /** Has what goes wrong reported, or kept to be thrown by {@link throwPending}. */
  watch(recorded: Promise<void>): Promise<void>;
  /** Reports a failure, or keeps it to be thrown. */
  add(error: Error): void;
  /** Applies the caller's policy to a value that is given now. @throws it, when that is the policy. */
  refuse(error: Error): void;
  /** Applies the caller's policy to what went wrong. @throws it, when that is the policy. */
  throwPending(errors: readonly Error[]): void;
}

/**
 * One execution of a pipeline: a row in `pipeline_runs`, RUNNING from the start and completed once.
 *
 * Rows of steps and data quality are queued and delivered in the background, in order, exactly once; whether they were
 * stored is known, and reported or thrown, at the latest when `complete` or `fail` returns.
 *
 * @example
 * ```ts
 * import type { MetadataLogger } from "tenant-metadata/runtime";
 *
 * export async function check(logger: MetadataLogger): Promise<void> {
 *   const run = await logger.startRun({ pipelineId: "daily_orders", triggerType: "manual", triggerBy: "ops@example.com" });
 *   await run.recordDqResult({
 *     targetTable: "example-prod.warehouse.orders",
 *     dqConfigId: "orders_suite",
 *     expectationsPassed: 12,
 *     expectationsFailed: 0,
 *   });
 *   await run.complete();
 * }
 * ```
 */
export class PipelineRun {
  /** Unique id of this execution, a UUID; the row's `pipeline_logging_id`. */
  readonly id = randomUUID();
  /** When the run started; the row's `start_time`. */
  readonly startTime: Date;
  private readonly stopwatch: Stopwatch;
  private readonly rows: Promise<unknown>[] = [];
  /** What went wrong, other than the delivery of rows. */
  private readonly failures: Error[] = [];
  private readonly openSteps = new Map<Step, StepOptions>();
  private steps = 0;
  private interruptedBy: string | undefined;
  /** @internal Settles when the end is recorded; `undefined` while the run goes on. */
  ending: Promise<void> | undefined;

  private constructor(
    private readonly services: RunServices,
    private readonly tenantId: string,
  ) {
    this.stopwatch = new Stopwatch(services.clock);
    this.startTime = this.stopwatch.startTime;
  }

  /** @internal */
  static async start(services: RunServices, tenantId: string, given: StartRunOptions): Promise<PipelineRun> {
    const options = checkOptions("The options of startRun", ({ StartRun }) => StartRun, given) as StartRunOptions;
    const run = new PipelineRun(services, tenantId);
    const row: MetadataRows["pipeline_runs"] = {
      pipeline_logging_id: run.id,
      pipeline_id: options.pipelineId,
      tenant_id: tenantId,
      status: "RUNNING",
      trigger_type: options.triggerType,
      trigger_by: options.triggerBy,
      start_time: run.startTime,
      parameters: options.parameters,
      config_version: options.configVersion,
      worker_instance: options.workerInstance,
    };
    await run.queue("pipeline_runs", row, true);
    return run;
  }

  /**
   * Runs a step and logs it: COMPLETED, SKIPPED when it said so, or FAILED. Await it before the run ends: a step that still
   * runs then is logged as FAILED, and reported.
   *
   * @returns what `body` returns.
   * @throws what `body` throws, once the step is queued as FAILED.
   * @throws {@link UsageError} for options that are not known, missing or no strings, or a run that was finished; `body` is not called.
   */
  async step<T>(given: StepOptions, body: (step: Step) => T | Promise<T>): Promise<T> {
    this.assertNotFinished();
    const options = checkOptions("The options of a step", (shapes) => shapes.Step, given) as StepOptions;
    const { clock } = this.services;
    const step = new Step(clock, (error) => this.services.refuse(error), this.id, this.steps++, options);
    this.openSteps.set(step, options);
    let result: T;
    try {
      result = await body(step);
    } catch (error) {
      await this.endStep(step, step.fail(error));
      throw error;
    }
    await this.endStep(step, step.end());
    return result;
  }

  /**
   * Logs the result of a data quality check.
   *
   * @throws {@link MetadataWriteError} for a count that is negative or no whole number, with the policy `throw`.
   * @throws {@link UsageError} for options that are not known, or a run that was finished.
   */
  async recordDqResult(given: DqResultOptions): Promise<void> {
    this.assertNotFinished();
    const options = checkOptions("The options of recordDqResult", ({ DqResult }) => DqResult, given) as DqResultOptions;
    const { expectationsPassed, expectationsFailed } = options;
    const executedAt = options.executedAt ?? new Date(this.services.clock.now());
    const row: MetadataRows["dq_results"] = {
      dq_result_id: randomUUID(),
      pipeline_logging_id: this.id,
      tenant_id: this.tenantId,
      target_table: options.targetTable,
      dq_config_id: options.dqConfigId,
      executed_at: executedAt,
      expectations_passed: expectationsPassed,
      expectations_failed: expectationsFailed,
      failed_expectations: options.failedExpectations,
      overall_status: options.overallStatus ?? (expectationsFailed === 0 ? "PASS" : "FAIL"),
      ingestion_date: isValidDate(executedAt) ? utcDate(executedAt) : executedAt,
    };
    const problems = Object.entries({
      expectations_passed: expectationsPassed,
      expectations_failed: expectationsFailed,
    })
      .filter(([, value]) => !isCount(value))
      .map(([column, value]) => ({ column, received: describeReceived(value), expected: COUNT_EXPECTED }));
    if (problems.length > 0) {
      this.services.refuse(new MetadataWriteError("dq_results", [{ rowIndex: 0, row, problems }], []));
    } else await this.queue("dq_results", row);
  }

  /** Records that the run worked; returns when everything the run logged is in its tables, or known not to be. */
  async complete(): Promise<void> {
    await this.finish({ status: "COMPLETED" });
  }

  /** Records that the run failed, and why; otherwise as `complete`. */
  async fail(error: unknown): Promise<void> {
    await this.finish({ status: "FAILED", errorMessage: errorMessage(error) });
  }

  /** @internal Ends the run as FAILED, with its open steps, because the process ends. Never throws. */
  async interrupt(reason: string): Promise<void> {
    this.interruptedBy = reason;
    this.ending = this.record({ status: "FAILED", errorMessage: reason }, reason);
    await this.ending.catch(() => undefined);
  }

  /** @internal Ends the run as FAILED, with its open steps, at once. @returns what is to be written, which nobody does. */
  abandon(reason: string): RunFinish {
    this.interruptedBy = reason;
    void this.endOpenSteps(reason);
    return this.finishOf({ status: "FAILED", errorMessage: reason });
  }

  private async finish(end: Pick<RunFinish, "status" | "errorMessage">): Promise<void> {
    this.assertNotFinished();
    if (this.interruptedBy === undefined) this.ending = this.record(end, "its run ended before the step did");
    else {
      const error = new RunFinishError(this.finishOf(end), `the run was recorded as FAILED: ${this.interruptedBy}`);
      this.services.add(error);
      this.services.throwPending([error]);
    }
    await this.ending;
  }

  private async record(end: Pick<RunFinish, "status" | "errorMessage">, reasonOfSteps: string): Promise<void> {
    const { services } = this;
    const finish = this.finishOf(end);
    await this.endOpenSteps(reasonOfSteps);
    services.ended(this);
    services.sendNow();
    const [start, ...others] = await Promise.allSettled(this.rows);
    const { failures } = this;
    for (const row of [start, ...others]) if (row?.status === "rejected") failures.push(row.reason as Error);
    const recorded =
      start?.status === "rejected"
        ? Promise.reject(new RunFinishError(finish, "its start could not be recorded"))
        : services.finish(finish);
    await services.watch(recorded).catch((error: unknown) => failures.push(error as Error));
    // Nobody waits for the end of an interrupted run: its failures go to the caller that closes the logger.
    if (this.interruptedBy === undefined) services.throwPending(failures);
  }

  /** Queues a row of every open step before it returns. */
  private async endOpenSteps(reason: string): Promise<void> {
    const queued = [...this.openSteps].map(async ([step, { stepName }]) => {
      if (this.interruptedBy === undefined) {
        this.addFailure(
          new UsageError(
            `Step ${describeReceived(stepName)} of run ${this.id} still ran when the run ended; it is recorded as FAILED. ` +
              "Fix: await run.step(…).",
          ),
        );
      }
      await this.endStep(step, step.fail(reason));
    });
    await Promise.all(queued);
  }

  private finishOf(end: Pick<RunFinish, "status" | "errorMessage">): RunFinish {
    const { durationMs, endTime } = this.stopwatch.read();
    return {
      ...end,
      pipelineLoggingId: this.id,
      startMicros: this.startTime.getTime() * 1000,
      endMicros: endTime.getTime() * 1000,
      durationMs,
    };
  }

  private async endStep(step: Step, row: MetadataRows["step_logs"]): Promise<void> {
    if (this.openSteps.delete(step)) await this.queue("step_logs", row);
    else {
      this.addFailure(
        new UsageError(
          `A step of run ${this.id} ended after the run did; the step is recorded as FAILED: ` +
            `${this.interruptedBy ?? "its run ended before the step did"}.`,
        ),
      );
    }
  }

  private async queue<T extends keyof MetadataRows>(tableId: T, row: MetadataRows[T], isStart = false): Promise<void> {
    const { delivered, lost } = await this.services.queue(tableId, row, this, isStart);
    if (lost !== undefined) this.addFailure(lost);
    // Handled here, so that a failure before `record` looks at it is not an unhandled rejection.
    delivered.catch(() => undefined);
    this.rows.push(delivered);
  }

  private addFailure(error: Error): void {
    this.failures.push(error);
    this.services.add(error);
  }

  /** An interrupted run is not the pipeline's doing: it goes on, and what it says is reported as not recorded. */
  private assertNotFinished(): void {
    if (this.ending !== undefined && this.interruptedBy === undefined) {
      throw new UsageError(`Run ${this.id} is finished already; start another one with startRun.`);
    }
  }
}

function isValidDate(value: unknown): value is Date {
  return value instanceof Date && !Number.isNaN(value.getTime());
}
