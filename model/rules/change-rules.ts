import type { Environment } from "../formats/environment";
import { leavingTenant, type OffboardingStep } from "../formats/offboarding";
import type { MetadataConfig } from "../load-config";
import { stackName } from "../names";
import { compare, type Problem, show } from "../problems";
import { resolveTenant } from "../resolve";

/** Where a tenant stands in an environment. */
type Standing = "managed" | "absent" | OffboardingStep;

interface Place {
  readonly standing: Standing;
  readonly stack: string;
}

/** Every step that loses nothing; `absent` after a step that Terraform has to carry out first would skip it. */
const ALLOWED: Readonly<Record<Standing, readonly Standing[]>> = {
  absent: ["absent", "managed"],
  managed: ["managed", "forget", "unprotect"],
  unprotect: ["managed", "forget", "unprotect", "delete"],
  forget: ["forget", "absent"],
  delete: ["delete", "absent", "managed"],
};

/**
 * What a change of the configuration must not do to tenants that exist already, whatever the new configuration says alone.
 *
 * A tenant that vanishes without a record, or moves to another stack, has its tables destroyed by Terraform. Environments on
 * an emulator are passed over: nothing there is kept.
 *
 * @param base - the configuration that was in force.
 */
export function changeProblems(base: MetadataConfig, now: MetadataConfig): readonly Problem[] {
  const environments = new Map(base.environments.map((environment) => [environment.name, environment]));
  const [before, after] = [places(base, environments), places(now, new Map(now.environments.map((e) => [e.name, e])))];
  return [...before]
    .flatMap(([key, place]) => {
      const [tenantId = "", environment = ""] = key.split(" ");
      if (environments.get(environment)?.endpoint !== undefined) return [];
      const problem = placeProblem(
        { tenantId, environment },
        place,
        after.get(key) ?? { standing: "absent", stack: "" },
      );
      return problem === undefined ? [] : [problem];
    })
    .sort((a, b) => compare(a.file, b.file));
}

function placeProblem(
  { tenantId, environment }: { readonly tenantId: string; readonly environment: string },
  before: Place,
  after: Place,
): Problem | undefined {
  const offboard = `tenant-metadata tenant offboard ${tenantId} --environment ${environment}`;
  if (!ALLOWED[before.standing].includes(after.standing)) {
    const file = after.standing === "managed" ? `tenants/${tenantId}.json` : `offboarding/${tenantId}.json`;
    const step = { file, path: `environments.${environment}.step`, received: show(after.standing) };
    if (before.standing === "forget") {
      return {
        file,
        path: `environments.${environment}`,
        message: `Terraform has forgotten the tenant in ${environment}, and its dataset is still there`,
        remedy:
          "To take it back, remove the record in a pull request of its own, then import what is there (docs/onboarding.md); to delete the data, use BigQuery's own tools",
      };
    }
    if (before.standing === "delete") {
      return {
        ...step,
        message: "The tenant's data is deleted already",
        allowed: show("delete"),
        remedy: "Leave the record as it was",
      };
    }
    if (after.standing === "delete") {
      return {
        ...step,
        message: `The tenant is deleted from ${environment} before its tables are unprotected, and Terraform refuses that`,
        allowed: show("unprotect"),
        remedy: `Merge and deploy \`${offboard} --delete-data\` once before you run it again`,
      };
    }
    return {
      file: `tenants/${tenantId}.json`,
      path: `environments.${environment}`,
      message: `The tenant vanishes from ${environment} while its tables may still exist; Terraform would destroy them with their rows`,
      remedy: `Put it back, then run \`${offboard} --keep-data\` or \`--delete-data\``,
    };
  }
  const stays = before.standing === "managed" || before.standing === "unprotect";
  if (!stays || before.stack === after.stack || after.standing === "absent" || after.standing === "delete")
    return undefined;
  return {
    file: after.standing === "managed" ? `tenants/${tenantId}.json` : `offboarding/${tenantId}.json`,
    path: `environments.${environment}`,
    message:
      "The tenant moves between states, which Terraform carries out by destroying its tables in one and creating empty ones in the other",
    received: show(after.stack),
    allowed: show(before.stack),
    remedy: "Leave `shards` of the environment and `shard` of the tenant as they were deployed",
  };
}

/** Every tenant of every environment by `<tenantId> <environment>`. */
function places(config: MetadataConfig, environments: ReadonlyMap<string, Environment>): ReadonlyMap<string, Place> {
  const found = new Map<string, Place>();
  const add = (tenant: Parameters<typeof resolveTenant>[1], standingIn: (environment: string) => Standing): void => {
    for (const name of Object.keys(tenant.environments)) {
      const environment = environments.get(name);
      if (environment === undefined) continue;
      const { shard } = resolveTenant(environment, tenant);
      found.set(`${tenant.tenantId} ${name}`, {
        standing: standingIn(name),
        stack: stackName(name, shard, environment.shards),
      });
    }
  };
  for (const record of config.offboarded)
    add(leavingTenant(record), (name) => record.environments[name]?.step ?? "absent");
  for (const tenant of config.tenants) add(tenant, () => "managed");
  return found;
}
