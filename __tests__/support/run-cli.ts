import path from "node:path";
import type { CliContext } from "../../cli/context";
import { runProgram } from "../../cli/program";
import { PROJECT } from "./run";

/** All that a caller sees of the command. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in this process. */
export async function runCli(
  args: readonly string[],
  configDir: string = path.join(PROJECT, "configs"),
  context: Partial<CliContext> = {},
): Promise<CliResult> {
  const printed: string[] = [];
  const reported: string[] = [];
  const code = await runProgram(args, {
    configDir,
    print: (text) => printed.push(text),
    report: (text) => reported.push(text),
    now: () => new Date(),
    exitWith: () => undefined,
    ...context,
  });
  return { code, stdout: printed.join(""), stderr: reported.join("") };
}
