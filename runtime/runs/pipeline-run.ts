import { randomUUID } from "node:crypto";
import { UsageError } from "../../model/errors";
import { utcDate } from "../encoding/civil-time";
import type { JsonValue } from "../encoding/json-value";
import type { MetadataRows } from "../row-types.generated";
import { errorMessage } from "./error-message";
import { type RunFinish, RunFinishError } from "./run-update";
import { Step, type StepOptions } from "./step";

type RunRow = MetadataRows["pipeline_runs"];
type DqRow = MetadataRows["dq_results"];

export interface StartRunOptions {
  /** Pipeline's identifier, e.g. `daily_orders`. */
  readonly pipelineId: string;
  readonly triggerType: RunRow["trigger_type"];
  /** Who or what triggered it, e.g. `scheduler@example.com`. */
  readonly triggerBy: string;
  readonly parameters?: JsonValue;
  /** Version of the pipeline's configuration, e.g. a Git commit. */
  readonly configVersion?: string;
  /** Worker that runs it, e.g. a pod's name. */
  readonly workerInstance?: string;
}

export interface DqResultOptions {
  /** Table that was checked, e.g. `project.dataset.orders`. */
  readonly targetTable: string;
  readonly dqConfigId: string;
  readonly expectationsPassed: number;
  readonly expectationsFailed: number;
  readonly failedExpectations?: JsonValue;
  /** @default `FAIL` when an expectation failed, else `PASS`; `WARNING` is the caller's judgement */
  readonly overallStatus?: DqRow["overall_status"];
  /** @default now */
  readonly executedAt?: Date;
}

/** What a run does its work with. */
export interface RunServices {
  /** Queues a row. @returns when the row is queued; `delivered` settles when it is in the table, or is not. */
  queue<T extends keyof MetadataRows>(tableId: T, row: MetadataRows[T]): Promise<{ readonly delivered: Promise<void> }>;
  /** Sends queued rows without waiting for more. */
  hurry(): void;
  finish(finish: RunFinish): Promise<void>;
  /** Has a failure of this reported, or kept to be thrown by {@link handle}. */
  note(recorded: Promise<void>): Promise<void>;
  /** Applies the caller's policy to what went wrong. @throws it, when that is the policy. */
  handle(errors: readonly Error[]): void;
}

/**
 * One execution of a pipeline: a row in `pipeline_runs`, RUNNING from the start and completed once.
 *
 * Rows of steps and data quality are queued and delivered in the background, in order, exactly once; what becomes of them is
 * known, and reported or thrown, at the latest when {@link complete} or {@link fail} returns.
 */
export class PipelineRun {
  /** Unique id of this execution, a UUID; the row's `pipeline_logging_id`. */
  readonly id = randomUUID();
  readonly startTime = new Date();
  private readonly startedAt = performance.now();
  private readonly rows: Promise<unknown>[] = [];
  private isFinished = false;
  private steps = 0;

  private constructor(
    private readonly services: RunServices,
    private readonly tenantId: string,
  ) {}

  /** @internal */
  static async start(services: RunServices, tenantId: string, options: StartRunOptions): Promise<PipelineRun> {
    const run = new PipelineRun(services, tenantId);
    await run.queue("pipeline_runs", {
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
    });
    return run;
  }

  /**
   * Runs a step and logs it: COMPLETED, SKIPPED when it said so, or FAILED.
   *
   * @returns what `body` returns.
   * @throws what `body` throws, once the step is queued as FAILED.
   */
  async step<T>(options: StepOptions, body: (step: Step) => T | Promise<T>): Promise<T> {
    this.assertRunning();
    const step = new Step(this.id, this.steps++, options);
    try {
      const result = await body(step);
      await this.queue("step_logs", step.end());
      return result;
    } catch (error) {
      await this.queue("step_logs", step.fail(error));
      throw error;
    }
  }

  /** Logs the result of a data quality check. */
  async recordDqResult(options: DqResultOptions): Promise<void> {
    this.assertRunning();
    const { expectationsFailed, executedAt = new Date() } = options;
    await this.queue("dq_results", {
      dq_result_id: randomUUID(),
      pipeline_logging_id: this.id,
      tenant_id: this.tenantId,
      target_table: options.targetTable,
      dq_config_id: options.dqConfigId,
      executed_at: executedAt,
      expectations_passed: options.expectationsPassed,
      expectations_failed: expectationsFailed,
      failed_expectations: options.failedExpectations,
      overall_status: options.overallStatus ?? (expectationsFailed === 0 ? "PASS" : "FAIL"),
      ingestion_date: Number.isNaN(executedAt.getTime()) ? executedAt : utcDate(executedAt),
    });
  }

  /** Records that the run worked; returns when everything the run logged is in its tables, or known not to be. */
  async complete(): Promise<void> {
    await this.finish({ status: "COMPLETED" });
  }

  /** Records that the run failed, and why; otherwise as {@link complete}. */
  async fail(error: unknown): Promise<void> {
    await this.finish({ status: "FAILED", errorMessage: errorMessage(error) });
  }

  private async finish(end: Pick<RunFinish, "status" | "errorMessage">): Promise<void> {
    this.assertRunning();
    this.isFinished = true;
    const finish: RunFinish = {
      ...end,
      pipelineLoggingId: this.id,
      startMicros: this.startTime.getTime() * 1000,
      endMicros: Date.now() * 1000,
      durationMs: Math.round(performance.now() - this.startedAt),
    };
    this.services.hurry();
    const [start, ...others] = await Promise.allSettled(this.rows);
    const failures = [start, ...others].flatMap((row) => (row?.status === "rejected" ? [row.reason as Error] : []));
    const recorded =
      start?.status === "rejected"
        ? Promise.reject(new RunFinishError(finish, "its start could not be recorded"))
        : this.services.finish(finish);
    await this.services.note(recorded).catch((error: unknown) => failures.push(error as Error));
    this.services.handle(failures);
  }

  private async queue<T extends keyof MetadataRows>(tableId: T, row: MetadataRows[T]): Promise<void> {
    const { delivered } = await this.services.queue(tableId, row);
    // Handled here, so that a failure before `finish` looks at it is not an unhandled rejection.
    delivered.catch(() => undefined);
    this.rows.push(delivered);
  }

  private assertRunning(): void {
    if (this.isFinished) {
      throw new UsageError(`Run ${this.id} is finished already; start another one with startRun.`);
    }
  }
}
