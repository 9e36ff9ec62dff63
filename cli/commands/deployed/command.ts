import { Command } from "commander";
import type { CliContext } from "../../context";
import { collect } from "../../options";

/** `tenant-metadata deployed`: records what was deployed. */
export function deployedCommand(context: CliContext): Command {
  return new Command("deployed")
    .description(
      "Record what was deployed to an environment, so that later changes cannot move or replace tables unnoticed.",
    )
    .requiredOption("--environment <name>", "environment that was deployed; repeat for more", collect)
    .addHelpText(
      "after",
      `
Writes deployed/<environment>.json: the number of shards and the generations of recreated tables. Run it after a deployment
(the deploy workflow does) and commit the file when it changed.

Example:
  $ tenant-metadata deployed --environment prod`,
    )
    .action(async ({ environment }: { environment: readonly string[] }) => {
      const { recordDeployed } = await import("./record-deployed");
      recordDeployed(context, environment);
    });
}
