import type { Deployed } from "../formats/deployed";
import { own } from "../own";
import type { Environment } from "../formats/environment";
import type { Tenant } from "../formats/tenant";
import { datasetId } from "../names";
import { pickOne } from "../problems";
import { resolveTenant } from "../resolve";
import { accessRules } from "./access-rules";
import type { RuleFinding } from "./finding";
import { labelCountRule, labelRules } from "./table-rules";

/** What an environment must satisfy given the tables that exist and what was deployed. */
export function* environmentRules(
  environment: Environment,
  tableIds: readonly string[],
  deployed: Deployed | undefined,
): Generator<RuleFinding> {
  yield* labelRules(environment.labels, ["labels"]);
  if (environment.endpoint !== undefined && environment.backend.type !== "local") {
    yield {
      path: ["endpoint"],
      message: "An endpoint is for an emulator, and an emulator's environment keeps its state locally",
      received: environment.backend.type,
      allowed: "local",
      remedy: "Remove `endpoint`, or give `backend` the type local",
    };
  }
  yield* accessRules(environment, environment, []);
  yield* kmsLocationRule(environment.kmsKeyName, environment.location, ["kmsKeyName"]);
  if (deployed !== undefined && deployed.shards !== environment.shards) {
    yield {
      path: ["shards"],
      message:
        "Changing the number of shards moves tenants between states, and Terraform does that by destroying their tables in one and creating empty ones in the other",
      received: environment.shards,
      allowed: `${deployed.shards}, as deployed`,
      remedy: `Keep ${deployed.shards}; to place one tenant elsewhere before its first deployment, set its \`shard\``,
    };
  }
  for (const [tableId, generation] of Object.entries(environment.recreate)) {
    const path = ["recreate", tableId];
    if (!tableIds.includes(tableId)) {
      yield {
        path,
        message: "There is no definition of this table",
        received: tableId,
        allowed: tableIds.join(", "),
        remedy: pickOne(tableId, tableIds, "Name a defined table"),
      };
    }
    const current = own(deployed?.recreate ?? {}, tableId) ?? 1;
    if (generation !== current && environment.deletionProtection) {
      yield {
        path,
        message: `Changing the generation from ${current} replaces the table and loses its rows, and deletionProtection is on`,
        received: generation,
        allowed: String(current),
        remedy:
          "Deploy with `deletionProtection` false first, or change the schema without recreating (docs/schema-evolution.md)",
      };
    }
  }
}

/**
 * What a tenant must satisfy given the environments that exist.
 *
 * @param environmentNames - every environment that has a file; one that is not in `environments` did not parse and is not judged.
 */
export function* tenantRules(
  tenant: Tenant,
  environments: ReadonlyMap<string, Environment>,
  environmentNames: readonly string[],
  definitionLabels: Readonly<Record<string, string>>,
): Generator<RuleFinding> {
  for (const [name, overrides] of Object.entries(tenant.environments)) {
    const path = ["environments", name];
    const environment = environments.get(name);
    if (environment === undefined && environmentNames.includes(name)) continue;
    if (environment === undefined) {
      yield {
        path,
        message: "There is no environment of this name",
        received: name,
        allowed: environmentNames.join(", "),
        remedy: pickOne(name, environmentNames, "Name an existing environment, or add environments/<name>.json"),
      };
      continue;
    }
    const resolved = resolveTenant(environment, tenant);
    const { labels, location, kmsKeyName } = resolved;
    yield* accessRules(resolved, overrides, path);
    yield* labelRules(overrides.labels ?? {}, [...path, "labels"]);
    yield* labelCountRule({ ...definitionLabels, ...labels }, [...path, "labels"]);
    if (overrides.kmsKeyName !== undefined || overrides.location !== undefined) {
      yield* kmsLocationRule(kmsKeyName, location, [
        ...path,
        overrides.kmsKeyName === undefined ? "location" : "kmsKeyName",
      ]);
    }
    if (overrides.shard !== undefined && overrides.shard >= environment.shards) {
      yield {
        path: [...path, "shard"],
        message: `The environment ${name} has ${environment.shards} shard(s)`,
        received: overrides.shard,
        allowed: `0 to ${environment.shards - 1}`,
        remedy: "Name an existing shard, or remove `shard`",
      };
    }
    const id = tenantDatasetId(environment, tenant);
    if (!/^\w{1,1024}$/.test(id)) {
      yield {
        path,
        message: "The dataset id made from the environment's datasetIdTemplate is not valid",
        received: id,
        allowed: "at most 1024 letters, digits and _",
        remedy: `Change datasetIdTemplate in environments/${name}.json`,
      };
    }
  }
}

/** The tenant and environment that a dataset belongs to, by {@link datasetKey}; the first one wins. */
export type DatasetOwners = ReadonlyMap<string, string>;

export function datasetOwners(
  tenants: Iterable<Tenant>,
  environments: ReadonlyMap<string, Environment>,
): DatasetOwners {
  const owners = new Map<string, string>();
  for (const tenant of tenants) {
    for (const environment of environmentsOf(tenant, environments)) {
      const key = datasetKey(environment, tenant);
      if (!owners.has(key)) owners.set(key, ownerName(environment, tenant));
    }
  }
  return owners;
}

/** Two environments may share a project; then their templates must keep each tenant's datasets apart. */
export function* datasetRules(
  tenant: Tenant,
  environments: ReadonlyMap<string, Environment>,
  owners: DatasetOwners,
): Generator<RuleFinding> {
  for (const environment of environmentsOf(tenant, environments)) {
    const owner = owners.get(datasetKey(environment, tenant));
    if (owner === undefined || owner === ownerName(environment, tenant)) continue;
    const id = tenantDatasetId(environment, tenant);
    yield {
      path: ["environments", environment.name],
      message: `The dataset ${environment.projectId}.${id} belongs to ${owner} already`,
      received: id,
      remedy: "Rename the tenant, or tell the datasets apart by {environment} in datasetIdTemplate",
    };
  }
}

function environmentsOf(tenant: Tenant, environments: ReadonlyMap<string, Environment>): readonly Environment[] {
  return Object.keys(tenant.environments).flatMap((name) => environments.get(name) ?? []);
}

function tenantDatasetId({ datasetIdTemplate, name }: Environment, { tenantId }: Tenant): string {
  return datasetId(datasetIdTemplate, { tenantId, environment: name });
}

/** Dataset ids are compared without regard to case, which BigQuery would allow but people would not tell apart. */
function datasetKey(environment: Environment, tenant: Tenant): string {
  return `${environment.endpoint ?? ""} ${environment.projectId}.${tenantDatasetId(environment, tenant).toLowerCase()}`;
}

function ownerName(environment: Environment, tenant: Tenant): string {
  return `tenant ${tenant.tenantId} in ${environment.name}`;
}

/** Cloud KMS names the multi-regions differently: `us` serves US, `europe` serves EU. */
function* kmsLocationRule(
  kmsKeyName: string | undefined,
  location: string,
  path: readonly PropertyKey[],
): Generator<RuleFinding> {
  const keyLocation = kmsKeyName?.split("/")[3];
  const expected = location.toLowerCase() === "eu" ? "europe" : location.toLowerCase();
  if (keyLocation === undefined || keyLocation === expected) return;
  yield {
    path,
    message: `The KMS key lies in ${keyLocation}, but the dataset in ${location}`,
    received: kmsKeyName,
    allowed: `a key in ${expected}`,
    remedy: "Use a key in the dataset's location",
  };
}
