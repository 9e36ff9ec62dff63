import { randomUUID } from "node:crypto";
import { loadConfig } from "../../../model/load-config";
import type { TableDefinition } from "../../../model/formats/table-definition";
import { type ResolvedTenant, resolveTenant } from "../../../model/resolve";
import { connect } from "../../../runtime/connect";
import { emulatorAddress, type EmulatorAddress } from "../../../bigquery/emulator-address";
import type { RuntimeContext } from "../../../runtime/logger/context";

const config = loadConfig("configs");
const [local] = config.environments.filter(({ name }) => name === "local");

export const definitions: readonly TableDefinition[] = config.definitions;

/** Where the emulator is that the global setup started. */
export function emulator(): EmulatorAddress {
  const address = emulatorAddress(process.env);
  if (address === undefined) throw new Error("the global setup started no emulator");
  return address;
}

/** A runtime for one new tenant, whose dataset does not exist yet. */
export function newTenantContext({
  address = {},
  tables = definitions,
  overrides = {},
  tenantId = `t${randomUUID().replaceAll("-", "")}`,
}: {
  readonly tenantId?: string;
  readonly address?: Partial<EmulatorAddress>;
  readonly tables?: readonly TableDefinition[];
  readonly overrides?: Partial<ResolvedTenant>;
} = {}): { readonly context: RuntimeContext; readonly tenantId: string } {
  if (local === undefined) throw new Error("no environment local");
  const resolved = resolveTenant(local, { tenantId, displayName: tenantId, environments: { local: {} } });
  return { context: contextOf({ ...resolved, ...overrides }, { address, tables }), tenantId };
}

/** Another runtime for the same tenant, e.g. to reach it past a proxy. */
export function sameTenant(context: RuntimeContext, address: Partial<EmulatorAddress> = {}): RuntimeContext {
  const [tenant] = context.tenants.values();
  if (tenant === undefined) throw new Error("no tenant");
  return contextOf(tenant, { address, tables: [...context.definitions.values()] });
}

function contextOf(
  tenant: ResolvedTenant,
  { address, tables }: { readonly address: Partial<EmulatorAddress>; readonly tables: readonly TableDefinition[] },
): RuntimeContext {
  return {
    tenants: new Map([[tenant.tenantId, tenant]]),
    definitions: new Map(tables.map((definition) => [definition.tableId, definition])),
    connection: connect({ projectId: tenant.projectId, emulator: { ...emulator(), ...address } }),
  };
}

/** Rows of a tenant's table, or of a query in which `{dataset}` stands for the tenant's dataset. */
export async function select(
  context: RuntimeContext,
  sql: string,
): Promise<readonly Readonly<Record<string, string | null>>[]> {
  const [tenant] = context.tenants.values();
  if (tenant === undefined) throw new Error("no tenant");
  const { projectId, datasetId, location } = tenant;
  const query = sql.replaceAll("{dataset}", `${projectId}.${datasetId}`);
  const { rows } = await context.connection.rest.query(projectId, location, query);
  return rows;
}

/** A row of `step_logs` that fits. */
export function stepRow(id: string = randomUUID()) {
  return {
    step_logging_id: id,
    pipeline_logging_id: "run-1",
    step_name: "load_orders",
    step_type: "bigquery_to_bigquery",
    step_index: 0,
    status: "COMPLETED",
    start_time: new Date(),
  } as const;
}
