/*
 * npm run bench:synth -- --tenants 1000
 *
 * Synthesizes the same tenants with a plain CDKTF program (compiled, and through tsx) and with `npm run synth`, each as a
 * whole process, in turn, and prints medians and ratios. Then ten times the tenants in 100 shards, for the cost per tenant.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import Table from "cli-table3";
import { Command, InvalidArgumentError } from "commander";
import { generateConfig } from "./generate-config";

interface Contender {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

interface Figures {
  readonly wallMs: number;
  readonly peakMemoryBytes: number;
  readonly outputBytes: number;
}

const project = path.join(__dirname, "..", "..");
const work = mkdtempSync(path.join(os.tmpdir(), "bench-synth-"));
const naiveSource = path.join(__dirname, "naive-main.ts");
// Beside the dependencies, so that the compiled program finds them.
const naiveCompiled = path.join(project, "node_modules", ".cache", "bench-synth", "naive-main.js");

const ours: Contender = { name: "npm run synth", command: ["npm", "run", "--silent", "synth"] };
const peers: readonly Contender[] = [
  { name: "naive, compiled", command: ["node", naiveCompiled] },
  { name: "naive, tsx", command: [path.join(project, "node_modules", ".bin", "tsx"), naiveSource] },
];

const options = new Command()
  .option("--tenants <n>", "tenants to synthesize", positiveInteger, 1000)
  .option("--runs <n>", "runs of each program; medians are printed", positiveInteger, 3)
  .parse()
  .opts<{ tenants: number; runs: number }>();

try {
  main();
} finally {
  rmSync(work, { recursive: true, force: true });
}

function main(): void {
  const { tenants, runs } = options;
  const config = newConfig(tenants, 1);
  const large = newConfig(tenants * 10, 100);
  execFileSync(path.join(project, "node_modules", ".bin", "esbuild"), [
    naiveSource,
    "--bundle",
    "--packages=external",
    "--platform=node",
    `--outfile=${naiveCompiled}`,
    "--log-level=warning",
  ]);

  console.log(`${tenants} tenants, ${runs} runs of each, Node ${process.version}, ${os.cpus().length} cores\n`);
  const contenders = [...peers, ours];
  const measured = new Map<Contender, Figures[]>(contenders.map((contender) => [contender, []]));
  const largeRuns: Figures[] = [];
  for (let run = 0; run < runs; run++) {
    for (const contender of contenders) measured.get(contender)?.push(measure(contender, config));
    largeRuns.push(measure(ours, large));
  }

  const own = medians(measured.get(ours) ?? []);
  const table = new Table({
    head: ["", "wall", "peak memory", "output", "times slower", "our memory ÷ its", "our output ÷ its"],
    style: { head: [], border: [] },
  });
  for (const contender of contenders) {
    const figures = medians(measured.get(contender) ?? []);
    table.push([
      contender.name,
      `${(figures.wallMs / 1000).toFixed(2)} s`,
      `${(figures.peakMemoryBytes / 2 ** 20).toFixed(0)} MiB`,
      `${(figures.outputBytes / 2 ** 20).toFixed(2)} MiB`,
      (figures.wallMs / own.wallMs).toFixed(2),
      (own.peakMemoryBytes / figures.peakMemoryBytes).toFixed(2),
      (own.outputBytes / figures.outputBytes).toFixed(2),
    ]);
  }
  console.log(table.toString());
  const many = medians(largeRuns);
  const [perTenant, perTenantOfMany] = [own.wallMs / tenants, many.wallMs / (tenants * 10)];
  console.log(
    `\n${tenants * 10} tenants in 100 shards: ${(many.wallMs / 1000).toFixed(2)} s, ` +
      `${(many.peakMemoryBytes / 2 ** 20).toFixed(0)} MiB; ` +
      `${perTenantOfMany.toFixed(2)} ms per tenant against ${perTenant.toFixed(2)} ms, ratio ${(perTenantOfMany / perTenant).toFixed(2)}`,
  );
}

function newConfig(tenants: number, shards: number): string {
  const folder = path.join(work, `configs-${tenants}`);
  generateConfig({ folder, definitionsFrom: path.join(project, "configs"), tenants, shards });
  return folder;
}

/** Runs the whole command once; peak memory is that of its largest Node process. */
function measure({ name, command: [file, ...args] }: Contender, config: string): Figures {
  const out = mkdtempSync(path.join(work, "out-"));
  const memoryFile = path.join(out, "peak-memory");
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(file, args, {
    cwd: project,
    encoding: "utf8",
    env: {
      ...process.env,
      METADATA_CONFIG_DIR: config,
      CDKTF_OUTDIR: out,
      BENCH_MEMORY_FILE: memoryFile,
      NODE_OPTIONS: `--require ${path.join(__dirname, "report-peak-memory.cjs")}`,
    },
  });
  const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
  if (status !== 0) throw new Error(`${name} failed:\n${stderr}`);
  const peaks = readFileSync(memoryFile, "utf8").trim().split("\n").map(Number);
  const figures = {
    wallMs,
    peakMemoryBytes: Math.max(...peaks) * 1024,
    outputBytes: folderSize(path.join(out, "stacks")),
  };
  rmSync(out, { recursive: true });
  return figures;
}

function folderSize(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}

function medians(runs: readonly Figures[]): Figures {
  const median = (pick: (figures: Figures) => number) =>
    runs.map(pick).sort((a, b) => a - b)[Math.floor(runs.length / 2)] ?? Number.NaN;
  return {
    wallMs: median(({ wallMs }) => wallMs),
    peakMemoryBytes: median(({ peakMemoryBytes }) => peakMemoryBytes),
    outputBytes: median(({ outputBytes }) => outputBytes),
  };
}

function positiveInteger(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It must be a positive whole number.");
  return Number(text);
}
