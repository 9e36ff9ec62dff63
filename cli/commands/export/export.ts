import { writeFileSync } from "node:fs";
import { UsageError } from "../../../model/errors";
import { formatJson } from "../../../model/format-json";
import { loadConfig } from "../../../model/load-config";
import { pickOne } from "../../../model/problems";
import { exportTenant } from "../../../runtime/logger/exported-tenant";
import type { CliContext } from "../../context";

/**
 * Writes one tenant of one environment into a file.
 *
 * @throws {@link UsageError} for an environment that does not exist, or a tenant that is not in it.
 */
export function exportToFile(
  context: CliContext,
  { environment: name, tenant: tenantId, output }: { environment: string; tenant: string; output?: string },
): void {
  const { environments, tenants, definitions } = loadConfig(context.configDir);
  const environment = environments.find((candidate) => candidate.name === name);
  if (environment === undefined)
    throw notThere(
      "environment",
      name,
      environments.map((candidate) => candidate.name),
    );
  const there = tenants.filter(({ environments: names }) => Object.hasOwn(names, name));
  const tenant = there.find((candidate) => candidate.tenantId === tenantId);
  if (tenant === undefined)
    throw notThere(
      `tenant in ${name}`,
      tenantId,
      there.map((candidate) => candidate.tenantId),
    );
  const text = formatJson(exportTenant(environment, tenant, definitions));
  if (output === "-") {
    context.print(text);
    return;
  }
  const file = output ?? `${tenantId}.${name}.json`;
  writeFileSync(file, text);
  context.print(`Wrote ${file}\n`);
}

function notThere(what: string, name: string, names: readonly string[]): UsageError {
  return new UsageError(
    `There is no ${what} called ${JSON.stringify(name)}; there are ${names.join(", ")}. ${pickOne(name, names, "Name one of them")}`,
  );
}
