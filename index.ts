/** Constructs and model, for CDKTF apps and tools. Pipelines import `tenant-metadata/runtime`, which loads no cdktf. */
export { MetadataTable, type MetadataTableProps } from "./constructs/metadata-table";
export { TableGrants, type TableGrantsProps } from "./constructs/table-grants";
export { type SharedTableParts, TableSchemas } from "./constructs/table-schemas";
export { TenantMetadata, type TenantMetadataProps } from "./constructs/tenant-metadata";
export { TenantMetadataStack, type TenantMetadataStackProps } from "./constructs/tenant-metadata-stack";
export { disableTokenStackTraces } from "./constructs/synth/token-stack-traces";
export { ConfigError, InternalError, RemoteError, TenantMetadataError, UsageError } from "./model/errors";
export type { Deployed } from "./model/formats/deployed";
export type { Environment } from "./model/formats/environment";
export type { Column, ColumnMode, ColumnType, ForeignKey, TableDefinition } from "./model/formats/table-definition";
export type { Tenant, TenantOverrides } from "./model/formats/tenant";
export { loadConfig, type MetadataConfig, parseDefinition, selectEnvironments } from "./model/load-config";
export { datasetAddress, datasetId, fullTableName, stackName, tableAddress, tableLogicalId } from "./model/names";
export type { Problem } from "./model/problems";
export { planStacks, type ResolvedTenant, resolveTenant, type StackPlan } from "./model/resolve";
export { type DatasetResource, datasetResource, type TableResource, tableResource } from "./model/resources";
export { shardOf } from "./model/sharding";
