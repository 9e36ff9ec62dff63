import type { Environment } from "../formats/environment";
import { stackName } from "../names";
import type { RuleFinding } from "./finding";

/** Stack names of an environment, one a shard. */
function stackNames({ name, shards }: Environment): readonly string[] {
  return Array.from({ length: shards }, (_, shard) => stackName(name, shard, shards));
}

/** The environment that each stack belongs to, by the stack's name; the first one wins. */
export function stackOwners(environments: Iterable<Environment>): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const environment of environments) {
    for (const stack of stackNames(environment)) if (!owners.has(stack)) owners.set(stack, environment.name);
  }
  return owners;
}

/** Two stacks of one name would write one state: `dev` with two shards has `metadata-dev-000`, as `dev-000` with one has. */
export function* stackRules(environment: Environment, owners: ReadonlyMap<string, string>): Generator<RuleFinding> {
  for (const stack of stackNames(environment)) {
    const owner = owners.get(stack);
    if (owner === undefined || owner === environment.name) continue;
    yield {
      path: ["shards"],
      message: `The stack ${stack} belongs to the environment ${owner} already`,
      received: stack,
      remedy: "Rename one of the two environments",
    };
    return;
  }
}
