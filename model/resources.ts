import type { Column, TableDefinition } from "./formats/table-definition";
import type { ResolvedTenant } from "./resolve";

/*
 * What a tenant's dataset and tables are, as BigQuery's REST resources. The stack translates these to Terraform arguments
 * and the runtime sends them as they are, so a table that the runtime creates equals the one Terraform would.
 */

/** A column as BigQuery knows it: without `allowedValues`. */
export type ColumnResource = Omit<Column, "allowedValues" | "fields"> & { readonly fields?: readonly ColumnResource[] };

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets#Dataset */
export interface DatasetResource {
  readonly datasetReference: { readonly projectId: string; readonly datasetId: string };
  readonly friendlyName: string;
  readonly description: string;
  readonly location: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly defaultEncryptionConfiguration?: { readonly kmsKeyName: string };
  /** Decimal string of milliseconds. */
  readonly defaultPartitionExpirationMs?: string;
}

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#Table */
export interface TableResource {
  readonly tableReference: { readonly projectId: string; readonly datasetId: string; readonly tableId: string };
  readonly description?: string;
  readonly schema: { readonly fields: readonly ColumnResource[] };
  readonly timePartitioning?: NonNullable<TableDefinition["timePartitioning"]>;
  readonly clustering?: { readonly fields: readonly string[] };
  readonly requirePartitionFilter?: boolean;
  readonly tableConstraints?: TableConstraintsResource;
  readonly labels: Readonly<Record<string, string>>;
  readonly encryptionConfiguration?: { readonly kmsKeyName: string };
}

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableConstraints */
export interface TableConstraintsResource {
  readonly primaryKey?: { readonly columns: readonly string[] };
  readonly foreignKeys?: readonly {
    readonly name: string;
    readonly referencedTable: { readonly projectId: string; readonly datasetId: string; readonly tableId: string };
    readonly columnReferences: readonly { readonly referencingColumn: string; readonly referencedColumn: string }[];
  }[];
}

/** The tenant's dataset. */
export function datasetResource(tenant: ResolvedTenant): DatasetResource {
  const { kmsKeyName, partitionExpirationMs } = tenant;
  return {
    datasetReference: { projectId: tenant.projectId, datasetId: tenant.datasetId },
    friendlyName: `${tenant.displayName} metadata`,
    description: `Pipeline metadata of ${tenant.displayName} (${tenant.environment}): runs, steps, data quality and API keys.`,
    location: tenant.location,
    labels: resourceLabels(tenant),
    ...(kmsKeyName === undefined ? {} : { defaultEncryptionConfiguration: { kmsKeyName } }),
    ...(partitionExpirationMs === undefined ? {} : { defaultPartitionExpirationMs: String(partitionExpirationMs) }),
  };
}

/**
 * One of the tenant's tables.
 *
 * Partitions expire after, in this order: the definition's `expirationMs`, the tenant's `partitionExpirationDays`, the
 * environment's, never. It is said on the table too, since a dataset's default reaches only tables created after it.
 */
export function tableResource(tenant: ResolvedTenant, definition: TableDefinition): TableResource {
  const { kmsKeyName } = tenant;
  const { description, timePartitioning, clustering, requirePartitionFilter, tableConstraints } = definition;
  const expirationMs = timePartitioning?.expirationMs ?? tenant.partitionExpirationMs?.toString();
  return {
    tableReference: { projectId: tenant.projectId, datasetId: tenant.datasetId, tableId: definition.tableId },
    ...(description === undefined ? {} : { description }),
    schema: { fields: definition.schema.fields.map(columnResource) },
    ...(timePartitioning === undefined
      ? {}
      : { timePartitioning: { ...timePartitioning, ...(expirationMs === undefined ? {} : { expirationMs }) } }),
    ...(clustering === undefined ? {} : { clustering }),
    ...(requirePartitionFilter === undefined ? {} : { requirePartitionFilter }),
    ...(tenant.declareConstraints && tableConstraints !== undefined
      ? { tableConstraints: constraintsResource(tenant, definition.tableId, tableConstraints) }
      : {}),
    labels: resourceLabels(tenant, definition.labels),
    ...(kmsKeyName === undefined ? {} : { encryptionConfiguration: { kmsKeyName } }),
  };
}

/** Drops what is ours alone, at every depth. */
export function columnResource({ allowedValues: _, fields, ...column }: Column): ColumnResource {
  return { ...column, ...(fields === undefined ? {} : { fields: fields.map(columnResource) }) };
}

/** In this order: the labels of this package, the tenant's, the environment's, the definition's. */
function resourceLabels(
  tenant: ResolvedTenant,
  definitionLabels: TableDefinition["labels"] = {},
): Record<string, string> {
  return {
    ...definitionLabels,
    ...tenant.labels,
    environment: tenant.environment,
    tenant: tenant.tenantId,
    managed_by: "tenant-metadata",
  };
}

function constraintsResource(
  { projectId, datasetId }: ResolvedTenant,
  tableId: string,
  { primaryKey, foreignKeys }: NonNullable<TableDefinition["tableConstraints"]>,
): TableConstraintsResource {
  return {
    ...(primaryKey === undefined ? {} : { primaryKey }),
    ...(foreignKeys === undefined
      ? {}
      : {
          foreignKeys: foreignKeys.map(({ name, referencedTable, columnReferences }) => ({
            name:
              name ?? `${tableId}_${columnReferences.map(({ referencingColumn }) => referencingColumn).join("_")}_fk`,
            referencedTable: { projectId, datasetId, tableId: referencedTable.tableId },
            columnReferences,
          })),
        }),
  };
}
