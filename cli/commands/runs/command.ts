import { Command, InvalidArgumentError, Option } from "commander";
import type { CliContext } from "../../context";
import { ASK_EXIT_CODES, type AskFlags, askOptions, withAskOptions } from "../../questions/options";

interface RunsFlags extends AskFlags {
  readonly failed?: true;
  readonly status?: string;
  readonly pipeline?: string;
  readonly since: number;
}

/** `tenant-metadata runs`: what ran lately, by tenant and pipeline. */
export function runsCommand(context: CliContext): Command {
  const command = new Command("runs")
    .description("List the runs that started recently.")
    .option("--failed", "only failed runs; the same as --status FAILED")
    .addOption(
      new Option("--status <status>", "only runs of this status")
        .choices(["PENDING", "RUNNING", "COMPLETED", "FAILED"])
        .conflicts("failed"),
    )
    .option("--pipeline <id>", "only runs of this pipeline")
    .option("--since <time>", "how far back: 30m, 12h or 7d", minutes, minutes("1d"));
  return withAskOptions(command)
    .addHelpText(
      "after",
      `${ASK_EXIT_CODES}

Examples:
  $ tenant-metadata runs --environment prod --tenant acme_retail
  $ tenant-metadata runs --environment prod --all-tenants --failed --since 1h`,
    )
    .action(async ({ failed, status, pipeline, since, ...flags }: RunsFlags) => {
      const { questionNamed } = await import("../../questions/read-questions");
      const { ask } = await import("../../questions/ask");
      const parameters = {
        minutes: String(since),
        status: failed === true ? "FAILED" : (status ?? "*"),
        pipeline: pipeline ?? "*",
      };
      await ask(context, questionNamed("runs"), askOptions(flags, parameters));
    });
}

const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440 };

function minutes(text: string): number {
  const [, count, unit = ""] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const factor = MINUTES[unit];
  if (count === undefined || factor === undefined) {
    throw new InvalidArgumentError("Write a number of minutes, hours or days, for example 30m, 12h or 7d.");
  }
  return Number(count) * factor;
}
