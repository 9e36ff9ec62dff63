import path from "node:path";
import type { CliContext } from "../../cli/context";
import { PROJECT } from "./run";
import { type CliResult, runCli } from "./run-cli";

/** As {@link runCli}, with the configuration's own path left out of what is seen. */
export async function run(
  args: readonly string[],
  configDir: string = path.join(PROJECT, "configs"),
  context: Partial<CliContext> = {},
): Promise<CliResult> {
  const { code, stdout, stderr } = await runCli(args, configDir, context);
  const clean = (text: string): string => text.replaceAll(configDir, "<configs>");
  return { code, stdout: clean(stdout), stderr: clean(stderr) };
}
