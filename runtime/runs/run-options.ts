import type { JsonValue } from "../encoding/json-value";
import type { DqResultsRow, PipelineRunsRow } from "../row-types.generated";

/** What is known of a run at its start. */
export interface StartRunOptions {
  /** Pipeline's identifier, e.g. `daily_orders`. */
  readonly pipelineId: string;
  /** How it was triggered: `api`, `scheduler`, `manual`, `webhook` or `retry`. */
  readonly triggerType: PipelineRunsRow["trigger_type"];
  /** Who or what triggered it, e.g. `scheduler@example.com`. */
  readonly triggerBy: string;
  /** Its parameters; what JSON cannot hold is left NULL and reported. */
  readonly parameters?: JsonValue | undefined;
  /** Version of the pipeline's configuration, e.g. a Git commit. */
  readonly configVersion?: string | undefined;
  /** Worker that runs it, e.g. a pod's name. */
  readonly workerInstance?: string | undefined;
}

/** What is known of a step at its start. */
export interface StepOptions {
  /** Step's identifier in the pipeline, e.g. `load_orders`. */
  readonly stepName: string;
  /** e.g. `bigquery_to_bigquery`, `data_quality`, `api_call`. */
  readonly stepType: string;
}

/** The outcome of a data-quality check. */
export interface DqResultOptions {
  /** Table that was checked, e.g. `project.dataset.orders`. */
  readonly targetTable: string;
  /** Configuration or suite of the check, e.g. `orders_suite`. */
  readonly dqConfigId: string;
  /** How many expectations passed: a whole number, not negative. */
  readonly expectationsPassed: number;
  /** How many failed: a whole number, not negative. */
  readonly expectationsFailed: number;
  /** Details of the failures, by convention an array. */
  readonly failedExpectations?: JsonValue | undefined;
  /** @default `FAIL` when an expectation failed, else `PASS`; `WARNING` is the caller's judgement */
  readonly overallStatus?: DqResultsRow["overall_status"] | undefined;
  /** @default now */
  readonly executedAt?: Date | undefined;
}
