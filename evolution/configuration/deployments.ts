import type { MetadataConfig } from "../../model/load-config";
import { assignStacks, type ResolvedTenant } from "../../model/resolve";
import type { Scope } from "../allowances/judge";

/** A tenant in an environment, with the stack that holds it. */
export interface Deployment {
  readonly stackName: string;
  readonly tenant: ResolvedTenant;
}

/** Every tenant that Terraform manages, or forgets, by `<environment>/<tenantId>`. */
export function deployments(config: MetadataConfig, which: "tenants" | "forgotten"): ReadonlyMap<string, Deployment> {
  return new Map(
    config.environments.flatMap((environment) =>
      assignStacks(environment, config.tenants, config.offboarded).flatMap(({ stackName, ...stack }) =>
        (stack[which] ?? []).map(
          (tenant) => [`${environment.name}/${tenant.tenantId}`, { stackName, tenant }] as const,
        ),
      ),
    ),
  );
}

/**
 * Every tenant whose rows a change of the configuration can reach: those that Terraform manages after it, leaving ones without
 * protection among them, and those that it managed before and does not forget.
 */
export function reachedTenants(old: MetadataConfig, now: MetadataConfig): readonly Scope[] {
  const forgotten = deployments(now, "forgotten");
  const before = [...deployments(old, "tenants")].filter(([name]) => !forgotten.has(name));
  return [...new Map([...before, ...deployments(now, "tenants")]).values()].map(({ tenant }) => ({
    environment: tenant.environment,
    tenant: tenant.tenantId,
  }));
}
