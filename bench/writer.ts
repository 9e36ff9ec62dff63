import { fork } from "node:child_process";
import path from "node:path";
import Table from "cli-table3";
import { findOrStartEmulator } from "../emulator/emulator";
import { loadConfig } from "../model/load-config";
import { runtimeContext } from "../runtime/logger/context";
import { MetadataInitializer } from "../runtime/tables/metadata-initializer";
import type { Measurement } from "./writer/contender-process";
import type { ContenderName } from "./writer/contenders";
import { encodingMicros } from "./writer/encoding";
import { startServerProcess } from "./writer/server-process";

/*
 * Rows per second, processor time and memory of this package's writer, of the official client's JSONWriter and of `table.insert`; and
 * what checking and encoding cost. The server checks offsets and counts rows, and decodes none, so that the client is what is
 * measured. Each contender runs in a process of its own, in turn, several times.
 *
 *   npm run bench:writer                 with a million rows for the memory
 *   npm run bench:writer -- --rows 50000 rows of one round; --memory-rows 0 leaves the memory out
 *   npm run bench:writer -- --emulator   against the emulator, which this run starts unless BIGQUERY_EMULATOR_HOST names one:
 *                                        figures of the emulator as much as of the client
 */

const NAMES: readonly ContenderName[] = ["ours", "jsonWriter", "tableInsert"];
const LABELS: Readonly<Record<ContenderName, string>> = {
  ours: "tenant-metadata",
  jsonWriter: "JSONWriter",
  tableInsert: "table.insert",
};
const TENANT = "acme_retail";

/** Where rows go, and what prepares it for the next measurement. */
interface Server {
  readonly environment: NodeJS.ProcessEnv;
  readonly prepare: () => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

async function main(): Promise<void> {
  const rows = option("rows", 100_000);
  const rounds = option("rounds", 3);
  const memoryRows = option("memory-rows", 1_000_000);
  printEncoding();

  const server = await (process.argv.includes("--emulator") ? startEmulator() : startServer());
  try {
    const run = async (name: ContenderName, count: number) => {
      await server.prepare();
      console.error(`${LABELS[name]}: ${count} rows …`);
      return measure(name, count, server.environment);
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
    await server.stop();
  }
}

/** The server that counts. */
async function startServer(): Promise<Server> {
  const server = await startServerProcess();
  return {
    environment: { BIGQUERY_EMULATOR_HOST: server.restAddress, BIGQUERY_EMULATOR_GRPC_HOST: server.grpcAddress },
    prepare: async () => undefined,
    stop: async () => server.stop(),
  };
}

async function startEmulator(): Promise<Server> {
  const emulator = await findOrStartEmulator({ report: (line) => console.error(line) });
  const environment = {
    BIGQUERY_EMULATOR_HOST: new URL(emulator.restUrl).host,
    BIGQUERY_EMULATOR_GRPC_HOST: emulator.grpcAddress,
  };
  const context = runtimeContext({
    config: loadConfig("configs"),
    environment: "local",
    environmentVariables: environment,
  });
  const initializer = new MetadataInitializer(context);
  return {
    environment,
    // Every measurement meets an empty table.
    prepare: async () =>
      initializer.recreate(TENANT, ["step_logs"]).catch(async () => initializer.ensureTenant(TENANT)),
    stop: async () => emulator.stop(),
  };
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
  console.log("Check and encode one row of step_logs (target: at most 4 µs)");
  for (const isoTimestamps of [false, true]) {
    const { median: usual, fastest } = encodingMicros({ isoTimestamps });
    const kind = isoTimestamps ? "ISO strings" : "Dates      ";
    console.log(`  timestamps as ${kind}: median ${usual.toFixed(2)} µs, fastest round ${fastest.toFixed(2)} µs`);
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
  console.log(`${table.toString()}\nTargets: at least 1.5 x JSONWriter, at least 3 x table.insert.`);
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
