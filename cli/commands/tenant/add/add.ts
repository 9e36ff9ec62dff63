import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ConfigError, UsageError } from "../../../../model/errors";
import { formatJson } from "../../../../model/format-json";
import { TenantId } from "../../../../model/formats/primitives";
import type { TenantOverrides } from "../../../../model/formats/tenant";
import { loadConfig, type MetadataConfig } from "../../../../model/load-config";
import { stackName } from "../../../../model/names";
import { formatProblems } from "../../../../model/problems";
import { resolveTenant } from "../../../../model/resolve";
import { checkShape } from "../../../../model/zod-problems";
import type { CliContext } from "../../../context";

/** What `tenant add` was given; what is missing is asked for on a terminal. */
export interface TenantAddOptions {
  readonly tenantId?: string;
  readonly displayName?: string;
  /** Names of environments; empty when none was given. */
  readonly environments: readonly string[];
  /** What the tenant sets differently, in each of the environments. */
  readonly overrides: TenantOverrides;
}

/**
 * Adds a tenant: writes `tenants/<tenantId>.json`, once it is known to be valid together with everything else.
 *
 * @throws {@link UsageError} when a needed value is missing and there is no terminal to ask on, or the tenant exists already.
 * @throws {@link ConfigError} when the configuration with the new tenant would not be valid.
 */
export async function addTenant(context: CliContext, options: TenantAddOptions): Promise<void> {
  const current = loadConfig(context.configDir);
  const { tenantId, displayName, environments } = await complete(context, options, current);
  const shape = checkShape(TenantId, tenantId);
  if ("findings" in shape) {
    throw new UsageError(
      `The tenant id ${JSON.stringify(tenantId)} is not valid. Allowed: ${shape.findings[0]?.allowed ?? ""}. Nothing was written.`,
    );
  }
  const name = `tenants/${tenantId}.json`;
  const file = path.join(context.configDir, name);
  if (existsSync(file)) {
    throw new UsageError(`${file} exists already. Edit it, or choose another tenant id.`);
  }
  const text = formatJson({
    $schema: "../json-schemas/tenant.json",
    displayName,
    environments: Object.fromEntries(environments.map((environment) => [environment, options.overrides])),
  });
  const config = checked(() => loadConfig(context.configDir, new Map([[name, text]])));
  write(file, text);

  context.print(`Wrote ${file}\n`);
  const tenant = config.tenants.find((candidate) => candidate.tenantId === tenantId);
  for (const environment of config.environments) {
    if (tenant === undefined || !environments.includes(environment.name)) continue;
    const { datasetId, projectId, shard } = resolveTenant(environment, tenant);
    const stack = stackName(environment.name, shard, environment.shards);
    context.print(
      `  ${environment.name}: dataset ${projectId}.${datasetId} with ${config.definitions.length} tables, in stack ${stack}\n`,
    );
  }
  context.report("Next: commit the file and open a pull request; its comment shows what will be created.\n");
}

/** Asks for what is missing, or says how to give it when there is no terminal. */
async function complete(
  context: CliContext,
  { tenantId, displayName, environments }: TenantAddOptions,
  config: MetadataConfig,
): Promise<{ readonly tenantId: string; readonly displayName: string; readonly environments: readonly string[] }> {
  if (tenantId !== undefined && displayName !== undefined && environments.length > 0) {
    return { tenantId, displayName, environments };
  }
  const missing = [
    ...(tenantId === undefined ? ["<id>"] : []),
    ...(displayName === undefined ? ["--display-name <name>"] : []),
    ...(environments.length === 0 ? ["--environment <name>"] : []),
  ];
  if (context.interactive !== true) {
    throw new UsageError(
      `Missing: ${missing.join(", ")}. Environments are ${config.environments.map(({ name }) => name).join(", ")}. Example: tenant-metadata tenant add acme_retail --display-name "Acme Retail" --environment dev --environment prod`,
    );
  }
  const { askForTenant } = await import("./ask");
  return askForTenant({ tenantId, displayName, environments }, config);
}

/** The flags are the user's input here, so a problem in the file made from them is reported in their terms. */
function checked(load: () => MetadataConfig): MetadataConfig {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UsageError(
      `Nothing was written, because the tenant would not be valid.\n${formatProblems(error.problems)}`,
      {
        cause: error,
      },
    );
  }
}

/** `wx` refuses a file that another process has written in the meantime. */
function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: "wx" });
}
