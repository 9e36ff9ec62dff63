import type { OffboardingStep } from "../formats/offboarding";
import { own } from "../own";
import type { Tenant } from "../formats/tenant";
import type { MetadataConfig } from "../load-config";
import { stackName } from "../names";
import { compare, type Problem, show } from "../problems";
import { leavingTenant, resolveTenant } from "../resolve";

/** How far a tenant has left an environment. */
type Standing = "managed" | "absent" | OffboardingStep;

/** What an environment's configuration makes of a tenant. */
interface Residence {
  readonly standing: Standing;
  readonly stack: string;
}

const NOWHERE: Residence = { standing: "absent", stack: "" };

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
 * an emulator are skipped: nothing there is kept.
 *
 * @param base - the configuration that was in force.
 * @param deployed - the configuration last deployed, by environment: a step is taken only from where Terraform stands, so one
 *   that was merged but not deployed is not there to follow. An environment that is missing here is taken for deployed as `base`.
 */
export function changeProblems(
  base: MetadataConfig,
  now: MetadataConfig,
  deployed: ReadonlyMap<string, MetadataConfig> = new Map(),
): readonly Problem[] {
  const emulated = new Set(base.environments.filter(({ endpoint }) => endpoint !== undefined).map(({ name }) => name));
  const [before, after] = [residences(base), residences(now)];
  const live = new Map([...deployed].map(([environment, config]) => [environment, residences(config)]));
  return [...before]
    .flatMap(([key, residence]) => {
      const [tenantId = "", environment = ""] = key.split(" ");
      if (emulated.has(environment)) return [];
      const where = { tenantId, environment };
      const target = after.get(key) ?? NOWHERE;
      const standing = live.get(environment);
      const deployedAs = standing === undefined ? undefined : (standing.get(key) ?? NOWHERE);
      const problem = stepProblem(where, residence, target, deployedAs);
      return problem === undefined ? [] : [problem];
    })
    .sort((a, b) => compare(a.file, b.file));
}

function stepProblem(
  where: { readonly tenantId: string; readonly environment: string },
  before: Residence,
  after: Residence,
  deployedAs: Residence | undefined,
): Problem | undefined {
  const isUndeployed = deployedAs !== undefined && deployedAs.standing !== before.standing;
  if (!isUndeployed || before.standing === after.standing) return residenceProblem(where, before, after);
  // Terraform never forgot it: taking the step back is safe, and the only way on.
  const isTakenBack = before.standing === "forget" && deployedAs.standing === after.standing;
  const problem = isTakenBack ? undefined : residenceProblem(where, before, after);
  if (problem !== undefined || deployedAs.standing === "absent") return problem;
  if (ALLOWED[deployedAs.standing].includes(after.standing)) return undefined;
  return {
    file: after.standing === "managed" ? `tenants/${where.tenantId}.json` : `offboarding/${where.tenantId}.json`,
    path: `environments.${where.environment}`,
    message: `The step before, ${before.standing}, is not deployed: in ${where.environment} the tenant still is ${deployedAs.standing}, and Terraform would skip from there`,
    received: show(after.standing),
    allowed: ALLOWED[deployedAs.standing].map(show).join(", "),
    remedy: `Deploy ${where.environment} first; the tag deployed/${where.environment} says how far it got`,
  };
}

function residenceProblem(
  { tenantId, environment }: { readonly tenantId: string; readonly environment: string },
  before: Residence,
  after: Residence,
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
      "The tenant moves between states, and Terraform does that by destroying its tables in one and creating empty ones in the other",
    received: show(after.stack),
    allowed: show(before.stack),
    remedy: "Leave `shards` of the environment and `shard` of the tenant as they were deployed",
  };
}

/** Every tenant of every environment by `<tenantId> <environment>`. */
function residences(config: MetadataConfig): ReadonlyMap<string, Residence> {
  const environments = new Map(config.environments.map((environment) => [environment.name, environment]));
  const found = new Map<string, Residence>();
  const add = (tenant: Tenant, standingIn: (environment: string) => Standing): void => {
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
    add(leavingTenant(record), (name) => own(record.environments, name)?.step ?? "absent");
  for (const tenant of config.tenants) add(tenant, () => "managed");
  return found;
}
