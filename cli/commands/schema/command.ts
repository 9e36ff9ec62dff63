import { Command } from "commander";
import type { CliContext } from "../../context";
import type { MigrateOptions } from "./migrate/migrate";
import type { NewVersionOptions } from "./new-version/new-version";

const EXIT_CODES = `
Exit codes:
  0  no change, or none that loses data
  1  wrong usage or broken input
  2  data would be lost, a table replaced, or the change rejected`;

/** `tenant-metadata schema …`: what a change of definitions will do, and how to make it without losing rows. */
export function schemaCommand(context: CliContext): Command {
  return new Command("schema")
    .description("Say what a schema change will do, and make it without losing rows.")
    .addCommand(diffCommand(context))
    .addCommand(checkCommand(context))
    .addCommand(migrateCommand(context))
    .addCommand(newVersionCommand(context));
}

function diffCommand(context: CliContext): Command {
  return new Command("diff")
    .description("Compare two definition files, two folders of them, or two configuration folders.")
    .argument("<old>", "the definitions as they are deployed")
    .argument("<new>", "the new definitions")
    .option("--json", "print the findings as JSON")
    .option("--markdown", "print the findings as a Markdown table")
    .addHelpText(
      "after",
      `${EXIT_CODES}

Examples:
  $ tenant-metadata schema diff old/step_logs.json configs/metadata/schemas/step_logs.json
  $ tenant-metadata schema diff old/ configs/metadata/schemas/ --json`,
    )
    .action(async (oldPath: string, newPath: string, format: { json?: true; markdown?: true }) => {
      const { schemaDiff } = await import("./diff/diff");
      schemaDiff(context, oldPath, newPath, format);
    });
}

function checkCommand(context: CliContext): Command {
  return new Command("check")
    .description("Compare the configuration with the one at a git commit, and apply allowances.")
    .requiredOption("--base <ref>", "compare with the merge base of this git ref and HEAD")
    .option("--json", "print the findings as JSON")
    .option("--markdown", "print the findings as a Markdown table for a pull-request comment")
    .addHelpText(
      "after",
      `${EXIT_CODES} without an allowance

Examples:
  $ tenant-metadata schema check --base origin/main
  $ tenant-metadata schema check --base HEAD --markdown`,
    )
    .action(async ({ base, ...format }: { base: string; json?: true; markdown?: true }) => {
      const { schemaCheck } = await import("./check/check");
      await schemaCheck(context, base, format);
    });
}

function migrateCommand(context: CliContext): Command {
  return new Command("migrate")
    .description(
      "Print, or run, the ALTER TABLE statements that change tables in place where Terraform would replace them.",
    )
    .argument("<old>", "the definitions as they are deployed: a file or a folder")
    .argument("<new>", "the new definitions")
    .requiredOption("--environment <name>", "the environment whose tenants are migrated")
    .option("--tenant <id...>", "only these tenants")
    .option("--rename <table.old=new...>", "a column that gets another name")
    .option("--not-renamed <table.column...>", "a column that only looks renamed")
    .option("--drop-columns", "also drop columns that the new definitions lack: their data is lost")
    .option("--execute", "run the statements and report each tenant")
    .option("--json", "print the report of --execute as JSON")
    .addHelpText(
      "after",
      `
Renames are recognized by type, mode and place. Run the migration before the deployment; Terraform then has nothing to do.
Run it again at any time: it skips what is done already.

Exit codes:
  0  printed, or every tenant is migrated
  1  wrong usage or broken input
  2  some of the change cannot be made in place; with --execute nothing was run
  3  a tenant could not be migrated

Examples:
  $ tenant-metadata schema migrate old/ configs/metadata/schemas --environment dev
  $ tenant-metadata schema migrate old/ configs/metadata/schemas --environment prod --execute`,
    )
    .action(async (oldPath: string, newPath: string, options: MigrateOptions) => {
      const { schemaMigrate } = await import("./migrate/migrate");
      await schemaMigrate(context, oldPath, newPath, options);
    });
}

function newVersionCommand(context: CliContext): Command {
  return new Command("new-version")
    .description("Make the next version of a table, for changes that cannot be made in place.")
    .argument("<table>", "the table that gets a new version")
    .option("--value <column=expression...>", "SQL over the old table for a column that it cannot fill by itself")
    .option("--retire <date>", "day on which the old version goes; in 90 days when left out")
    .option("--out <folder>", "folder for the SQL and the guide; migrations/<table>_v<n> when left out")
    .addHelpText(
      "after",
      `
The first run copies the definition to <table>_v2.json, for you to edit. The second run writes the backfill, the view over
both versions and the guide for cutting over. A definition is never overwritten.

Examples:
  $ tenant-metadata schema new-version step_logs
  $ tenant-metadata schema new-version step_logs --value region="'unknown'" --retire 2026-06-30`,
    )
    .action(async (table: string, options: NewVersionOptions) => {
      const { schemaNewVersion } = await import("./new-version/new-version");
      schemaNewVersion(context, table, options);
    });
}
