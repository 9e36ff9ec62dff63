/*
 * npm run bench:scale
 *
 * What a pull request costs with 10 to 10,000 tenants: in a checkout of this project whose configuration was generated, synthesizes everything,
 * adds one tenant by the command and finds the affected stacks; then changes the README, which synthesizes both sides in
 * full. Each figure is the median wall time of whole processes, as a workflow runs them.
 */
import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import Table from "cli-table3";
import { Command } from "commander";
import type { Affected } from "../../cli/commands/affected/affected";
import { provideDependencies } from "../../cli/commands/affected/synthesize";
import { generateConfig } from "../synth/generate-config";

/** A shard holds about this many tenants, which keeps a stack's plan to minutes. */
const TENANTS_PER_SHARD = 100;

const project = path.join(__dirname, "..", "..");
const SOURCES = [
  "cli",
  "constructs",
  "evolution",
  "model",
  "main.ts",
  "cdktf.json",
  "package.json",
  "package-lock.json",
];

async function main(): Promise<void> {
  const { tenants, runs } = new Command()
    .option("--tenants <n,n,…>", "sizes to measure", "10,100,1000,10000")
    .option("--runs <n>", "runs of each; medians are printed", Number, 3)
    .parse()
    .opts<{ tenants: string; runs: number }>();
  const table = new Table({
    head: [
      "tenants",
      "stacks",
      "most resources in a stack",
      "synth, all",
      "stacks affected by one new tenant",
      "affected, one tenant",
      "affected, README only",
    ],
    style: { head: [], border: [] },
  });
  console.log(`${runs} runs of each, Node ${process.version}, ${os.cpus().length} cores\n`);
  for (const size of tenants.split(",").map(Number)) table.push(await measure(size, runs));
  console.log(table.toString());
}

async function measure(tenants: number, runs: number): Promise<(string | number)[]> {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "bench-scale-")));
  const run = (command: string, ...args: readonly string[]): string =>
    execFileSync(command, args, {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "pipe"],
    });
  const command = (...args: readonly string[]): string =>
    run("npm", "run", "--silent", "tenant-metadata", "--", ...args);
  const commit = (): void => {
    run("git", "add", "--all");
    run(
      "git",
      "-c",
      "user.name=Bench",
      "-c",
      "user.email=bench@example.com",
      "commit",
      "--quiet",
      "--message",
      "bench",
    );
  };
  try {
    for (const name of SOURCES) cpSync(path.join(project, name), path.join(folder, name), { recursive: true });
    await provideDependencies(project, folder, () => undefined);
    const shards = Math.ceil(tenants / TENANTS_PER_SHARD);
    generateConfig({
      folder: path.join(folder, "configs"),
      definitionsFrom: path.join(project, "configs"),
      tenants,
      shards,
    });
    appendFileSync(path.join(folder, ".gitignore"), "node_modules\ncdktf.out\n");
    run("git", "init", "--quiet", "--initial-branch=main");
    commit();

    const synth = median(runs, () => run("npm", "run", "--silent", "synth"));
    const resources = mostResources(path.join(folder, "cdktf.out", "stacks"));
    command("tenant", "add", "acme_retail", "--display-name", "Acme Retail", "--environment", "bench");
    let found: Affected | undefined;
    const oneTenant = median(runs, () => {
      found = JSON.parse(command("affected", "--base", "HEAD", "--json")) as Affected;
    });
    commit();
    appendFileSync(path.join(folder, "README.md"), "One more line.\n");
    const readme = median(runs, () => command("affected", "--base", "HEAD"));
    return [tenants, shards, resources, synth, found?.stacks.length ?? "?", oneTenant, readme];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function mostResources(folder: string): number {
  const counts = readdirSync(folder).map((stack) => {
    const { resource } = JSON.parse(readFileSync(path.join(folder, stack, "cdk.tf.json"), "utf8")) as {
      resource: Record<string, object>;
    };
    return Object.values(resource).reduce((sum, byName) => sum + Object.keys(byName).length, 0);
  });
  return Math.max(...counts);
}

/** `3.2 s`. */
function median(runs: number, work: () => unknown): string {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return `${((times[Math.floor(times.length / 2)] ?? 0) / 1000).toFixed(1)} s`;
}

void main();
