import { Command } from "commander";
import type { CliContext } from "../../context";

/** `tenant-metadata affected`: names the stacks whose synthesized output differs from a commit's. */
export function affectedCommand(context: CliContext): Command {
  return new Command("affected")
    .description("Name the stacks whose synthesized output differs between a commit and now.")
    .requiredOption("--base <git ref>", "branch, tag or commit to compare with")
    .option("--json", "print the stacks as JSON, by environment too")
    .addHelpText(
      "after",
      `
Both sides are synthesized and compared byte for byte; uncommitted changes count.

Examples:
  $ tenant-metadata affected --base origin/main
  $ tenant-metadata affected --base HEAD~1 --json`,
    )
    .action(async ({ base, json }: { base: string; json?: true }) => {
      const { affected } = await import("./affected");
      const found = await affected({
        configDir: context.configDir,
        project: process.cwd(),
        base,
        report: (text) => context.report(`${text}\n`),
      });
      if (json === true) context.print(`${JSON.stringify(found)}\n`);
      else if (found.stacks.length === 0) context.report("No stack is affected.\n");
      else context.print(found.stacks.map((name) => `${name}\n`).join(""));
    });
}
