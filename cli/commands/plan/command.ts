import { defined } from "../../../model/defined";
import { Command } from "commander";
import type { CliContext } from "../../context";

/** `tenant-metadata plan …`: reads Terraform plans, whichever program made them. */
export function planCommand(context: CliContext): Command {
  return new Command("plan")
    .description("Read Terraform plans.")
    .addCommand(checkCommand(context))
    .addCommand(summaryCommand(context))
    .addCommand(verifyCommand(context));
}

function checkCommand(context: CliContext): Command {
  return new Command("check")
    .description("Say what plans will do to BigQuery's datasets, tables and access, and apply allowances.")
    .argument("<plan.json...>", "output of `terraform show -json <plan>`; - for standard input")
    .option("--environment <name>", "environment of resources without the label `environment`")
    .option("--json", "print the findings as JSON")
    .option("--markdown", "print the findings as a Markdown table for a pull-request comment")
    .addHelpText(
      "after",
      `
Exit codes:
  0  no change, or none that loses data
  1  wrong usage or broken input
  2  data would be lost, something destroyed, access opened, protection or retention lowered, or the plan holds what
     cannot be judged, without an allowance

Examples:
  $ terraform plan -out=plan.out && terraform show -json plan.out > plan.json
  $ tenant-metadata plan check plan.json
  $ terraform show -json plan.out | tenant-metadata plan check - --environment prod`,
    )
    .action(async (files: string[], options: { environment?: string; json?: true; markdown?: true }) => {
      const { planCheck } = await import("./check/check");
      await planCheck(context, files, options);
    });
}

function summaryCommand(context: CliContext): Command {
  return new Command("summary")
    .description("Summarize plans for a reviewer: findings first, then what happens to which tenant.")
    .argument("<plan.json...>", "output of `terraform show -json <plan>`; - for standard input")
    .option("--environment <name>", "environment of resources without the label `environment`")
    .option("--markdown", "print it as a pull-request comment of at most 65,000 characters")
    .option("--html <file>", "write it as one self-contained page")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      `
Examples:
  $ tenant-metadata plan summary plans/*.json
  $ tenant-metadata plan summary plans/*.json --markdown --html plan.html > comment.md`,
    )
    .action(async (files: string[], flags: { environment?: string; markdown?: true; html?: string; json?: true }) => {
      const { summarizePlans } = await import("./summary/summarize");
      const { environment, html, markdown, json } = flags;
      await summarizePlans(
        context,
        files,
        defined({ environment, html, markdown: markdown === true, json: json === true }),
      );
    });
}

function verifyCommand(context: CliContext): Command {
  return new Command("verify")
    .description(
      "Right before plans are applied, compare the live columns of every table they update with what they knew.",
    )
    .argument("<plan.json...>", "output of `terraform show -json <plan>`; - for standard input")
    .addHelpText(
      "after",
      `
The google provider decides at apply which columns to drop: every live one that the configuration lacks.

Exit codes:
  0  no live column that the plans did not know
  1  wrong usage or broken input
  2  a column was added after the plan was made, or a table is gone
  3  BigQuery could not be asked

Examples:
  $ terraform show -json plan.out | tenant-metadata plan verify - && terraform apply plan.out`,
    )
    .action(async (files: string[]) => {
      const { verifyPlans } = await import("./verify/verify");
      await verifyPlans(context, files);
    });
}
