// Generated from configs/metadata/schemas by `npm run generate`. Do not edit.
import type { JsonValue } from "./encoding/json-value";

/** Rows of each table, by table id. */
export interface MetadataRows {
  /** A row of `api_keys`. */
  api_keys: ApiKeysRow;
  /** A row of `dq_results`. */
  dq_results: DqResultsRow;
  /** A row of `pipeline_runs`. */
  pipeline_runs: PipelineRunsRow;
  /** A row of `step_logs`. */
  step_logs: StepLogsRow;
}

/** Manages API keys for tenant authentication. */
export interface ApiKeysRow {
  /** Unique UUID for this API key */
  readonly api_key_id: string;
  /** Tenant this key belongs to */
  readonly tenant_id: string;
  /** Cryptographically hashed API key (never plaintext) */
  readonly api_key_hash: string;
  /** When key was generated */
  readonly created_at: Date | string;
  /** User/service that created the key */
  readonly created_by?: string | null | undefined;
  /** Expiration timestamp (NULL = never expires) */
  readonly expires_at?: Date | string | null | undefined;
  /** Whether key is currently active */
  readonly is_active: boolean;
  /** Most recent successful authentication */
  readonly last_used_at?: Date | string | null | undefined;
  /** Human-readable label/purpose */
  readonly description?: string | null | undefined;
}

/** Stores data quality validation results. */
export interface DqResultsRow {
  /** Unique UUID for this DQ check */
  readonly dq_result_id: string;
  /** Foreign key to pipeline_runs table */
  readonly pipeline_logging_id: string;
  /** Tenant identifier */
  readonly tenant_id: string;
  /** Fully qualified table that was validated */
  readonly target_table: string;
  /** DQ configuration/expectation suite identifier */
  readonly dq_config_id: string;
  /** When DQ validation was executed */
  readonly executed_at: Date | string;
  /** Count of passed expectations */
  readonly expectations_passed: number | bigint | string;
  /** Count of failed expectations */
  readonly expectations_failed: number | bigint | string;
  /** Details of failures as JSON array */
  readonly failed_expectations?: JsonValue | null | undefined;
  /** Outcome: PASS, WARNING, FAIL */
  readonly overall_status: "PASS" | "WARNING" | "FAIL";
  /** Partition column (DATE of executed_at) */
  readonly ingestion_date: Date | string;
}

/** Tracks overall pipeline execution runs. */
export interface PipelineRunsRow {
  /** Unique UUID for this pipeline execution instance */
  readonly pipeline_logging_id: string;
  /** Pipeline identifier matching YAML filename */
  readonly pipeline_id: string;
  /** Tenant identifier for multi-tenancy isolation */
  readonly tenant_id: string;
  /** Execution status: PENDING, RUNNING, COMPLETED, FAILED */
  readonly status: "PENDING" | "RUNNING" | "COMPLETED" | "FAILED";
  /** How pipeline was triggered: api, scheduler, manual, webhook, retry */
  readonly trigger_type: "api" | "scheduler" | "manual" | "webhook" | "retry";
  /** Identity who/what triggered the pipeline */
  readonly trigger_by: string;
  /** UTC timestamp when pipeline started (partition key) */
  readonly start_time: Date | string;
  /** UTC timestamp when pipeline completed */
  readonly end_time?: Date | string | null | undefined;
  /** Total execution time in milliseconds */
  readonly duration_ms?: number | bigint | string | null | undefined;
  /** Version/Git SHA of pipeline configuration */
  readonly config_version?: string | null | undefined;
  /** Worker/pod/instance that executed the pipeline */
  readonly worker_instance?: string | null | undefined;
  /** Error details if pipeline failed */
  readonly error_message?: string | null | undefined;
  /** Runtime parameters as flexible JSON object */
  readonly parameters?: JsonValue | null | undefined;
}

/** Tracks individual step executions within pipelines. */
export interface StepLogsRow {
  /** Unique UUID for this step execution */
  readonly step_logging_id: string;
  /** Foreign key to pipeline_runs table */
  readonly pipeline_logging_id: string;
  /** Step identifier from pipeline YAML (step_id) */
  readonly step_name: string;
  /** Type: bigquery_to_bigquery, data_quality, api_call, etc. */
  readonly step_type: string;
  /** Zero-based position in pipeline definition */
  readonly step_index: number | bigint | string;
  /** Execution status: PENDING, RUNNING, COMPLETED, FAILED, SKIPPED */
  readonly status: "PENDING" | "RUNNING" | "COMPLETED" | "FAILED" | "SKIPPED";
  /** UTC timestamp when step started (partition key) */
  readonly start_time: Date | string;
  /** UTC timestamp when step completed */
  readonly end_time?: Date | string | null | undefined;
  /** Step execution time in milliseconds */
  readonly duration_ms?: number | bigint | string | null | undefined;
  /** Number of rows processed/written */
  readonly rows_processed?: number | bigint | string | null | undefined;
  /** Error details if step failed */
  readonly error_message?: string | null | undefined;
  /** Step-specific metadata as flexible JSON object */
  readonly metadata?: JsonValue | null | undefined;
}
