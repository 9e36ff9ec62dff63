/*
 * npm run bench:plan -- --megabytes 100 400
 *
 * Generates plans of these sizes and reads each, as a whole process, with `plan check` and with a program that parses the
 * whole file, and prints time, speed and peak memory of both and the ratios.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import Table from "cli-table3";
import { Command } from "commander";
import { generatePlan } from "./generate-plan";
import { compile, measure, PROJECT } from "./whole-process";

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
    const resources = generatePlan(file, size, path.join(PROJECT, "configs", "metadata", "schemas"));
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
