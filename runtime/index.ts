/** What a pipeline needs to log its runs to BigQuery. Loads no cdktf. */
export {
  ConfigError,
  DeadlineError,
  InternalError,
  RemoteError,
  TenantMetadataError,
  UsageError,
} from "../model/errors";
export { loadConfig, type MetadataConfig } from "../model/load-config";
export { type BigQueryConnection, connect, type ConnectionOptions } from "../bigquery/connection";
export { emulatorAddress, type EmulatorAddress } from "../bigquery/emulator-address";
export { type RuntimeContext, runtimeContext, type RuntimeContextOptions } from "./logger/context";
export type { DeliveryOptions } from "./delivery/batch-options";
export type { JsonValue } from "./encoding/json-value";
export type { RowProblem } from "./encoding/row-encoder";
export {
  LostValueError,
  MetadataWriteError,
  type RejectedRow,
  SchemaMismatchError,
  type UndeliveredRow,
} from "./errors";
export type { FailurePolicy } from "./logger/failure-handler";
export { API_KEY_PATTERN, parseApiKey, type ParsedApiKey } from "./keys/api-key-format";
export { ApiKeys, type ApiKeysOptions, type IssuedKey, type IssueKeyOptions, type KeyCheck } from "./keys/api-keys";
export { type EnsureTenantResult, MetadataInitializer } from "./tables/metadata-initializer";
export type { CloseOptions, MetadataLoggerOptions, SignalOptions } from "./logger/logger-options";
export { MetadataLogger } from "./logger/metadata-logger";
export { RestError } from "../bigquery/rest-client";
export type { RetryOptions } from "../bigquery/retry";
export type { ApiKeysRow, DqResultsRow, MetadataRows, PipelineRunsRow, StepLogsRow } from "./row-types.generated";
export { MAX_ERROR_MESSAGE_LENGTH } from "./runs/error-message";
export { PipelineRun } from "./runs/pipeline-run";
export type { DqResultOptions, StartRunOptions, StepOptions } from "./runs/run-options";
export { type RunFinish, RunFinishError } from "./runs/run-update";
export type { StaleRun, StaleRunsOptions } from "./runs/stale-runs";
export type { Step } from "./runs/step";
export { formatDifference, type SchemaDifference } from "./tables/schema-difference";
