import type { MetadataConfig } from "../../model/load-config";
import type { TableDefinition } from "../../model/formats/table-definition";
import { planStacks, type ResolvedTenant } from "../../model/resolve";
import { datasetResource, tableResource } from "../../model/resources";
import type { ComparableTable } from "../../model/columns/comparable";
import { compareDatasets } from "./compare-datasets";
import { compareDefinitions } from "../definitions/compare-definitions";
import { compareTable } from "../definitions/compare-table";
import { type Finding, finding } from "../catalogue/finding";

type TenantFinding = Finding & { readonly environment: string; readonly tenant: string };

/** A tenant in an environment, with the stack that holds it. */
interface Deployment {
  readonly stackName: string;
  readonly tenant: ResolvedTenant;
}

/**
 * Compares two whole configurations: their table definitions, and what environments and tenants make of them.
 *
 * What holds everywhere is reported once; what holds for one tenant or environment only names it.
 */
export function compareConfigs(old: MetadataConfig, now: MetadataConfig): readonly Finding[] {
  const everywhere = compareDefinitions(old.definitions, now.definitions);
  const known = new Set(everywhere.map(key));
  const before = deployments(old, "tenants");
  const after = deployments(now, "tenants");
  // A tenant that Terraform forgets keeps all it has.
  const forgotten = deployments(now, "forgotten");
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const perTenant = names.flatMap((name) => {
    const [was, is] = [before.get(name), after.get(name) ?? forgotten.get(name)];
    const tenant = (is ?? was)?.tenant;
    if (tenant === undefined) return [];
    return compareDeployment(was, is, old.definitions, now.definitions)
      .filter((found) => !known.has(key(found)))
      .map((found) => ({ ...found, environment: tenant.environment, tenant: tenant.tenantId }));
  });
  return [...everywhere, ...compareGenerations(old, now), ...mergeTenants(perTenant, names)];
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
      isSame ? shared : { ...shared, message: `${first.message} So for ${tenant}, and likewise for every tenant.` },
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

function compareGenerations(old: MetadataConfig, now: MetadataConfig): readonly Finding[] {
  const before = new Map(old.environments.map((environment) => [environment.name, environment.recreate]));
  return now.environments.flatMap(({ name, recreate }) =>
    Object.entries(recreate).flatMap(([table, generation]) => {
      const previous = before.get(name)?.[table] ?? 1;
      if (generation === previous || !before.has(name)) return [];
      return [
        {
          ...finding(
            "table-generation-raised",
            { table, path: `recreate.${table}` },
            {
              what: `the table of every tenant of ${name} with all its rows`,
              comesBack: true,
              because: `generation ${generation} after ${previous}`,
              protection: "Where deletion protection is on, the provider refuses it at apply.",
            },
          ),
          environment: name,
        },
      ];
    }),
  );
}

function deployments(config: MetadataConfig, which: "tenants" | "forgotten"): ReadonlyMap<string, Deployment> {
  return new Map(
    config.environments.flatMap((environment) =>
      planStacks(environment, config.tenants, config.offboarded).flatMap(({ stackName, ...plan }) =>
        (plan[which] ?? []).map((tenant) => [`${environment.name}/${tenant.tenantId}`, { stackName, tenant }] as const),
      ),
    ),
  );
}

function key({ code, table, path }: Finding): string {
  return `${code} ${table} ${path}`;
}
