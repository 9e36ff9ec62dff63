import { BigqueryDataset } from "@cdktf/provider-google/lib/bigquery-dataset";
import { Construct } from "constructs";
import type { TableDefinition } from "../model/formats/table-definition";
import { datasetAddress, reference } from "../model/names";
import type { ResolvedTenant } from "../model/resolve";
import { datasetResource } from "../model/resources";
import { MetadataTable } from "./metadata-table";
import { TableGrants } from "./table-grants";
import { literal } from "./terraform-strings";

export interface TenantMetadataProps {
  readonly tenant: ResolvedTenant;
  /** Every table the dataset shall have. */
  readonly definitions: readonly TableDefinition[];
  /**
   * Generation by table id, see {@link MetadataTableProps.generation}.
   * @default {} - every table has generation 1
   */
  readonly generations?: Readonly<Record<string, number>>;
}

/**
 * A tenant's metadata: dataset `google_bigquery_dataset.<tenantId>`, its tables, and who may touch them.
 *
 * The dataset is never destroyed with tables in it (`delete_contents_on_destroy` is false).
 */
export class TenantMetadata extends Construct {
  readonly dataset: BigqueryDataset;
  /** By table id. */
  readonly tables: ReadonlyMap<string, MetadataTable>;

  constructor(scope: Construct, id: string, { tenant, definitions, generations = {} }: TenantMetadataProps) {
    super(scope, id);
    this.dataset = new BigqueryDataset(this, "dataset", datasetArguments(tenant));
    this.dataset.overrideLogicalId(tenant.tenantId);
    const datasetId = reference(datasetAddress(tenant.tenantId), "dataset_id");
    this.tables = new Map(
      definitions.map((definition) => {
        const { tableId } = definition;
        const generation = generations[tableId] ?? 1;
        return [tableId, new MetadataTable(this, tableId, { tenant, definition, datasetId, generation })] as const;
      }),
    );
    for (const [tableId, table] of this.tables) {
      new TableGrants(this, `${tableId}-grants`, { tenant, tableId, datasetId, table });
    }
  }
}

function datasetArguments(tenant: ResolvedTenant): ConstructorParameters<typeof BigqueryDataset>[2] {
  const { datasetReference, friendlyName, description, location, labels, ...rest } = datasetResource(tenant);
  const { defaultEncryptionConfiguration, defaultPartitionExpirationMs } = rest;
  return {
    project: datasetReference.projectId,
    datasetId: datasetReference.datasetId,
    friendlyName: literal(friendlyName),
    description: literal(description),
    location,
    labels: { ...labels },
    deleteContentsOnDestroy: false,
    ...(defaultEncryptionConfiguration === undefined ? {} : { defaultEncryptionConfiguration }),
    ...(defaultPartitionExpirationMs === undefined
      ? {}
      : { defaultPartitionExpirationMs: Number(defaultPartitionExpirationMs) }),
  };
}
