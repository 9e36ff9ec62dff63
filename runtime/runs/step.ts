import { randomUUID } from "node:crypto";
import type { JsonValue } from "../encoding/json-value";
import type { MetadataRows } from "../row-types.generated";
import { errorMessage } from "./error-message";

type StepRow = MetadataRows["step_logs"];

export interface StepOptions {
  /** Step's identifier in the pipeline, e.g. `load_orders`. */
  readonly stepName: string;
  /** e.g. `bigquery_to_bigquery`, `data_quality`, `api_call`. */
  readonly stepType: string;
}

/** A step while it runs; its body says here what is to be logged. */
export class Step {
  /** Unique id of this execution, a UUID; the row's `step_logging_id`. */
  readonly id = randomUUID();
  /** Rows the step processed or wrote. */
  rowsProcessed: number | bigint | undefined;
  metadata: JsonValue | undefined;
  private isSkipped = false;
  private readonly startTime = new Date();
  private readonly startedAt = performance.now();

  /** @internal */
  constructor(
    private readonly runId: string,
    /** Place among the run's steps in order of their start, from 0. */
    readonly index: number,
    private readonly options: StepOptions,
  ) {}

  /** Says that there was nothing to do; the step is logged as SKIPPED when its body returns. */
  skip(): void {
    this.isSkipped = true;
  }

  /** @internal */
  end(): StepRow {
    return this.row(this.isSkipped ? "SKIPPED" : "COMPLETED");
  }

  /** @internal */
  fail(error: unknown): StepRow {
    return { ...this.row("FAILED"), error_message: errorMessage(error) };
  }

  private row(status: StepRow["status"]): StepRow {
    return {
      step_logging_id: this.id,
      pipeline_logging_id: this.runId,
      step_name: this.options.stepName,
      step_type: this.options.stepType,
      step_index: this.index,
      status,
      start_time: this.startTime,
      end_time: new Date(),
      duration_ms: Math.round(performance.now() - this.startedAt),
      rows_processed: this.rowsProcessed,
      metadata: this.metadata,
    };
  }
}
