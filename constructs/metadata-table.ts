import { BigqueryTable, type BigqueryTableConfig } from "@cdktf/provider-google/lib/bigquery-table";
import { Construct } from "constructs";
import { defined } from "../model/defined";
import { InternalError } from "../model/errors";
import type { TableDefinition } from "../model/formats/table-definition";
import { fullTableName, tableAddress, tableLogicalId } from "../model/names";
import type { ResolvedTenant } from "../model/resolve";
import { type TableConstraintsResource, tableResource } from "../model/resources";
import { TableGrants } from "./table-grants";
import { TableSchemas } from "./table-schemas";
import { code, literal, reference } from "./terraform-strings";

/** What a {@link MetadataTable} is made from. */
export interface MetadataTableProps {
  /** Whose table it is: names, labels, members, expiration and key come from here. See `resolveTenant`. */
  readonly tenant: ResolvedTenant;
  /** Columns, partitions, clusters, keys and labels: one of `loadConfig("configs").definitions`, or `parseDefinition`'s. */
  readonly definition: TableDefinition;
  /**
   * Dataset that holds the table, in the tenant's project: its id, e.g. `acme_metadata`, or a reference such as
   * `TenantMetadata.datasetId`, which makes Terraform create the dataset first.
   */
  readonly datasetId: string;
  /**
   * Generation of the table, a whole number from 1. Raising it replaces the table, and its rows are lost.
   * @default 1
   */
  readonly generation?: number;
}

/**
 * One table of a tenant, and who may touch it: `google_bigquery_table.<tenantId>__<tableId>`, and one
 * `google_bigquery_table_iam_member` per member. Readers and writers get every table except `api_keys`; that one is for key
 * admins alone.
 *
 * The stack holds the table's columns once, as a local, however many of its tenants have the table. With the tenant's
 * `declareConstraints`, the tables that foreign keys refer to must be in the same stack.
 *
 * @throws {@link UsageError} when the stack already holds another definition or generation of the table.
 * @see https://registry.terraform.io/providers/hashicorp/google/6.50.0/docs/resources/bigquery_table
 *
 * @example
 * ```ts
 * import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
 * import { App, TerraformOutput, TerraformStack } from "cdktf";
 * import { loadConfig, MetadataTable, parseDefinition, resolveTenant } from "tenant-metadata";
 *
 * const { environments: [environment], tenants: [tenant] } = loadConfig("configs");
 * if (environment === undefined || tenant === undefined) throw new Error("no environment or no tenant");
 *
 * const app = new App();
 * const stack = new TerraformStack(app, "notes");
 * new GoogleProvider(stack, "google", { project: environment.projectId });
 * const columns = [{ name: "note", type: "STRING" }];
 * const definition = parseDefinition("notes", "notes.json", JSON.stringify({ schema: { fields: columns } }));
 * const table = new MetadataTable(stack, "notes-table", {
 *   tenant: resolveTenant(environment, tenant),
 *   definition,
 *   datasetId: "shared_notes",
 * });
 * new TerraformOutput(stack, "notes_table", { value: table.fullName });
 * app.synth();
 * ```
 */
export class MetadataTable extends Construct {
  /** The table itself, for what this class has no getter for, e.g. `table.resource.selfLink`. */
  readonly resource: BigqueryTable;

  constructor(scope: Construct, id: string, { tenant, definition, datasetId, generation = 1 }: MetadataTableProps) {
    super(scope, id);
    const { tableId } = definition;
    const { schemaJson, generationAddress } = TableSchemas.of(this).share(definition, generation);
    this.resource = new BigqueryTable(this, "table", {
      ...tableArguments(tenant, definition),
      datasetId,
      schema: schemaJson,
      deletionProtection: tenant.deletionProtection,
      lifecycle: { replaceTriggeredBy: [generationAddress] },
    });
    this.resource.overrideLogicalId(code(tableLogicalId(tenant.tenantId, tableId)));
    new TableGrants(this, "grants", { tenant, table: definition, datasetId, generationAddress });
  }

  /** Reference to the table's id, e.g. to `step_logs`. A resource that uses it is created after the table, in any stack. */
  get tableId(): string {
    return this.resource.tableId;
  }

  /** Reference to the id of the table's dataset, e.g. to `acme_metadata`. */
  get datasetId(): string {
    return this.resource.datasetId;
  }

  /** References that make the table's name in SQL, unquoted, e.g. `example-dev.acme_metadata.step_logs`. */
  get fullName(): string {
    return fullTableName(this.resource.project, this.datasetId, this.tableId);
  }
}

/** Translates the REST resource; columns and dataset are left to the construct, which refers to them. */
function tableArguments(
  tenant: ResolvedTenant,
  definition: TableDefinition,
): Omit<BigqueryTableConfig, "datasetId" | "schema"> {
  const { tableReference, description, timePartitioning, clustering, ...rest } = literal(
    tableResource(tenant, definition),
  );
  const { requirePartitionFilter, tableConstraints, labels, encryptionConfiguration } = rest;
  return defined({
    project: tableReference.projectId,
    tableId: tableReference.tableId,
    description,
    timePartitioning:
      timePartitioning &&
      defined({
        ...timePartitioning,
        expirationMs: timePartitioning.expirationMs === undefined ? undefined : Number(timePartitioning.expirationMs),
      }),
    clustering: clustering && [...clustering.fields],
    requirePartitionFilter,
    tableConstraints: tableConstraints && constraintsArgument(tenant.tenantId, definition.tableId, tableConstraints),
    labels: { ...labels },
    encryptionConfiguration,
  });
}

function constraintsArgument(
  tenantId: string,
  tableId: string,
  { primaryKey, foreignKeys }: TableConstraintsResource,
): NonNullable<BigqueryTableConfig["tableConstraints"]> {
  return defined({
    primaryKey: primaryKey && { columns: [...primaryKey.columns] },
    foreignKeys: foreignKeys?.map(({ name, referencedTable, columnReferences: [columnReferences] }) => {
      if (columnReferences === undefined)
        throw new InternalError(`The foreign key ${name} of ${tableId} has no columns.`);
      return {
        name,
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
  });
}
