import { spawnSync } from "node:child_process";
import path from "node:path";

export const PROJECT = path.join(__dirname, "..", "..");

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the project's TypeScript programs as a process of its own, as its users do. */
export function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd = PROJECT,
): Finished {
  const tsx = path.join(PROJECT, "node_modules", ".bin", "tsx");
  const { METADATA_CONFIG_DIR: _, METADATA_ENVIRONMENTS: __, CDKTF_OUTDIR: ___, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(tsx, [path.resolve(PROJECT, script), ...args], {
    cwd,
    encoding: "utf8",
    env: { ...inherited, ...env },
  });
  return { status, stdout, stderr };
}
