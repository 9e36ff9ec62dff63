/**
 * What a pipeline needs to log its runs to BigQuery. Loads no cdktf.
 *
 * @packageDocumentation
 */
export {
  ConfigError,
  DeadlineError,
  type ErrorKind,
  RemoteError,
  TenantMetadataError,
  UsageError,
} from "../model/errors";
export type { ConfigChanges } from "../model/config-files";
export type { Deployed } from "../model/formats/deployed";
export type { Environment, StateBackend } from "../model/formats/environment";
export type { Offboarding, OffboardingStep } from "../model/formats/offboarding";
export type {
  Column,
  ColumnMode,
  ColumnType,
  ForeignKey,
  TableAccess,
  TableDefinition,
} from "../model/formats/table-definition";
export type { Tenant, TenantOverrides } from "../model/formats/tenant";
export type { MetadataConfig } from "../model/load-config";
export { loadConfig } from "./logger/load-config";
export type { Problem } from "../model/problems";
export type { ResolvedTenant } from "../model/resolve";
export type { BigQueryConnection, ConnectionOptions } from "../bigquery/connection";
export { connect } from "./connect";
export { emulatorAddress, type EmulatorAddress } from "../bigquery/emulator-address";
export { type RuntimeContext, runtimeContext, type RuntimeContextOptions } from "./logger/context";
export { type TenantContext, tenantContext, type TenantContextOptions } from "./logger/tenant-context";
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
export type { EnsureTenantResult } from "./tables/live-tables";
export { MetadataInitializer } from "./tables/metadata-initializer";
export type { CloseOptions, MetadataLoggerOptions, SignalOptions } from "./logger/logger-options";
export { MetadataLogger, type RowOf } from "./logger/metadata-logger";
export { RestError } from "../bigquery/rest-error";
export type { RetryOptions } from "../bigquery/retry";
export type { ApiKeysRow, DqResultsRow, MetadataRows, PipelineRunsRow, StepLogsRow } from "./row-types.generated";
export { MAX_ERROR_MESSAGE_LENGTH } from "./runs/error-message";
export { PipelineRun } from "./runs/pipeline-run";
export type { DqResultOptions, StartRunOptions, StepOptions } from "./runs/run-options";
export { type RunFinish, RunFinishError } from "./runs/run-update";
export type { StaleRun, StaleRunsOptions } from "./runs/stale-runs";
export type { Step } from "./runs/step";
export { replaySpool, type ReplayOptions, type ReplayResult } from "./spool/replay";
export { formatDifference, type SchemaDifference } from "./tables/schema-difference";
