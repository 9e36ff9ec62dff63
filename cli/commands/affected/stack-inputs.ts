import { createHash } from "node:crypto";
import type { MetadataConfig, ReadConfig } from "../../../model/load-config";
import { stackName } from "../../../model/names";
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

/**
 * The stacks of a configuration that is not valid, as far as its files tell. An environment whose file cannot be read has as
 * many shards as its record says, one without a record.
 */
export function stacksRead({ config, broken }: ReadConfig): readonly string[] {
  const unread = broken.flatMap(({ file, isRead }) => {
    const name = isRead ? undefined : /^environments\/([^/]*)\.json$/.exec(file)?.[1];
    return name === undefined ? [] : [{ name, shards: config.deployed.get(name)?.shards ?? 1 }];
  });
  return [...config.environments, ...unread].flatMap(({ name, shards }) =>
    Array.from({ length: shards }, (_, shard) => stackName(name, shard, shards)),
  );
}
