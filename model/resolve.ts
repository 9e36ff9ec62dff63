import type { Environment } from "./formats/environment";
import { leavingTenant, type Offboarding } from "./formats/offboarding";
import type { Tenant } from "./formats/tenant";
import { datasetId, stackName } from "./names";
import { compare } from "./problems";
import { shardOf } from "./sharding";

const MS_PER_DAY = 86_400_000;

/** One tenant in one environment, with every setting decided. */
export interface ResolvedTenant {
  readonly tenantId: string;
  readonly displayName: string;
  readonly environment: string;
  readonly projectId: string;
  readonly datasetId: string;
  readonly location: string;
  /** The tenant's labels over the environment's, without the ones this package sets. */
  readonly labels: Readonly<Record<string, string>>;
  readonly readers: readonly string[];
  readonly writers: readonly string[];
  readonly keyAdmins: readonly string[];
  /** Absent: partitions are kept. */
  readonly partitionExpirationMs?: number;
  readonly kmsKeyName?: string;
  readonly shard: number;
  readonly deletionProtection: boolean;
  readonly declareConstraints: boolean;
}

/** One stack: the tenants of one shard of one environment. */
export interface StackPlan {
  /** `metadata-dev`, or `metadata-prod-007` when the environment has more than one shard. */
  readonly stackName: string;
  readonly environment: Environment;
  readonly shard: number;
  /** Tenants whose resources the stack manages; those about to be deleted are among them, without deletion protection. */
  readonly tenants: readonly ResolvedTenant[];
  /**
   * Tenants whose resources Terraform forgets, leaving them as they are.
   * @default []
   */
  readonly forgotten?: readonly ResolvedTenant[];
}

/**
 * Decides every setting of a tenant in an environment.
 *
 * 1. The tenant's override for the environment.
 * 2. The environment's value.
 *
 * Labels are merged key by key; lists of members are replaced as a whole, so that a tenant can also narrow access.
 */
export function resolveTenant(environment: Environment, tenant: Tenant): ResolvedTenant {
  const overrides = tenant.environments[environment.name] ?? {};
  const days = overrides.partitionExpirationDays ?? environment.partitionExpirationDays;
  const kmsKeyName = overrides.kmsKeyName ?? environment.kmsKeyName;
  return {
    tenantId: tenant.tenantId,
    displayName: tenant.displayName,
    environment: environment.name,
    projectId: environment.projectId,
    datasetId: datasetId(environment.datasetIdTemplate, { tenantId: tenant.tenantId, environment: environment.name }),
    location: overrides.location ?? environment.location,
    labels: { ...environment.labels, ...overrides.labels },
    readers: overrides.readers ?? environment.readers,
    writers: overrides.writers ?? environment.writers,
    keyAdmins: overrides.keyAdmins ?? environment.keyAdmins,
    ...(days === undefined ? {} : { partitionExpirationMs: days * MS_PER_DAY }),
    ...(kmsKeyName === undefined ? {} : { kmsKeyName }),
    shard: overrides.shard ?? shardOf(tenant.tenantId, environment.shards),
    deletionProtection: environment.deletionProtection,
    declareConstraints: environment.declareConstraints,
  };
}

/**
 * Distributes an environment's tenants over its stacks, in order of shard; a shard without tenants still has its stack.
 *
 * @param offboarded - the tenants that leave; one that is in neither list would be destroyed.
 */
export function planStacks(
  environment: Environment,
  tenants: readonly Tenant[],
  offboarded: readonly Offboarding[],
): readonly StackPlan[] {
  const managed = tenants
    .filter(({ environments }) => Object.hasOwn(environments, environment.name))
    .map((tenant) => resolveTenant(environment, tenant));
  const forgotten: ResolvedTenant[] = [];
  for (const offboarding of offboarded) {
    const step = offboarding.environments[environment.name]?.step;
    const tenant = resolveTenant(environment, leavingTenant(offboarding));
    if (step === "forget") forgotten.push(tenant);
    if (step === "unprotect") managed.push({ ...tenant, deletionProtection: false });
  }
  const [managedByShard, forgottenByShard] = [byShard(managed), byShard(forgotten)];
  return Array.from({ length: environment.shards }, (_, shard) => ({
    stackName: stackName(environment.name, shard, environment.shards),
    environment,
    shard,
    tenants: managedByShard.get(shard) ?? [],
    forgotten: forgottenByShard.get(shard) ?? [],
  }));
}

/** Groups tenants by shard, each group in order of tenant id. */
function byShard(tenants: readonly ResolvedTenant[]): ReadonlyMap<number, readonly ResolvedTenant[]> {
  const groups = new Map<number, ResolvedTenant[]>();
  for (const tenant of [...tenants].sort((a, b) => compare(a.tenantId, b.tenantId))) {
    const group = groups.get(tenant.shard);
    if (group === undefined) groups.set(tenant.shard, [tenant]);
    else group.push(tenant);
  }
  return groups;
}
