import { randomUUID } from "node:crypto";
import type { Clock } from "../../bigquery/clock";
import { describeReceived } from "../encoding/describe-received";
import type { JsonValue } from "../encoding/json-value";
import { LostValueError } from "../errors";
import type { MetadataRows } from "../row-types.generated";
import { errorMessage } from "./error-message";
import { Stopwatch } from "./stopwatch";
import type { StepOptions } from "./run-options";

type StepRow = MetadataRows["step_logs"];

/** What is expected of a count. */
export const COUNT_EXPECTED = "a whole number, not negative";

/** A step while it runs; its body says here what is to be logged. */
export class Step {
  /** Unique id of this execution, a UUID; the row's `step_logging_id`. */
  readonly id = randomUUID();
  /** Logged as the row's `metadata`; what JSON cannot hold is left NULL and reported. */
  metadata: JsonValue | undefined;
  private rows: number | bigint | undefined;
  private isSkipped = false;
  private readonly stopwatch: Stopwatch;

  /** @internal */
  constructor(
    clock: Clock,
    private readonly refuse: (error: Error) => void,
    private readonly runId: string,
    /** Place among the run's steps in order of their start, from 0. */
    readonly index: number,
    private readonly options: StepOptions,
  ) {
    this.stopwatch = new Stopwatch(clock);
  }

  /** Rows the step processed or wrote: a whole number, not negative. Any other value is left NULL and reported, or thrown. */
  get rowsProcessed(): number | bigint | undefined {
    return this.rows;
  }

  set rowsProcessed(value: number | bigint | undefined) {
    this.rows = undefined;
    if (value === undefined || value === null || isCount(value)) this.rows = value ?? undefined;
    else {
      const problem = { column: "rows_processed", received: describeReceived(value), expected: COUNT_EXPECTED };
      this.refuse(new LostValueError("step_logs", [problem]));
    }
  }

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
    const { durationMs, endTime } = this.stopwatch.read();
    return {
      step_logging_id: this.id,
      pipeline_logging_id: this.runId,
      step_name: this.options.stepName,
      step_type: this.options.stepType,
      step_index: this.index,
      status,
      start_time: this.stopwatch.startTime,
      end_time: endTime,
      duration_ms: durationMs,
      rows_processed: this.rows,
      metadata: this.metadata,
    };
  }
}

/** Whether a value counts something. */
export function isCount(value: unknown): value is number | bigint {
  return typeof value === "bigint" ? value >= 0n : Number.isSafeInteger(value) && (value as number) >= 0;
}
