import Table from "cli-table3";
import { UsageError } from "../../../../model/errors";
import { loadConfig } from "../../../../model/load-config";
import { pickOne } from "../../../../model/problems";
import type { CliContext } from "../../../context";

export interface TenantListOptions {
  /** Only tenants of this environment. */
  readonly environment?: string;
  readonly json: boolean;
}

/**
 * Prints every tenant and where it exists.
 *
 * @throws {@link UsageError} for an environment that does not exist.
 */
export function listTenants(context: CliContext, { environment, json }: TenantListOptions): void {
  const { tenants, environments } = loadConfig(context.configDir);
  const names = environments.map(({ name }) => name);
  if (environment !== undefined && !names.includes(environment)) {
    throw new UsageError(
      `There is no environment ${JSON.stringify(environment)}; there are ${names.join(", ")}. ${pickOne(environment, names, "Name one of them")}`,
    );
  }
  const found = tenants
    .filter((tenant) => environment === undefined || Object.hasOwn(tenant.environments, environment))
    .map(({ tenantId, displayName, environments: own }) => ({
      tenantId,
      displayName,
      environments: names.filter((name) => Object.hasOwn(own, name)),
    }));
  if (json) {
    context.print(`${JSON.stringify(found)}\n`);
    return;
  }
  const table = new Table({ head: ["tenant", "name", "environments"], style: { head: [], border: [], compact: true } });
  table.push(...found.map((tenant) => [tenant.tenantId, tenant.displayName, tenant.environments.join(", ")]));
  if (found.length > 0) context.print(`${table.toString()}\n`);
  context.report(`${found.length === 1 ? "1 tenant" : `${found.length} tenants`}.\n`);
}
