import { connect } from "../../runtime/connect";
import { loadConfig } from "../../model/load-config";
import { resolveTenant } from "../../model/resolve";
import { MetadataLogger } from "../../runtime/logger/metadata-logger";
import type { RuntimeContext } from "../../runtime/logger/context";
import { startServerProcess } from "./server-process";

/*
 * Many tenants in one process: bursts of rows for three tables of each at the same moment, against a server that takes 100 streams
 * on a connection and answers an append after 20 ms. Prints how long calls took, and what an idle tenant keeps in memory.
 *
 *   npm run bench:tenants
 *   npm run bench:tenants -- --tenants 500 --bursts 10
 */

const TABLES = ["pipeline_runs", "step_logs", "dq_results"] as const;
const ROWS = 20;
const ANSWER_MS = 20;

async function main(): Promise<void> {
  const tenantCount = option("tenants", 500);
  const bursts = option("bursts", 10);
  const server = await startServerProcess(ANSWER_MS);
  const ids = Array.from({ length: tenantCount }, (_, index) => `tenant_${index}`);
  const context = contextOf(ids, server.grpcAddress);
  const before = memory();
  const loggers = ids.map((tenantId) => new MetadataLogger(context, tenantId, { onFailure: "throw" }));
  const made = memory();

  const waits: number[] = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let burst = 0; burst < bursts; burst++) {
    await Promise.all(
      loggers.flatMap((logger, index) =>
        TABLES.map(async (tableId) => {
          const begin = performance.now();
          await logger.insert(tableId, rows(tableId, ids[index] ?? "") as never);
          waits.push(performance.now() - begin);
        }),
      ),
    );
  }
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const used = memory();
  await Promise.all(loggers.map(async (logger) => logger.close()));
  const counts = await server.counts();
  server.stop();

  waits.sort((a, b) => a - b);
  const at = (share: number) =>
    `${Math.round(waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? Number.NaN)} ms`;
  const expected = tenantCount * TABLES.length * ROWS * bursts;
  console.log(
    [
      `${tenantCount} tenants x ${TABLES.length} tables, ${bursts} bursts of ${ROWS} rows each: ${expected} rows in ${seconds.toFixed(1)} s`,
      `calls: median ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)} (target: p99 under 5000 ms)`,
      `client's processor time for each call: ${((user + system) / 1000 / waits.length).toFixed(2)} ms`,
      `server: ${counts.rows} rows, ${counts.streams} streams, at most ${counts.mostOpen} open at once`,
      `memory of a tenant: ${perTenant(made - before)} kB before its first row, ${perTenant(used - before)} kB with three tables written to`,
    ].join("\n"),
  );
  function perTenant(bytes: number): string {
    return (bytes / tenantCount / 1000).toFixed(1);
  }
}

function contextOf(ids: readonly string[], grpcAddress: string): RuntimeContext {
  const config = loadConfig("configs");
  const environment = config.environments.find(({ name }) => name === "local");
  if (environment === undefined) throw new Error("no environment local");
  const emulator = { restUrl: "http://127.0.0.1:1", grpcAddress };
  return {
    tenants: new Map(
      ids.map((tenantId) => [
        tenantId,
        resolveTenant(environment, { tenantId, displayName: tenantId, environments: { local: {} } }),
      ]),
    ),
    definitions: new Map(config.definitions.map((definition) => [definition.tableId, definition])),
    connection: connect({ projectId: environment.projectId, emulator }),
  };
}

/** A row of each table, by the tenant and its place. */
const ROW = {
  pipeline_runs: (tenant: string, id: string) => ({
    pipeline_logging_id: id,
    pipeline_id: "orders",
    tenant_id: tenant,
    status: "RUNNING",
    trigger_type: "api",
    trigger_by: "bench",
    start_time: new Date(),
  }),
  step_logs: (_: string, id: string) => ({
    step_logging_id: id,
    pipeline_logging_id: id,
    step_name: "load",
    step_type: "api_call",
    step_index: 0,
    status: "COMPLETED",
    start_time: new Date(),
  }),
  dq_results: (tenant: string, id: string) => ({
    dq_result_id: id,
    pipeline_logging_id: id,
    tenant_id: tenant,
    target_table: "orders",
    dq_config_id: "suite",
    executed_at: new Date(),
    expectations_passed: 1,
    expectations_failed: 0,
    overall_status: "PASS",
    ingestion_date: new Date().toISOString().slice(0, 10),
  }),
};

function rows(tableId: (typeof TABLES)[number], tenantId: string): readonly object[] {
  return Array.from({ length: ROWS }, (_, index) => ROW[tableId](tenantId, `${tenantId}-${index}`));
}

/** Bytes in use, after everything that is garbage was collected. */
function memory(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function option(name: string, otherwise: number): number {
  const index = process.argv.indexOf(`--${name}`);
  return index === -1 ? otherwise : Number(process.argv[index + 1]);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
