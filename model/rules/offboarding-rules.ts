import type { Environment } from "../formats/environment";
import { own } from "../own";
import type { Offboarding } from "../formats/offboarding";
import { leavingTenant } from "../resolve";
import type { Tenant } from "../formats/tenant";
import { tenantRules } from "./deployment-rules";
import type { RuleFinding } from "./finding";

/** What the record of a leaving tenant must satisfy given the environments that exist and the tenant's own file, if any. */
export function* offboardingRules(
  offboarding: Offboarding,
  tenant: Tenant | undefined,
  environments: ReadonlyMap<string, Environment>,
  environmentNames: readonly string[],
  definitionLabels: Readonly<Record<string, string>>,
): Generator<RuleFinding> {
  for (const finding of tenantRules(leavingTenant(offboarding), environments, environmentNames, definitionLabels)) {
    const [first, name, ...rest] = finding.path;
    yield {
      ...finding,
      path: name === undefined || rest.length === 0 ? finding.path : [first ?? "", name, "overrides", ...rest],
    };
  }
  for (const name of Object.keys(offboarding.environments)) {
    if (tenant === undefined || !Object.hasOwn(tenant.environments, name)) continue;
    yield {
      path: ["environments", name],
      message: `The tenant leaves ${name}, but tenants/${tenant.tenantId}.json says it exists there`,
      received: name,
      remedy: `Remove ${name} from the tenant's file; to take the tenant back, remove it here and import what is still there (docs/onboarding.md)`,
    };
  }
}

/** The tenant in those environments that it leaves without its dataset being deleted. */
export function stayingTenant(offboarding: Offboarding): Tenant {
  const { environments, ...leaving } = leavingTenant(offboarding);
  const stays = ([name]: readonly [string, unknown]): boolean => own(offboarding.environments, name)?.step !== "delete";
  return { ...leaving, environments: Object.fromEntries(Object.entries(environments).filter(stays)) };
}
