import { createColors } from "picocolors";
import { own } from "../../../../model/own";
import { tenantAddresses } from "../../../../model/addresses";
import type { Environment } from "../../../../model/formats/environment";
import type { OffboardingStep } from "../../../../model/formats/offboarding";
import type { TableDefinition } from "../../../../model/formats/table-definition";
import type { Tenant, TenantOverrides } from "../../../../model/formats/tenant";
import { loadConfig } from "../../../../model/load-config";
import { fullTableName, stackName } from "../../../../model/names";
import { leavingTenant, type ResolvedTenant, resolveTenant } from "../../../../model/resolve";
import type { CliContext } from "../../../context";
import { unknownTenant } from "../find-tenant";

/** A setting with the file it comes from; `default` when no file says anything. */
export interface Setting {
  readonly value: unknown;
  readonly from: string;
}

/** A tenant in one environment. */
export interface TenantInEnvironment {
  readonly environment: string;
  /** Absent while the tenant is managed there; see `tenant offboard`. */
  readonly leaving?: OffboardingStep;
  readonly stack: string;
  readonly dataset: string;
  readonly tables: readonly string[];
  readonly settings: Readonly<Record<string, Setting>>;
  readonly addresses: readonly string[];
}

/**
 * Prints what a tenant is in each of its environments, with where every setting comes from.
 *
 * @throws {@link UsageError} when there is no such tenant.
 */
export function showTenant(context: CliContext, tenantId: string, { json }: { readonly json: boolean }): void {
  const config = loadConfig(context.configDir);
  const tenant = config.tenants.find((candidate) => candidate.tenantId === tenantId);
  const record = config.offboarded.find((candidate) => candidate.tenantId === tenantId);
  if (tenant === undefined && record === undefined) throw unknownTenant(tenantId, config);
  const tables = config.definitions;
  const places = config.environments.flatMap((environment) => {
    const step = own(record?.environments ?? {}, environment.name)?.step;
    if (tenant !== undefined && Object.hasOwn(tenant.environments, environment.name)) {
      return [place(environment, tenant, `tenants/${tenantId}.json`, tables)];
    }
    return record === undefined || step === undefined
      ? []
      : [{ ...place(environment, leavingTenant(record), `offboarding/${tenantId}.json`, tables), leaving: step }];
  });
  const displayName = (tenant ?? record)?.displayName ?? "";
  context.print(
    json
      ? `${JSON.stringify({ tenantId, displayName, environments: places })}\n`
      : text(context, displayName, tenantId, places),
  );
}

function place(
  environment: Environment,
  tenant: Tenant,
  file: string,
  tables: readonly TableDefinition[],
): TenantInEnvironment {
  const resolved = resolveTenant(environment, tenant);
  const { projectId, datasetId, shard } = resolved;
  return {
    environment: environment.name,
    stack: stackName(environment.name, shard, environment.shards),
    dataset: `${projectId}.${datasetId}`,
    tables: tables.map(({ tableId }) => fullTableName(projectId, datasetId, tableId)),
    settings: settings(environment, own(tenant.environments, environment.name) ?? {}, file, resolved),
    addresses: tenantAddresses(resolved, tables),
  };
}

/** The settings a tenant may override, each with the file that decides it; a label comes from the file that sets its key. */
function settings(
  environment: Environment,
  overrides: TenantOverrides,
  file: string,
  { labels, shard }: ResolvedTenant,
): Record<string, Setting> {
  const defaults = `environments/${environment.name}.json`;
  const keys = ["location", "partitionExpirationDays", "kmsKeyName", "readers", "writers", "keyAdmins"] as const;
  const plain = keys.map((key): [string, Setting] => {
    if (overrides[key] !== undefined) return [key, { value: overrides[key], from: file }];
    const value = environment[key];
    const isDefault = value === undefined || (Array.isArray(value) && value.length === 0);
    return [key, { value: value ?? null, from: isDefault ? "default" : defaults }];
  });
  const labelled = Object.entries(labels).map(([key, value]): [string, Setting] => [
    `labels.${key}`,
    { value, from: Object.hasOwn(overrides.labels ?? {}, key) ? file : defaults },
  ]);
  const placed = { value: shard, from: overrides.shard === undefined ? "hash of the tenant id" : file };
  return Object.fromEntries([...plain, ...labelled, ["shard", placed]]);
}

function text(
  context: CliContext,
  displayName: string,
  tenantId: string,
  places: readonly TenantInEnvironment[],
): string {
  const { bold, dim } = createColors(context.colors ?? false);
  const blocks = places.map(({ environment, leaving, stack, dataset, tables, settings: all, addresses }) => {
    const width = Math.max(...Object.keys(all).map((key) => key.length));
    return [
      bold(leaving === undefined ? environment : `${environment} (leaving: ${leaving})`),
      `  stack      ${stack}`,
      `  dataset    ${dataset}`,
      ...tables.map((table, index) => `  ${index === 0 ? "tables  " : "        "}   ${table}`),
      "  settings",
      ...Object.entries(all).map(([key, { value, from }]) => `    ${key.padEnd(width)}  ${show(value)}  ${dim(from)}`),
      "  state addresses",
      ...addresses.map((address) => `    ${address}`),
    ].join("\n");
  });
  return `${bold(displayName)} (${tenantId})\n\n${blocks.join("\n\n")}\n`;
}

function show(value: unknown): string {
  if (value === null) return "none";
  if (Array.isArray(value)) return value.length === 0 ? "nobody" : value.join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
