import { defined } from "../../../../model/defined";
import Table from "cli-table3";
import { type TableMigration, planMigration } from "../../../../evolution/migration/plan-migration";
import { alterTableScript } from "../../../../bigquery/sql/alter-table";
import type { Rename } from "../../../../evolution/migration/renames";
import { UsageError } from "../../../../model/errors";
import type { Environment } from "../../../../model/formats/environment";
import { loadConfig } from "../../../../model/load-config";
import { pickOne } from "../../../../model/problems";
import { assignStacks, type ResolvedTenant } from "../../../../model/resolve";
import type { CliContext } from "../../../context";
import { EXIT } from "../../../../model/exit-codes";
import { runMigrations, type TenantReport } from "./run-migrations";
import { startProgress } from "../../../../constructs/synth/progress";
import { definitionsOf, readSides } from "../read-definitions";
import { openWarehouse } from "../../../../bigquery/warehouse";

/** Options of `schema migrate`. */
export interface MigrateOptions {
  readonly environment: string;
  readonly tenant?: readonly string[];
  /** `table.old=new` */
  readonly rename?: readonly string[];
  /** `table.column` */
  readonly notRenamed?: readonly string[];
  readonly dropColumns?: boolean;
  readonly execute?: boolean;
  readonly json?: boolean;
}

/** Tenants migrated at a time: each has its own tables, so BigQuery's limits per table are not shared. */
const CONCURRENCY = 8;

/** Prints, or runs, the statements that bring an environment's tables from the old definitions to the new ones. */
export async function schemaMigrate(
  context: CliContext,
  oldPath: string,
  newPath: string,
  options: MigrateOptions,
): Promise<void> {
  const migrations = planAll(oldPath, newPath, options);
  const { environment, tenants } = selectTenants(context.configDir, options);
  const lossy = reportPlan(context, migrations);
  if (options.execute !== true) {
    printScript(context, tenants, migrations);
    if (lossy) context.exitWith(EXIT.found);
    return;
  }
  if (lossy) {
    context.report("Nothing was run, because Terraform would still replace a table or lose a column after it.\n");
    context.exitWith(EXIT.found);
    return;
  }
  const reports = await execute(context, environment, tenants, migrations);
  printReports(context, reports, options.json === true);
  if (reports.some(({ status }) => status === "failed" || status === "not started")) context.exitWith(EXIT.remote);
}

function planAll(oldPath: string, newPath: string, options: MigrateOptions): readonly TableMigration[] {
  const [old, now] = readSides(oldPath, newPath);
  const before = new Map(definitionsOf(old).map((definition) => [definition.tableId, definition]));
  const renames = (options.rename ?? []).map(parseRename);
  const notRenamed = (options.notRenamed ?? []).map(parseColumn);
  const unknown = [...renames, ...notRenamed].find(({ table }) => !before.has(table));
  if (unknown !== undefined) {
    throw new UsageError(
      `There is no table ${unknown.table} in the old definitions. ${pickOne(unknown.table, [...before.keys()], `Known: ${[...before.keys()].join(", ")}`)}`,
    );
  }
  return definitionsOf(now).flatMap((definition) => {
    const { tableId } = definition;
    const counterpart = before.get(tableId);
    if (counterpart === undefined) return [];
    const migration = planMigration(counterpart, definition, {
      renames: renames.filter(({ table }) => table === tableId),
      notRenamed: notRenamed.filter(({ table }) => table === tableId).map(({ column }) => column),
      dropColumns: options.dropColumns === true,
    });
    return migration.steps.length > 0 || migration.left.length > 0 ? [migration] : [];
  });
}

function parseRename(text: string): Rename & { readonly table: string } {
  const [, table, from, to] = /^([^.=]+)\.([^.=]+)=([^.=]+)$/.exec(text) ?? [];
  if (table === undefined || from === undefined || to === undefined) {
    throw new UsageError(
      `--rename ${text} is not <table>.<old column>=<new column>, for example step_logs.error_message=error_text.`,
    );
  }
  return { table, from, to };
}

function parseColumn(text: string): { readonly table: string; readonly column: string } {
  const [, table, column] = /^([^.=]+)\.([^.=]+)$/.exec(text) ?? [];
  if (table === undefined || column === undefined) {
    throw new UsageError(`--not-renamed ${text} is not <table>.<column>, for example step_logs.error_message.`);
  }
  return { table, column };
}

function selectTenants(
  configDir: string,
  { environment: name, tenant: wanted }: MigrateOptions,
): { readonly environment: Environment; readonly tenants: readonly ResolvedTenant[] } {
  const config = loadConfig(configDir);
  const names = config.environments.map((environment) => environment.name);
  const environment = config.environments.find((candidate) => candidate.name === name);
  if (environment === undefined)
    throw new UsageError(`There is no environment ${name}. ${pickOne(name, names, `Known: ${names.join(", ")}`)}`);
  const all = assignStacks(environment, config.tenants, config.offboarded).flatMap(({ tenants }) => tenants);
  const ids = all.map(({ tenantId }) => tenantId);
  const unknown = wanted?.find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    throw new UsageError(
      `There is no tenant ${unknown} in ${name}. ${pickOne(unknown, ids, `Known: ${ids.join(", ")}`)}`,
    );
  }
  return { environment, tenants: wanted === undefined ? all : all.filter(({ tenantId }) => wanted.includes(tenantId)) };
}

/** Tells what was guessed and what is left; true when what is left loses rows. */
function reportPlan({ report }: CliContext, migrations: readonly TableMigration[]): boolean {
  for (const { table, renames, left } of migrations) {
    for (const { from, to } of renames) {
      report(`${table}: ${from} becomes ${to}. If it is not the same column, pass --not-renamed ${table}.${from}.\n`);
    }
    for (const found of left) {
      report(
        found.needsAllowance
          ? `${table}: cannot be done in place: ${found.path}: ${found.message} Instead: ${found.code === "column-dropped" ? "pass --drop-columns to drop it now, or keep it." : found.remedy}\n`
          : `${table}: left to Terraform: ${found.path}: ${found.message}\n`,
      );
    }
  }
  return migrations.some(({ left }) => left.some(({ needsAllowance }) => needsAllowance));
}

function printScript(
  { print, report }: CliContext,
  tenants: readonly ResolvedTenant[],
  migrations: readonly TableMigration[],
): void {
  if (migrations.every(({ steps }) => steps.length === 0)) {
    report("There is nothing to migrate.\n");
    return;
  }
  for (const tenant of tenants) {
    print(`-- tenant ${tenant.tenantId} in ${tenant.environment}\n`);
    for (const migration of migrations) print(alterTableScript(tenant, migration.table, migration.steps));
    print("\n");
  }
}

async function execute(
  context: CliContext,
  { projectId, endpoint }: Environment,
  tenants: readonly ResolvedTenant[],
  migrations: readonly TableMigration[],
): Promise<readonly TenantReport[]> {
  const warehouse = openWarehouse(defined({ projectId, endpoint }));
  const targets = tenants.map(({ tenantId, datasetId, location }) => ({
    tenant: tenantId,
    projectId,
    datasetId,
    location,
  }));
  const bar = startProgress(targets.length, "tenants");
  const interrupt = new AbortController();
  const onSignal = () => {
    context.report("\nStopping after the statements that are running. Run the same command again to go on.\n");
    interrupt.abort();
  };
  process.once("SIGINT", onSignal);
  try {
    return await runMigrations(warehouse, targets, migrations, {
      concurrency: CONCURRENCY,
      signal: interrupt.signal,
      onTenant: ({ tenant }) => bar.step(tenant),
    });
  } finally {
    bar.stop();
    process.removeListener("SIGINT", onSignal);
  }
}

function printReports({ print }: CliContext, reports: readonly TenantReport[], json: boolean): void {
  if (json) {
    print(`${JSON.stringify({ tenants: reports }, null, 2)}\n`);
    return;
  }
  const table = new Table({
    head: ["Tenant", "Dataset", "Status", "Ran", "Done before", ""],
    style: { head: [], border: [] },
  });
  for (const { tenant, datasetId, status, ran, skipped, message } of reports) {
    table.push([tenant, datasetId, status, ran, skipped, message ?? ""]);
  }
  print(`${table.toString()}\n`);
}
