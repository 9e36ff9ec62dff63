import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GcsBackend, LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { tenantAddresses } from "../model/addresses";
import type { Environment } from "../model/formats/environment";
import type { TableDefinition } from "../model/formats/table-definition";
import { fullTableName } from "../model/names";
import type { StackPlan } from "../model/resolve";
import { TenantMetadata } from "./tenant-metadata";

export interface TenantMetadataStackProps {
  /** The environment and the tenants of the stack's shard, see `planStacks`. */
  readonly plan: StackPlan;
  /** Every table that each tenant shall have. */
  readonly definitions: readonly TableDefinition[];
}

/**
 * The metadata of every tenant in one shard of an environment: provider, state backend, each table's schema once, one
 * {@link TenantMetadata} per tenant, and the output `tenants`, a map from tenant to dataset id and full table names.
 *
 * Give it the name of its plan, since `cdktf deploy` and the state's path go by it:
 *
 *     new TenantMetadataStack(app, plan.stackName, { plan, definitions });
 */
export class TenantMetadataStack extends TerraformStack {
  /** By tenant id. */
  readonly tenants: ReadonlyMap<string, TenantMetadata>;

  constructor(scope: Construct, id: string, { plan, definitions }: TenantMetadataStackProps) {
    super(scope, id);
    addProvider(this, plan.environment);
    addBackend(this, plan.environment);
    this.tenants = new Map(
      plan.tenants.map((tenant) => [
        tenant.tenantId,
        new TenantMetadata(this, tenant.tenantId, { tenant, definitions, generations: plan.environment.recreate }),
      ]),
    );
    forget(
      this,
      plan.forgotten.flatMap((tenant) =>
        tenantAddresses(
          tenant,
          definitions.map(({ tableId }) => tableId),
        ),
      ),
    );
    new TerraformOutput(this, "tenants", {
      description: "Dataset id and full table names of each tenant.",
      value: Object.fromEntries(
        plan.tenants.map(({ tenantId, projectId, datasetId }) => [
          tenantId,
          {
            dataset_id: datasetId,
            tables: Object.fromEntries(
              definitions.map(({ tableId }) => [tableId, fullTableName(projectId, datasetId, tableId)]),
            ),
          },
        ]),
      ),
    });
  }
}

/**
 * Tells Terraform (from 1.7) to drop resources from its state without destroying them. An address that the state does not
 * hold is passed over, so the blocks can stay for good.
 *
 * @see https://developer.hashicorp.com/terraform/language/block/removed
 */
function forget(stack: TenantMetadataStack, addresses: readonly string[]): void {
  if (addresses.length === 0) return;
  stack.addOverride(
    "removed",
    addresses.map((from) => ({ from, lifecycle: { destroy: false } })),
  );
}

function addProvider(stack: TenantMetadataStack, { projectId, endpoint }: Environment): void {
  new GoogleProvider(stack, "google", {
    project: projectId,
    // The label would tell a table made by Terraform from one made by the runtime, which shall be equal.
    addTerraformAttributionLabel: false,
    // An emulator asks for no credentials, but the provider insists on some.
    ...(endpoint === undefined ? {} : { bigQueryCustomEndpoint: `${endpoint}/bigquery/v2/`, accessToken: "emulator" }),
  });
}

function addBackend(stack: TenantMetadataStack, { backend }: Environment): void {
  const name = stack.node.id;
  if (backend.type === "gcs") {
    new GcsBackend(stack, { bucket: backend.bucket, prefix: [backend.prefix, name].filter(Boolean).join("/") });
  } else {
    // Relative to the stack's folder, so that output does not depend on the machine: it lands beside `cdktf.out/`.
    new LocalBackend(stack, { path: `../../../terraform.${name}.tfstate` });
  }
}
