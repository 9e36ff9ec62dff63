import path from "node:path";
import type { CliContext } from "../../cli/context";
import { runProgram } from "../../cli/program";
import { PROJECT } from "./run";

/** Runs the command in this process and gives all that a caller sees of it. */
export async function run(
  args: readonly string[],
  configDir: string = path.join(PROJECT, "configs"),
  context: Partial<CliContext> = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const printed: string[] = [];
  const reported: string[] = [];
  const code = await runProgram(args, {
    configDir,
    print: (text) => printed.push(text),
    report: (text) => reported.push(text),
    exitWith: () => undefined,
    interactive: false,
    colors: false,
    ...context,
  });
  const clean = (texts: readonly string[]): string => texts.join("").replaceAll(configDir, "<configs>");
  return { code, stdout: clean(printed), stderr: clean(reported) };
}
