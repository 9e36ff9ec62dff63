import { judge, type Scope } from "../../../../evolution/allowances/judge";
import { compareConfigs } from "../../../../evolution/configuration/compare-environments";
import { loadConfig, type MetadataConfig } from "../../../../model/load-config";
import { configBefore } from "../../../workspace/config-before";
import type { CliContext } from "../../../context";
import { printFindings } from "../../../report/findings/print-findings";
import { readAllowances } from "../../../workspace/read-allowances";

const NOTHING: MetadataConfig = { definitions: [], environments: [], tenants: [], offboarded: [], deployed: new Map() };

/** Compares the configuration with the one at the merge base of `base` and HEAD, and prints what the change will do. */
export async function schemaCheck(
  context: CliContext,
  base: string,
  format: { readonly json?: boolean; readonly markdown?: boolean },
): Promise<void> {
  const { configDir } = context;
  const now = loadConfig(configDir);
  const old = (await configBefore(configDir, base)) ?? NOTHING;
  const today = new Date().toISOString().slice(0, 10);
  const judgement = judge(compareConfigs(old, now), readAllowances(configDir, today), scopesOf(old, now), today);
  printFindings(context, judgement, { ...format, title: "Schema changes" });
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
