import { BigqueryTable, type BigqueryTableConfig } from "@cdktf/provider-google/lib/bigquery-table";
import { Construct } from "constructs";
import { InternalError } from "../model/errors";
import type { TableDefinition } from "../model/formats/table-definition";
import { reference, tableAddress, tableLogicalId } from "../model/names";
import type { ResolvedTenant } from "../model/resolve";
import { type TableConstraintsResource, tableResource } from "../model/resources";
import { TableSchemas } from "./table-schemas";
import { literal } from "./terraform-strings";

export interface MetadataTableProps {
  readonly tenant: ResolvedTenant;
  readonly definition: TableDefinition;
  /** Dataset that holds the table, e.g. a reference to `google_bigquery_dataset.acme.dataset_id`. */
  readonly datasetId: string;
  /**
   * Generation of the table. Raising it replaces the table, and its rows are lost.
   * @default 1
   */
  readonly generation?: number;
}

/**
 * One table of a tenant's metadata dataset: `google_bigquery_table.<tenantId>__<tableId>`.
 *
 * Its columns come from the stack's local, see {@link TableSchemas}.
 *
 * @see https://registry.terraform.io/providers/hashicorp/google/6.50.0/docs/resources/bigquery_table
 */
export class MetadataTable extends Construct {
  readonly table: BigqueryTable;
  /** Address whose change replaces the table, for what must be replaced with it. */
  readonly generationAddress: string;

  constructor(scope: Construct, id: string, { tenant, definition, datasetId, generation = 1 }: MetadataTableProps) {
    super(scope, id);
    const { schemaJson, generationAddress } = TableSchemas.of(this).share(definition, generation);
    this.generationAddress = generationAddress;
    this.table = new BigqueryTable(this, "table", {
      ...tableArguments(tenant, definition),
      datasetId,
      schema: schemaJson,
      deletionProtection: tenant.deletionProtection,
      lifecycle: { replaceTriggeredBy: [generationAddress] },
    });
    this.table.overrideLogicalId(tableLogicalId(tenant.tenantId, definition.tableId));
  }
}

/** Translates the REST resource; columns and dataset are left to the construct, which refers to them. */
function tableArguments(
  tenant: ResolvedTenant,
  definition: TableDefinition,
): Omit<BigqueryTableConfig, "datasetId" | "schema"> {
  const { tableReference, description, timePartitioning, clustering, ...rest } = tableResource(tenant, definition);
  const { requirePartitionFilter, tableConstraints, labels, encryptionConfiguration } = rest;
  return {
    project: tableReference.projectId,
    tableId: tableReference.tableId,
    ...(description === undefined ? {} : { description: literal(description) }),
    ...(timePartitioning === undefined
      ? {}
      : {
          timePartitioning: {
            type: timePartitioning.type,
            field: timePartitioning.field,
            ...(timePartitioning.expirationMs === undefined
              ? {}
              : { expirationMs: Number(timePartitioning.expirationMs) }),
          },
        }),
    ...(clustering === undefined ? {} : { clustering: [...clustering.fields] }),
    ...(requirePartitionFilter === undefined ? {} : { requirePartitionFilter }),
    ...(tableConstraints === undefined
      ? {}
      : { tableConstraints: constraintsArgument(tenant.tenantId, definition.tableId, tableConstraints) }),
    labels: { ...labels },
    ...(encryptionConfiguration === undefined ? {} : { encryptionConfiguration }),
  };
}

function constraintsArgument(
  tenantId: string,
  tableId: string,
  { primaryKey, foreignKeys }: TableConstraintsResource,
): NonNullable<BigqueryTableConfig["tableConstraints"]> {
  return {
    ...(primaryKey === undefined ? {} : { primaryKey: { columns: [...primaryKey.columns] } }),
    ...(foreignKeys === undefined
      ? {}
      : {
          foreignKeys: foreignKeys.map(({ name, referencedTable, columnReferences: [columnReferences] }) => {
            if (columnReferences === undefined)
              throw new InternalError(`The foreign key ${name} of ${tableId} has no columns.`);
            return {
              name: literal(name),
              referencedTable: {
                ...referencedTable,
                // A reference makes Terraform create the other table first, as BigQuery demands.
                tableId:
                  referencedTable.tableId === tableId
                    ? tableId
                    : reference(tableAddress(tenantId, referencedTable.tableId), "table_id"),
              },
              columnReferences,
            };
          }),
        }),
  };
}
