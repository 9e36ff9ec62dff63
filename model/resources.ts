import { defined } from "./defined";
import type { Column, TableDefinition } from "./formats/table-definition";
import { foreignKeyName } from "./names";
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
  return defined({
    datasetReference: { projectId: tenant.projectId, datasetId: tenant.datasetId },
    friendlyName: `${tenant.displayName} metadata`,
    description: `Pipeline metadata of ${tenant.displayName} (${tenant.environment}): runs, steps, data quality and API keys.`,
    location: tenant.location,
    labels: resourceLabels(tenant),
    defaultEncryptionConfiguration: kmsKeyName === undefined ? undefined : { kmsKeyName },
    defaultPartitionExpirationMs: partitionExpirationMs?.toString(),
  });
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
  return defined({
    tableReference: { projectId: tenant.projectId, datasetId: tenant.datasetId, tableId: definition.tableId },
    description,
    schema: { fields: definition.schema.fields.map(columnResource) },
    timePartitioning: timePartitioning && defined({ ...timePartitioning, expirationMs }),
    clustering,
    requirePartitionFilter,
    tableConstraints:
      tenant.declareConstraints && tableConstraints !== undefined
        ? constraintsResource(tenant, definition.tableId, tableConstraints)
        : undefined,
    labels: resourceLabels(tenant, definition.labels),
    encryptionConfiguration: kmsKeyName === undefined ? undefined : { kmsKeyName },
  });
}

/** Drops what is ours alone, at every depth. */
export function columnResource({ allowedValues: _, fields, ...column }: Column): ColumnResource {
  return defined({ ...column, fields: fields?.map(columnResource) });
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
  return defined({
    primaryKey,
    foreignKeys: foreignKeys?.map(({ name, referencedTable, columnReferences }) => ({
      name: name ?? foreignKeyName(tableId, columnReferences),
      referencedTable: { projectId, datasetId, tableId: referencedTable.tableId },
      columnReferences,
    })),
  });
}
