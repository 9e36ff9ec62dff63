import { createHash } from "node:crypto";
import type { MetadataConfig } from "../../../model/load-config";
import { assignStacks } from "../../../model/resolve";

/** What one stack is made from. */
export interface StackInput {
  readonly environment: string;
  /** SHA-256 of the environment, the stack's tenants and the table definitions. */
  readonly digest: string;
  /** Ids of the tenants in it, those it forgets as well. */
  readonly tenantIds: readonly string[];
}

/** The input of every stack of a configuration, by stack name. */
export function stackInputs(config: MetadataConfig): ReadonlyMap<string, StackInput> {
  const definitions = JSON.stringify(config.definitions);
  return new Map(
    config.environments
      .flatMap((environment) => assignStacks(environment, config.tenants, config.offboarded))
      .map((plan) => [
        plan.stackName,
        {
          environment: plan.environment.name,
          digest: createHash("sha256").update(definitions).update(JSON.stringify(plan)).digest("hex"),
          tenantIds: [...plan.tenants, ...(plan.forgotten ?? [])].map(({ tenantId }) => tenantId),
        },
      ]),
  );
}
