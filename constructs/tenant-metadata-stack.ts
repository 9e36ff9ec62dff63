import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GcsBackend, LocalBackend, TerraformOutput, TerraformResource, TerraformStack } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { tenantAddresses } from "../model/addresses";
import type { Environment } from "../model/formats/environment";
import type { TableDefinition } from "../model/formats/table-definition";
import { fullTableName } from "../model/names";
import type { StackPlan } from "../model/resolve";
import { ForgottenResources } from "./forgotten-resources";
import { OnePassSynthesizer } from "./synth/one-pass-synthesizer";
import { TenantMetadata } from "./tenant-metadata";

export interface TenantMetadataStackProps {
  /** The environment and the tenants of the stack's shard, see `planStacks`. */
  readonly plan: StackPlan;
  /** Every table that each tenant shall have. */
  readonly definitions: readonly TableDefinition[];
  /**
   * Synthesize in one pass, several times faster and with one line per resource: for a stack that no other stack refers to
   * and that has no aspects.
   * @default false
   */
  readonly standalone?: boolean;
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
  /** By tenant id; empty in a standalone stack, which lets go of each tenant once it is rendered. */
  readonly tenants: ReadonlyMap<string, TenantMetadata>;
  /** How many resources the tenants have, by type, e.g. `google_bigquery_table`. */
  readonly resourceCounts: ReadonlyMap<string, number>;
  private readonly standalone: boolean;

  constructor(scope: Construct, id: string, { plan, definitions, standalone = false }: TenantMetadataStackProps) {
    super(scope, id);
    this.standalone = standalone;
    addProvider(this, plan.environment);
    addBackend(this, plan.environment);
    const synthesizer = standalone ? new OnePassSynthesizer(this) : undefined;
    this.synthesizer = synthesizer ?? this.synthesizer;
    const tenants = new Map<string, TenantMetadata>();
    const counts = new Map<string, number>();
    for (const tenant of plan.tenants) {
      const { tenantId } = tenant;
      const metadata = new TenantMetadata(this, tenantId, {
        tenant,
        definitions,
        generations: plan.environment.recreate,
      });
      for (const { terraformResourceType: type } of metadata.node.findAll().filter(isResource)) {
        counts.set(type, (counts.get(type) ?? 0) + 1);
      }
      if (synthesizer === undefined) tenants.set(tenantId, metadata);
      else {
        synthesizer.render(metadata);
        this.node.tryRemoveChild(tenantId);
      }
    }
    this.tenants = tenants;
    this.resourceCounts = counts;
    const { forgotten = [] } = plan;
    if (forgotten.length > 0) {
      const tableIds = definitions.map(({ tableId }) => tableId);
      const addresses = forgotten.flatMap((tenant) => tenantAddresses(tenant, tableIds));
      new ForgottenResources(this, "forgotten-resources", addresses);
    }
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

  /** Looks for references between stacks, which a standalone one has none of. */
  override prepareStack(): void {
    if (!this.standalone) super.prepareStack();
  }
}

function isResource(construct: IConstruct): construct is TerraformResource {
  return TerraformResource.isTerraformResource(construct);
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
