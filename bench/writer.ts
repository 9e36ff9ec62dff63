import { fork } from "node:child_process";
import path from "node:path";
import Table from "cli-table3";
import { findOrStartEmulator } from "../emulator/emulator";
import { loadConfig } from "../model/load-config";
import { connect } from "../bigquery/connection";
import { runtimeContext } from "../runtime/logger/context";
import { MetadataInitializer } from "../runtime/tables/metadata-initializer";
import type { Measurement } from "./writer/contender-process";
import type { ContenderName } from "./writer/contenders";
import { encodingMicros } from "./writer/encoding";

/*
 * Rows per second and memory of this package's writer, of the official client's JSONWriter and of `table.insert`, against one
 * emulator, which this run starts unless BIGQUERY_EMULATOR_HOST names one; and what checking and encoding cost. Each
 * contender runs in a process of its own, in turn, several times.
 *
 *   npm run bench:writer                 with a million rows for the memory
 *   npm run bench:writer -- --rows 50000 rows of one round; --memory-rows 0 leaves the memory out
 */

const NAMES: readonly ContenderName[] = ["ours", "jsonWriter", "tableInsert"];
const LABELS: Readonly<Record<ContenderName, string>> = {
  ours: "tenant-metadata",
  jsonWriter: "JSONWriter",
  tableInsert: "table.insert",
};
const TENANT = "acme_retail";

async function main(): Promise<void> {
  const rows = option("rows", 40_000);
  const rounds = option("rounds", 3);
  const memoryRows = option("memory-rows", 1_000_000);
  printEncoding();

  const emulator = await findOrStartEmulator({ report: (line) => console.error(line) });
  try {
    const environment = {
      BIGQUERY_EMULATOR_HOST: new URL(emulator.restUrl).host,
      BIGQUERY_EMULATOR_GRPC_HOST: emulator.grpcAddress,
    };
    const context = runtimeContext({
      config: loadConfig("configs"),
      environment: "local",
      environmentVariables: environment,
    });
    const initializer = new MetadataInitializer({
      ...context,
      connection: connect({ projectId: context.connection.projectId, emulator }),
    });
    const run = async (name: ContenderName, count: number) => {
      // Every measurement meets an empty table.
      await initializer.recreate(TENANT, ["step_logs"]).catch(async () => initializer.ensureTenant(TENANT));
      console.error(`${LABELS[name]}: ${count} rows …`);
      return measure(name, count, environment);
    };

    const results = new Map<ContenderName, Measurement[]>(NAMES.map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const name of NAMES) {
        results.get(name)?.push(await run(name, name === "tableInsert" ? Math.ceil(rows / 4) : rows));
      }
    }
    printThroughput(results);
    if (memoryRows > 0) printMemory(await run("ours", memoryRows));
  } finally {
    await emulator.stop();
  }
}

async function measure(name: ContenderName, rows: number, environment: NodeJS.ProcessEnv): Promise<Measurement> {
  const child = fork(path.join(__dirname, "writer", "contender-process.ts"), [name, TENANT, String(rows)], {
    env: { ...process.env, ...environment },
  });
  return new Promise((resolve, reject) => {
    child.once("message", (measurement) => resolve(measurement as Measurement));
    child.once("exit", (code) => reject(new Error(`${LABELS[name]} ended with code ${code} and no measurement`)));
  });
}

function printEncoding(): void {
  console.log("Check and encode one row of step_logs, up to the request (target: at most 5 µs)");
  for (const isoTimestamps of [false, true]) {
    const micros = encodingMicros({ isoTimestamps });
    console.log(`  timestamps as ${isoTimestamps ? "ISO strings" : "Dates      "}: ${micros.toFixed(2)} µs`);
  }
}

function printThroughput(results: ReadonlyMap<ContenderName, readonly Measurement[]>): void {
  const speeds = new Map(
    [...results].map(([name, runs]) => [name, median(runs.map(({ rows, seconds }) => rows / seconds))]),
  );
  const ours = speeds.get("ours") ?? Number.NaN;
  const table = new Table({
    head: ["writer", "rows/s (median)", "ours is", "client µs/row", "peak MB"],
    colAligns: ["left", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const [name, runs] of results) {
    table.push([
      LABELS[name],
      Math.round(speeds.get(name) ?? 0),
      `${(ours / (speeds.get(name) ?? Number.NaN)).toFixed(2)} x`,
      median(runs.map(({ cpuMicros }) => cpuMicros)).toFixed(1),
      Math.max(...runs.map(({ peakMb }) => peakMb)),
    ]);
  }
  console.log(`${table.toString()}\nTargets: at least 0.9 x JSONWriter, at least 3 x table.insert.`);
}

function printMemory({ rows, seconds, peakMb, memoryMb }: Measurement): void {
  console.log(
    `Memory over ${rows} rows (${Math.round(rows / seconds)} rows/s), in MB after each tenth: ${memoryMb.join(" ")}; peak ${peakMb}`,
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function option(name: string, otherwise: number): number {
  const index = process.argv.indexOf(`--${name}`);
  return index === -1 ? otherwise : Number(process.argv[index + 1]);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
