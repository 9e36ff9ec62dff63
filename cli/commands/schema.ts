import { Command } from "commander";
import type { CliContext } from "../context";

const EXIT_CODES = `
Exit codes:
  0  no change, or none that loses data
  1  wrong usage or broken input
  2  data would be lost, a table replaced, or the change rejected`;

/** `tenant-metadata schema …`: what a change of definitions will do, and how to make it without losing rows. */
export function schemaCommand(context: CliContext): Command {
  return new Command("schema")
    .description("Say what a change of schema will do, and make it without losing rows.")
    .addCommand(diffCommand(context))
    .addCommand(checkCommand(context));
}

function diffCommand(context: CliContext): Command {
  return new Command("diff")
    .description("Compare two definition files, two folders of them, or two configuration folders.")
    .argument("<old>", "the definitions as they are deployed")
    .argument("<new>", "the definitions as they shall be")
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
      const { schemaDiff } = await import("../schema-diff");
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
      const { schemaCheck } = await import("../schema-check");
      schemaCheck(context, base, format);
    });
}
