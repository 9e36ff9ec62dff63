import { Command } from "commander";
import type { CliContext } from "../../context";
import { collectPair } from "../../options";
import { ASK_EXIT_CODES, type AskFlags, askOptions, withAskOptions } from "../../questions/options";

interface QueryFlags extends AskFlags {
  readonly param?: Readonly<Record<string, string>>;
}

/** `tenant-metadata query`: puts a question of `queries/` to one tenant or to all of them. */
export function queryCommand(context: CliContext): Command {
  const command = new Command("query")
    .description("Ask one tenant, or all tenants of an environment, a question from queries/.")
    .argument("[name]", "the question; without one, the questions are listed")
    .option("--param <name=value>", "value of one of the question's parameters; repeat for more", collectPair);
  return withAskOptions(command)
    .addHelpText(
      "after",
      `${ASK_EXIT_CODES}

Examples:
  $ tenant-metadata query
  $ tenant-metadata query stuck-runs --environment prod --tenant acme_retail
  $ tenant-metadata query is-done --environment prod --tenant acme_retail --param pipeline=daily_orders --param date=2026-01-31
  $ tenant-metadata query freshness --environment prod --all-tenants --csv > freshness.csv`,
    )
    .action(async (name: string | undefined, { param, ...flags }: QueryFlags) => {
      const { questionNamed } = await import("../../questions/read-questions");
      if (name === undefined) {
        const { listQuestions } = await import("./list-questions");
        listQuestions(context, flags.json === true);
        return;
      }
      const { ask } = await import("../../questions/ask");
      await ask(context, questionNamed(name), askOptions(flags, param ?? {}));
    });
}
