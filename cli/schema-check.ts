import { judge, type Scope } from "../evolution/allowances";
import { compareConfigs } from "../evolution/compare-configs";
import { loadConfig, type MetadataConfig } from "../model/load-config";
import { UsageError } from "../model/errors";
import type { CliContext } from "./context";
import { withFolderAt } from "./git";
import { printFindings } from "./print-findings";
import { readAllowances } from "./read-allowances";

const NOTHING: MetadataConfig = { definitions: [], environments: [], tenants: [], offboarded: [], deployed: new Map() };

/** Compares the configuration with the one at the merge base of `base` and HEAD, and prints what the change will do. */
export function schemaCheck(
  context: CliContext,
  base: string,
  format: { readonly json?: boolean; readonly markdown?: boolean },
): void {
  const { configDir } = context;
  const now = loadConfig(configDir);
  const old = withFolderAt(configDir, base, (folder) => (folder === undefined ? NOTHING : loadBase(folder, base)));
  const today = new Date().toISOString().slice(0, 10);
  const judgement = judge(compareConfigs(old, now), readAllowances(configDir, today), scopesOf(old, now), today);
  printFindings(context, judgement, { ...format, title: "Schema changes" });
}

function loadBase(folder: string, base: string): MetadataConfig {
  try {
    return loadConfig(folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The configuration at ${base} cannot be compared with. ${reason}`, { cause: error });
  }
}

function scopesOf(...configs: readonly MetadataConfig[]): readonly Scope[] {
  const scopes = configs.flatMap(({ tenants }) =>
    tenants.flatMap(({ tenantId, environments }) =>
      Object.keys(environments).map(
        (environment) => [`${environment}/${tenantId}`, { environment, tenant: tenantId }] as const,
      ),
    ),
  );
  return [...new Map(scopes).values()];
}
