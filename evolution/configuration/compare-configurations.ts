import type { MetadataConfig } from "../../model/load-config";
import type { TableDefinition } from "../../model/formats/table-definition";
import { compare } from "../../model/problems";
import type { ResolvedTenant } from "../../model/resolve";
import { datasetResource, tableResource } from "../../model/resources";
import type { ComparableTable } from "../../model/columns/comparable";
import { compareAccess, judgeAccess, type TenantFinding } from "./compare-access";
import { compareDatasets } from "./compare-datasets";
import { compareEnvironment, compareRecord } from "./compare-environment";
import { type Deployment, deployments } from "./deployments";
import { compareDefinitions } from "../definitions/compare-definitions";
import { compareTable } from "../definitions/compare-table";
import { type Finding, finding } from "../catalogue/finding";

/**
 * Compares two whole configurations: their table definitions, and what environments and tenants make of them.
 *
 * What holds everywhere is reported once; what holds for one tenant or environment only names it.
 */
export function compareConfigurations(old: MetadataConfig, now: MetadataConfig): readonly Finding[] {
  const everywhere = compareDefinitions(old.definitions, now.definitions);
  const known = new Set(everywhere.map(key));
  const before = deployments(old, "tenants");
  const after = deployments(now, "tenants");
  // A tenant that Terraform forgets keeps all it has.
  const forgotten = deployments(now, "forgotten");
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const ofTenants = names.flatMap((name) => {
    const was = before.get(name);
    const is = after.get(name);
    const tenant = (is ?? was)?.tenant;
    if (tenant === undefined) return [];
    const findings = forgotten.has(name)
      ? [finding("resource-forgotten", { table: "*", path: "" })]
      : compareDeployment(was, is, old.definitions, now.definitions);
    return findings.map((found) => ({ ...found, environment: tenant.environment, tenant: tenant.tenantId }));
  });
  const perTenant = ofTenants.filter((found) => !known.has(key(found)));
  const access = [...judgeAccess(compareAccess(old, now), now)];
  return [
    ...everywhere.map((found) => inEffect(found, ofTenants)),
    ...compareEnvironments(old, now),
    ...mergeTenants([...perTenant, ...access], names),
  ];
}

/** An expiration of the definition takes the place of the environment's: what changes is said as it takes effect in each. */
function inEffect(found: Finding, ofTenants: readonly TenantFinding[]): Finding {
  if (found.path !== "timePartitioning.expirationMs") return found;
  const environments = new Map<string, Set<string>>();
  for (const { message, environment } of ofTenants.filter((other) => key(other) === key(found))) {
    environments.set(message, (environments.get(message) ?? new Set()).add(environment));
  }
  if (environments.size === 0 || (environments.size === 1 && environments.has(found.message))) return found;
  const messages = [...environments].map(([message, names]) => `In ${[...names].sort(compare).join(", ")}: ${message}`);
  return { ...found, message: messages.join(" ") };
}

function compareEnvironments(old: MetadataConfig, now: MetadataConfig): readonly Finding[] {
  const defined = new Set(old.definitions.map(({ tableId }) => tableId));
  const tables = new Set(now.definitions.map(({ tableId }) => tableId).filter((tableId) => defined.has(tableId)));
  const [before, after] = [old, now].map(
    ({ environments }) => new Map(environments.map((environment) => [environment.name, environment])),
  );
  const names = new Set([...old.environments, ...now.environments].map(({ name }) => name));
  for (const name of [...old.deployed.keys(), ...now.deployed.keys()]) names.add(name);
  return [...names].sort(compare).flatMap((environment) => {
    const [was, is] = [before?.get(environment), after?.get(environment)];
    const deployed = old.deployed.get(environment);
    return [
      ...(was === undefined && is === undefined ? [] : compareEnvironment(was, is, { tables, deployed })),
      ...compareRecord(deployed, now.deployed.get(environment), was),
    ].map((found) => ({
      ...found,
      environment,
      // Before the first configuration there was nothing that another environment could be mistaken for.
      needsAllowance: found.needsAllowance && old.environments.length > 0,
    }));
  });
}

/** Says once, for the environment, what happens to every one of its tenants. */
function mergeTenants(findings: readonly TenantFinding[], names: readonly string[]): readonly Finding[] {
  const tenantsOf = new Map<string, number>();
  for (const name of names) {
    const environment = name.slice(0, name.indexOf("/"));
    tenantsOf.set(environment, (tenantsOf.get(environment) ?? 0) + 1);
  }
  const groups = new Map<string, TenantFinding[]>();
  for (const found of findings) {
    const group = `${found.environment} ${key(found)}`;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [found]);
    else members.push(found);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length === 1 || group.length < (tenantsOf.get(first.environment) ?? 0))
      return group;
    const { tenant, ...shared } = first;
    const isSame = group.every(({ message }) => message === first.message);
    return [
      isSame ? shared : { ...shared, message: `${first.message} This holds for ${tenant} and every other tenant.` },
    ];
  });
}

function compareDeployment(
  was: Deployment | undefined,
  is: Deployment | undefined,
  oldDefinitions: readonly TableDefinition[],
  newDefinitions: readonly TableDefinition[],
): readonly Finding[] {
  const whole = { table: "*", path: "" };
  if (was === undefined) return [finding("dataset-added", whole)];
  if (is === undefined) {
    return [
      finding("dataset-deleted", whole, {
        what: "the tenant's dataset with its tables and all their rows",
        comesBack: false,
        protection: "Where deletion protection is on, the provider refuses it at apply.",
      }),
    ];
  }
  const moved = compareDatasets(
    { ...datasetResource(was.tenant), deletionProtection: was.tenant.deletionProtection },
    { ...datasetResource(is.tenant), deletionProtection: is.tenant.deletionProtection },
  );
  const before = new Map(oldDefinitions.map((definition) => [definition.tableId, definition]));
  return [
    ...(was.stackName === is.stackName
      ? []
      : [finding("tenant-moved", { table: "*", path: "shard" }, { from: was.stackName, to: is.stackName })]),
    ...moved,
    ...newDefinitions.flatMap((definition) => {
      const counterpart = before.get(definition.tableId);
      if (counterpart === undefined) return [];
      return compareTable(comparable(was.tenant, counterpart), comparable(is.tenant, definition));
    }),
  ];
}

/** The table as the tenant has it; `allowedValues` and undeclared keys were compared with the definitions. */
function comparable(tenant: ResolvedTenant, definition: TableDefinition): ComparableTable {
  return { tableId: definition.tableId, ...tableResource(tenant, definition) };
}

function key({ code, table, path }: Finding): string {
  return `${code} ${table} ${path}`;
}
