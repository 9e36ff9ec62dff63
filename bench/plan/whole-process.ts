import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** What a process took from its start to its end. */
export interface Figures {
  /** Wall time. */
  readonly seconds: number;
  /** Time of the processor, user and system: the same on a busy machine. */
  readonly cpuSeconds: number;
  /** Peak resident memory in MiB. */
  readonly megabytes: number;
}

export const PROJECT = path.join(__dirname, "..", "..");

/** Compiles a program of the project, and gives where it lies. */
export function compile(program: string): string {
  const output = path.join(PROJECT, "node_modules", ".cache", "bench-plan", program.replace(/\.ts$/, ".js"));
  execFileSync(path.join(PROJECT, "node_modules", ".bin", "esbuild"), [
    path.join(PROJECT, program),
    "--bundle",
    "--packages=external",
    "--platform=node",
    `--outfile=${output}`,
    "--log-level=warning",
  ]);
  return output;
}

/**
 * Runs a whole process once; `undefined` when the plan is too long for it.
 *
 * @throws an Error when it ends with another status than expected.
 */
export function measure(command: readonly string[], expectedStatus: number): Figures | undefined {
  const folder = mkdtempSync(path.join(os.tmpdir(), "bench-usage-"));
  const usage = path.join(folder, "usage.json");
  try {
    const started = process.hrtime.bigint();
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--require", path.join(__dirname, "report-usage.cjs"), ...command],
      { encoding: "utf8", maxBuffer: Infinity, env: { ...process.env, BENCH_USAGE_FILE: usage } },
    );
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    if (stderr.includes("ERR_STRING_TOO_LONG")) return undefined;
    if (status !== expectedStatus) throw new Error(`${command.join(" ")} ended with ${status}:\n${stderr}`);
    const { cpu, maxRSS } = JSON.parse(readFileSync(usage, "utf8")) as {
      readonly cpu: number;
      readonly maxRSS: number;
    };
    return { seconds, cpuSeconds: cpu, megabytes: maxRSS / 1024 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
