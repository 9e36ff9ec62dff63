import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { TableDefinition } from "../model/formats/table-definition";
import type { StackAssignment } from "../model/resolve";
import { addBackend, addForgotten, addOutput, addProvider, tenantConstructId } from "./stack-parts";
import { TenantMetadata } from "./tenant-metadata";

/** What a {@link TenantMetadataStack} is made from. */
export interface TenantMetadataStackProps {
  /** The environment and the tenants of the stack's shard: one element of what `assignStacks` returns. */
  readonly assignment: StackAssignment;
  /** The tables that every tenant gets, e.g. `loadConfig("configs").definitions`. */
  readonly definitions: readonly TableDefinition[];
}

/**
 * The metadata of every tenant in one shard of an environment: provider, state backend, each table's schema once, one
 * {@link TenantMetadata} per tenant, and the output `tenants`, a map from tenant to dataset id and full table names.
 *
 * Give it the assignment's `stackName` as id: `cdktf deploy` and the path of the state go by it.
 *
 * Other stacks may refer to its tenants, and it takes aspects. Where neither is needed, `synthesizeStacks` writes the same
 * resources several times faster.
 *
 * @example
 * ```ts
 * import { App } from "cdktf";
 * import { assignStacks, loadConfig, TenantMetadataStack } from "tenant-metadata";
 *
 * const app = new App();
 * const { definitions, environments, tenants, offboarded } = loadConfig("configs");
 * for (const environment of environments)
 *   for (const assignment of assignStacks(environment, tenants, offboarded))
 *     new TenantMetadataStack(app, assignment.stackName, { assignment, definitions });
 * app.synth();
 * ```
 */
export class TenantMetadataStack extends TerraformStack {
  /** Every tenant of the stack, by tenant id, e.g. `stack.tenants.get("acme_retail")?.datasetId`. */
  readonly tenants: ReadonlyMap<string, TenantMetadata>;

  constructor(scope: Construct, id: string, { assignment, definitions }: TenantMetadataStackProps) {
    super(scope, id);
    addProvider(this, assignment.environment);
    addBackend(this, assignment.environment);
    const generations = assignment.environment.recreate;
    this.tenants = new Map(
      assignment.tenants.map((tenant) => {
        const metadata = new TenantMetadata(this, tenantConstructId(tenant), { tenant, definitions, generations });
        return [tenant.tenantId, metadata] as const;
      }),
    );
    addForgotten(this, assignment, definitions);
    addOutput(this, assignment, definitions);
  }
}
