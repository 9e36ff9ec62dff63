/**
 * Constructs and configuration, for CDKTF apps and tools. Pipelines import `tenant-metadata/runtime`, which loads no cdktf.
 *
 * @packageDocumentation
 */
export { MetadataTable, type MetadataTableProps } from "./constructs/metadata-table";
export {
  type SynthesizedStack,
  synthesizeStacks,
  type SynthesizeStacksOptions,
} from "./constructs/synth/synthesize-stacks";
export { TenantMetadata, type TenantMetadataProps } from "./constructs/tenant-metadata";
export { TenantMetadataStack, type TenantMetadataStackProps } from "./constructs/tenant-metadata-stack";
export type { ConfigChanges } from "./model/config-files";
export { ConfigError, type ErrorKind, TenantMetadataError, UsageError } from "./model/errors";
export type { Deployed } from "./model/formats/deployed";
export type { Environment, StateBackend } from "./model/formats/environment";
export type { Offboarding, OffboardingStep } from "./model/formats/offboarding";
export {
  type Column,
  type ColumnMode,
  type ColumnType,
  type ForeignKey,
  type TableAccess,
  type TableDefinition,
} from "./model/formats/table-definition";
export type { Tenant, TenantOverrides } from "./model/formats/tenant";
export { loadConfig, type MetadataConfig, parseDefinition } from "./model/load-config";
export { datasetAddress, fullTableName, tableAddress } from "./model/names";
export type { Problem } from "./model/problems";
export { assignStacks, type ResolvedTenant, resolveTenant, type StackAssignment } from "./model/resolve";
