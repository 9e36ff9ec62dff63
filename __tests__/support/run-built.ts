import { spawnSync } from "node:child_process";
import { built } from "./programs";
import { PROJECT } from "./run";

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the project's programs, or another script, as a process of its own, as its users do. */
export function runBuilt(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Finished {
  return runNode([built(program), ...args], env);
}

/** Runs `node` in the project's folder. */
export function runNode(args: readonly string[], env: Readonly<Record<string, string>> = {}): Finished {
  const { METADATA_CONFIG_DIR: _, METADATA_ENVIRONMENTS: __, CDKTF_OUTDIR: ___, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: PROJECT,
    encoding: "utf8",
    env: { ...inherited, ...env },
  });
  return { status, stdout, stderr: stderr.replace(DEPRECATION, "") };
}

/** What Node 24 says of a package of cdktf's, whoever starts it. */
const DEPRECATION = /^\(node:\d+\) \[DEP0044\] .*\n\(Use `node --trace-deprecation .*\n/m;
