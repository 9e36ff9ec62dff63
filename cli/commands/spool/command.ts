import { Command } from "commander";
import type { CliContext } from "../../context";

/** `tenant-metadata spool`: what loggers could not deliver. */
export function spoolCommand(context: CliContext): Command {
  const command = new Command("spool").description(
    "Deliver the rows that loggers could not deliver and left in their spool.",
  );
  command
    .command("replay")
    .description("Deliver the rows and ends of runs in a folder; delete the files that are done.")
    .argument("<folder>", "the `spool` of the loggers")
    .option(
      "--environment <name>",
      "environment whose tenants they are of; by default the tenant of METADATA_* variables",
    )
    .addHelpText(
      "after",
      `
A row that may be in its table already is looked for by its primary key, so replaying twice never writes it twice; replaying while
pipelines run is safe. Exit code 2 when something stays in the spool, and 3 when BigQuery cannot be reached.

Examples:
  $ tenant-metadata spool replay /var/spool/metadata --environment prod
  $ METADATA_PROJECT=example-prod METADATA_TENANT=acme_retail tenant-metadata spool replay /var/spool/metadata`,
    )
    .action(async (folder: string, { environment }: { environment?: string }) => {
      const { replay } = await import("./replay");
      await replay(context, folder, environment);
    });
  return command;
}
