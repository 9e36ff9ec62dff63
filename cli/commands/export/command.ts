import { Command } from "commander";
import type { CliContext } from "../../context";

/** `tenant-metadata export`: what a pipeline in its own repository needs of the configuration. */
export function exportCommand(context: CliContext): Command {
  return new Command("export")
    .description("Write one tenant of one environment, with its tables, into a file that the runtime reads.")
    .requiredOption("--environment <name>", "the environment")
    .requiredOption("--tenant <id>", "the tenant")
    .option("--output <file>", "the file; - for stdout (default: <tenant>.<environment>.json)")
    .addHelpText(
      "after",
      `
The file holds what the runtime reads, and no member's name. Give it to a pipeline in its own repository, and its path to
tenantContext({ configFile }) or METADATA_CONFIG_FILE.

Example:
  $ tenant-metadata export --environment prod --tenant acme_retail`,
    )
    .action(async (options: { environment: string; tenant: string; output?: string }) => {
      const { exportToFile } = await import("./export");
      exportToFile(context, options);
    });
}
