/*
 * npm run bench:plan -- --megabytes 100 400
 *
 * Generates plans of these sizes and reads each, as a whole process, with `plan check` and with a program that parses the
 * whole file, and prints time, speed and peak memory of both and the ratios.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import Table from "cli-table3";
import { Command } from "commander";
import { generatePlan } from "./generate-plan";

interface Figures {
  readonly seconds: number;
  readonly megabytes: number;
}

const project = path.join(__dirname, "..", "..");
const work = mkdtempSync(path.join(os.tmpdir(), "bench-plan-"));
const cli = compile(path.join("cli", "main.ts"));
const naiveCheck = compile(path.join("bench", "plan", "naive-check.ts"));
const { megabytes: sizes } = new Command()
  .option("--megabytes <n...>", "sizes of the plans", ["100", "400"])
  .parse()
  .opts<{ megabytes: string[] }>();

try {
  main();
} finally {
  rmSync(work, { recursive: true, force: true });
}

function main(): void {
  console.log(`Node ${process.version}, ${os.cpus().length} cores\n`);
  const table = new Table({
    head: ["plan", "resources", "", "wall", "MB/s", "peak memory", "times slower", "its memory ÷ ours"],
    style: { head: [], border: [] },
  });
  for (const size of sizes.map(Number)) {
    const file = path.join(work, `${size}.json`);
    const resources = generatePlan(file, size, path.join(project, "configs", "metadata", "schemas"));
    const bytes = statSync(file).size;
    const ours = measure([cli, "plan", "check", file], 2);
    const naive = measure([naiveCheck, file], 0);
    for (const [name, figures] of [
      ["plan check", ours],
      ["JSON.parse", naive],
    ] as const) {
      table.push([
        `${(bytes / 1e6).toFixed(0)} MB`,
        resources,
        name,
        ...(figures === undefined
          ? ["fails: longer than a string may be", "", "", "", ""]
          : [
              `${figures.seconds.toFixed(2)} s`,
              (bytes / 1e6 / figures.seconds).toFixed(0),
              `${figures.megabytes.toFixed(0)} MiB`,
              (figures.seconds / (ours?.seconds ?? Number.NaN)).toFixed(2),
              (figures.megabytes / (ours?.megabytes ?? Number.NaN)).toFixed(2),
            ]),
      ]);
    }
    rmSync(file);
  }
  console.log(table.toString());
}

/** Compiles a program of the project, and gives where it lies. */
function compile(program: string): string {
  const output = path.join(project, "node_modules", ".cache", "bench-plan", program.replace(/\.ts$/, ".js"));
  execFileSync(path.join(project, "node_modules", ".bin", "esbuild"), [
    path.join(project, program),
    "--bundle",
    "--packages=external",
    "--platform=node",
    `--outfile=${output}`,
    "--log-level=warning",
  ]);
  return output;
}

/** Runs a whole process once; `undefined` when the plan is too long for it. */
function measure(command: readonly string[], expectedStatus: number): Figures | undefined {
  const memoryFile = path.join(work, "peak-memory");
  rmSync(memoryFile, { force: true });
  const preload = path.join(project, "bench", "synth", "report-peak-memory.cjs");
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, ["--require", preload, ...command], {
    encoding: "utf8",
    env: { ...process.env, BENCH_MEMORY_FILE: memoryFile },
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (stderr.includes("ERR_STRING_TOO_LONG")) return undefined;
  if (status !== expectedStatus) throw new Error(`${command.join(" ")} ended with ${status}:\n${stderr}`);
  return { seconds, megabytes: Number(readFileSync(memoryFile, "utf8")) / 1024 };
}
