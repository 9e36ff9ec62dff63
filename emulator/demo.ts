import Table from "cli-table3";
import { createColors } from "picocolors";
import { TenantMetadataError } from "../model/errors";
import { loadConfig } from "../model/load-config";
import { type RuntimeContext, runtimeContext, tenantOf } from "../runtime/logger/context";
import { MetadataInitializer } from "../runtime/tables/metadata-initializer";
import { MetadataLogger } from "../runtime/logger/metadata-logger";
import { findOrStartEmulator } from "./emulator";
import { exampleQueries } from "./example-queries";

/*
 * `npm run demo`: three pipelines of two tenants log what they do to an emulator, whose tables appear on first use; then the
 * documented queries answer. Starts an emulator, unless BIGQUERY_EMULATOR_HOST names one.
 */

// A pipe or a log takes none, though picocolors would give them some where CI is set.
const colors = createColors(process.stdout.isTTY);

const TENANTS = ["acme_retail", "globex"] as const;

async function main(): Promise<void> {
  const emulator = await findOrStartEmulator({ report: say });
  say(`${emulator.isForeign ? "Using" : "Started"} the emulator at ${emulator.restUrl}`);
  try {
    const context = runtimeContext({
      config: loadConfig("configs"),
      environment: "local",
      environmentVariables: {
        BIGQUERY_EMULATOR_HOST: emulator.restUrl,
        BIGQUERY_EMULATOR_GRPC_HOST: emulator.grpcAddress,
      },
    });
    await runPipelines(context);
    for (const tenantId of TENANTS) await printTenant(context, tenantId);
  } finally {
    await emulator.stop();
  }
}

async function runPipelines(context: RuntimeContext): Promise<void> {
  await using acme = new MetadataLogger(context, "acme_retail");
  await using globex = new MetadataLogger(context, "globex");

  say("acme_retail: daily_orders, with steps and data quality …");
  await acme.withRun(
    {
      pipelineId: "daily_orders",
      triggerType: "scheduler",
      triggerBy: "scheduler@example.com",
      configVersion: "4f2a9c1",
      parameters: { date: "2025-11-15", batch_size: 1000, filters: { region: "US" } },
    },
    async (run) => {
      await run.step({ stepName: "load_orders", stepType: "bigquery_to_bigquery" }, async (step) => {
        await pause(120);
        step.rowsProcessed = 48_210;
        step.metadata = { destination_table: "warehouse.orders", bytes_processed: 12_345_678, query_cost_usd: 0.05 };
      });
      await run.step({ stepName: "refresh_totals", stepType: "bigquery_to_bigquery" }, async (step) => {
        await pause(60);
        step.rowsProcessed = 365;
      });
      await run.step({ stepName: "archive_old_orders", stepType: "api_call" }, (step) => step.skip());
      await run.recordDqResult({
        targetTable: "example-local.warehouse.orders",
        dqConfigId: "orders_suite",
        expectationsPassed: 11,
        expectationsFailed: 1,
        failedExpectations: [{ expectation: "values_between", column: "amount", unexpected: 3 }],
      });
    },
  );

  say("acme_retail: export_invoices, which fails …");
  await acme
    .withRun(
      {
        pipelineId: "export_invoices",
        triggerType: "api",
        triggerBy: "billing@example.com",
        parameters: { month: "2025-10" },
      },
      async (run) =>
        run.step({ stepName: "call_billing_api", stepType: "api_call" }, async () => {
          await pause(30);
          throw new Error("The billing service answered 503");
        }),
    )
    .catch((error: unknown) => say(`  failed, as it was meant to: ${(error as Error).message}`));

  say("globex: sync_customers …");
  await globex.withRun(
    { pipelineId: "sync_customers", triggerType: "manual", triggerBy: "ana@example.com" },
    async (run) => {
      await run.step({ stepName: "copy_customers", stepType: "bigquery_to_bigquery" }, async (step) => {
        await pause(80);
        step.rowsProcessed = 1_204;
      });
      await run.recordDqResult({
        targetTable: "example-local.crm.customers",
        dqConfigId: "customers_suite",
        expectationsPassed: 8,
        expectationsFailed: 0,
      });
    },
  );
}

async function printTenant(context: RuntimeContext, tenantId: string): Promise<void> {
  const { projectId, datasetId, location } = tenantOf(context, tenantId);
  const { tablesCreated, differences } = await new MetadataInitializer(context).ensureTenant(tenantId);
  const tables = [...context.definitions.keys()].filter((tableId) => !tablesCreated.includes(tableId));
  print(colors.bold(`\n${tenantId}: ${projectId}.${datasetId} with ${tables.join(", ")}`));
  if (differences.length > 0) print(`  ${differences.length} differences from the definitions`);
  for (const { title, sql } of exampleQueries(`${projectId}.${datasetId}`)) {
    const { rows } = await context.connection.rest.query(projectId, location, sql);
    print(`\n${title}\n${colors.dim(sql)}`);
    print(formatRows(rows));
  }
}

function formatRows(rows: readonly Readonly<Record<string, string | null>>[]): string {
  const [first] = rows;
  if (first === undefined) return "no rows";
  const names = Object.keys(first);
  const table = new Table({ head: names, style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push(names.map((name) => formatCell(name, row[name] ?? null)));
  return table.toString();
}

/** Timestamps come as microseconds since 1970. */
function formatCell(name: string, value: string | null): string {
  if (value === null) return "";
  return /_(at|time)$/.test(name) ? new Date(Number(value) / 1000).toISOString() : value;
}

/** The work of a pipeline. */
async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function say(text: string): void {
  process.stderr.write(`${createColors(process.stderr.isTTY).dim(text)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof TenantMetadataError ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
