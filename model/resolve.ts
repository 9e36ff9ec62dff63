import { defined } from "./defined";
import { own } from "./own";
import type { Environment } from "./formats/environment";
import type { Offboarding } from "./formats/offboarding";
import type { Tenant } from "./formats/tenant";
import { datasetId, stackName } from "./names";
import { compare } from "./problems";
import { shardOf } from "./sharding";

const MS_PER_DAY = 86_400_000;

/** One tenant in one environment, with every setting decided. */
export interface ResolvedTenant {
  /** E.g. `acme_retail`. */
  readonly tenantId: string;
  /** Name for people, e.g. `Acme Retail`. */
  readonly displayName: string;
  /** Name of the environment, e.g. `prod`. */
  readonly environment: string;
  /** Google Cloud project that holds the dataset, e.g. `example-prod`. */
  readonly projectId: string;
  /** The dataset, e.g. `acme_retail_metadata`. */
  readonly datasetId: string;
  /** BigQuery location of the dataset, e.g. `EU`. */
  readonly location: string;
  /** The tenant's labels over the environment's, without the ones this package sets. */
  readonly labels: Readonly<Record<string, string>>;
  /** IAM members that may read all tables except those for key admins alone, e.g. `group:data-readers@example.com`. */
  readonly readers: readonly string[];
  /** IAM members that may write all tables except those for key admins alone. */
  readonly writers: readonly string[];
  /** IAM members that may read and write tables whose definition says `access: "keyAdmins"`; no one else may. */
  readonly keyAdmins: readonly string[];
  /** Milliseconds after which BigQuery deletes a partition. Absent: partitions are kept. */
  readonly partitionExpirationMs?: number;
  /** Cloud KMS key that encrypts dataset and tables. Absent: Google's own key. */
  readonly kmsKeyName?: string;
  /** Shard whose stack holds the tenant, from 0. */
  readonly shard: number;
  /** Whether Terraform refuses to delete or replace the tables. It drops columns all the same. */
  readonly deletionProtection: boolean;
  /** Whether the definitions' keys are sent to BigQuery. */
  readonly declareConstraints: boolean;
}

/** A stack and what is assigned to it: the tenants of one shard of one environment. */
export interface StackAssignment {
  /** `metadata-dev`, or `metadata-prod-007` when the environment has more than one shard. */
  readonly stackName: string;
  /** The environment; its backend, project and generations are the stack's. */
  readonly environment: Environment;
  /** From 0. */
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
 *
 * @param environment - one that the tenant names; in another it gets the environment's values throughout.
 * @param tenant - as the loader gives it.
 *
 * @example
 * ```ts
 * import { loadConfig, resolveTenant } from "tenant-metadata";
 *
 * const { environments, tenants } = loadConfig("configs");
 * for (const environment of environments)
 *   for (const tenant of tenants)
 *     if (environment.name in tenant.environments) console.log(resolveTenant(environment, tenant).datasetId);
 * ```
 */
export function resolveTenant(environment: Environment, tenant: Tenant): ResolvedTenant {
  const overrides = own(tenant.environments, environment.name) ?? {};
  const days = overrides.partitionExpirationDays ?? environment.partitionExpirationDays;
  const kmsKeyName = overrides.kmsKeyName ?? environment.kmsKeyName;
  return defined({
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
    partitionExpirationMs: days === undefined ? undefined : days * MS_PER_DAY,
    kmsKeyName,
    shard: overrides.shard ?? shardOf(tenant.tenantId, environment.shards),
    deletionProtection: environment.deletionProtection,
    declareConstraints: environment.declareConstraints,
  });
}

/**
 * Assigns an environment's tenants to its stacks, in order of shard; a shard without tenants still has its stack.
 *
 * @param environment - whose stacks they are.
 * @param tenants - all tenants; those that do not name the environment are skipped.
 * @param offboarded - the tenants that leave; Terraform destroys a deployed one that is in neither list.
 *
 * @example
 * ```ts
 * import { assignStacks, loadConfig } from "tenant-metadata";
 *
 * const { environments, tenants, offboarded } = loadConfig("configs");
 * for (const environment of environments)
 *   for (const assignment of assignStacks(environment, tenants, offboarded))
 *     console.log(assignment.stackName, assignment.tenants.length);
 * ```
 */
export function assignStacks(
  environment: Environment,
  tenants: readonly Tenant[],
  offboarded: readonly Offboarding[],
): readonly StackAssignment[] {
  const managed = tenants
    .filter(({ environments }) => Object.hasOwn(environments, environment.name))
    .map((tenant) => resolveTenant(environment, tenant));
  const forgotten: ResolvedTenant[] = [];
  for (const offboarding of offboarded) {
    const step = own(offboarding.environments, environment.name)?.step;
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

/** The tenant as it was in the environments it leaves: names, addresses and rules follow from that. */
export function leavingTenant({ tenantId, displayName, environments }: Offboarding): Tenant {
  return {
    tenantId,
    displayName,
    environments: Object.fromEntries(Object.entries(environments).map(([name, { overrides }]) => [name, overrides])),
  };
}
