import { BigqueryDataset } from "@cdktf/provider-google/lib/bigquery-dataset";
import { Construct } from "constructs";
import { defined } from "../model/defined";
import type { TableDefinition } from "../model/formats/table-definition";
import { datasetAddress } from "../model/names";
import type { ResolvedTenant } from "../model/resolve";
import { datasetResource } from "../model/resources";
import { MetadataTable } from "./metadata-table";
import { code, literal, reference } from "./terraform-strings";

/** What a {@link TenantMetadata} is made from. */
export interface TenantMetadataProps {
  /** The tenant in one environment, with every setting decided. See `resolveTenant`. */
  readonly tenant: ResolvedTenant;
  /** The tables that the dataset gets, e.g. `loadConfig("configs").definitions`. */
  readonly definitions: readonly TableDefinition[];
  /**
   * Generation by table id, e.g. the environment's `recreate`. See {@link MetadataTableProps.generation}.
   * @default - every table has generation 1
   */
  readonly generations?: Readonly<Record<string, number>>;
}

/**
 * A tenant's metadata: dataset `google_bigquery_dataset.<tenantId>`, its tables, and who may touch them.
 *
 * Terraform never destroys the dataset with tables in it (`delete_contents_on_destroy` is false).
 *
 * @throws {@link UsageError} when the stack already holds another definition or generation of one of the tables.
 * @see https://registry.terraform.io/providers/hashicorp/google/6.50.0/docs/resources/bigquery_dataset
 *
 * @example
 * ```ts
 * import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
 * import { App, TerraformOutput, TerraformStack } from "cdktf";
 * import { loadConfig, resolveTenant, TenantMetadata } from "tenant-metadata";
 *
 * const { definitions, environments: [environment], tenants: [tenant] } = loadConfig("configs");
 * if (environment === undefined || tenant === undefined) throw new Error("no environment or no tenant");
 *
 * const app = new App();
 * const stack = new TerraformStack(app, "platform");
 * new GoogleProvider(stack, "google", { project: environment.projectId });
 * const metadata = new TenantMetadata(stack, tenant.tenantId, { tenant: resolveTenant(environment, tenant), definitions });
 * new TerraformOutput(stack, "dataset", { value: metadata.datasetId });
 * app.synth();
 * ```
 */
export class TenantMetadata extends Construct {
  /** The dataset itself, for what this class has no getter for, e.g. `metadata.resource.selfLink`. */
  readonly resource: BigqueryDataset;
  /** By table id, e.g. `metadata.tables.get("step_logs")?.fullName`. */
  readonly tables: ReadonlyMap<string, MetadataTable>;

  constructor(scope: Construct, id: string, { tenant, definitions, generations = {} }: TenantMetadataProps) {
    super(scope, id);
    this.resource = new BigqueryDataset(this, "dataset", datasetArguments(tenant));
    this.resource.overrideLogicalId(code(tenant.tenantId));
    // An expression rather than a token: cdktf keeps every token, and with it the tenant, until the process ends.
    const datasetId = reference(datasetAddress(tenant.tenantId), "dataset_id");
    const generationOf = new Map(Object.entries(generations));
    // No table id holds a dash, so no construct id meets another one.
    this.tables = new Map(
      definitions.map((definition) => {
        const { tableId } = definition;
        const generation = generationOf.get(tableId) ?? 1;
        const table = new MetadataTable(this, `table-${tableId}`, { tenant, definition, datasetId, generation });
        return [tableId, table] as const;
      }),
    );
  }

  /** Reference to the dataset's id, e.g. to `acme_metadata`. A resource that uses it is created after the dataset, in any stack. */
  get datasetId(): string {
    return this.resource.datasetId;
  }
}

function datasetArguments(tenant: ResolvedTenant): ConstructorParameters<typeof BigqueryDataset>[2] {
  const { datasetReference, friendlyName, description, location, labels, ...rest } = literal(datasetResource(tenant));
  const { defaultEncryptionConfiguration, defaultPartitionExpirationMs } = rest;
  return defined({
    project: datasetReference.projectId,
    datasetId: datasetReference.datasetId,
    friendlyName,
    description,
    location,
    labels: { ...labels },
    deleteContentsOnDestroy: false,
    defaultEncryptionConfiguration,
    defaultPartitionExpirationMs:
      defaultPartitionExpirationMs === undefined ? undefined : Number(defaultPartitionExpirationMs),
  });
}
