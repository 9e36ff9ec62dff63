import { Command } from "commander";
import type { CliContext } from "../../context";

/** `tenant-metadata validate`: checks the whole configuration and says how many of what there are. */
export function validateCommand(context: CliContext): Command {
  return new Command("validate")
    .description("Check every configuration file and report all problems together.")
    .option(
      "--base <git ref>",
      "refuse also what the change since this branch or commit would lose: vanished or moved tenants",
    )
    .option("--json", "print the counts as JSON")
    .addHelpText("after", "\nExamples:\n  $ tenant-metadata validate\n  $ tenant-metadata validate --base origin/main")
    .action(async ({ base, json }: { base?: string; json?: true }) => {
      const { loadValidConfig } = await import("./validate");
      const { definitions, environments, tenants, offboarded } = await loadValidConfig(context.configDir, base);
      const counts = {
        tables: definitions.length,
        environments: environments.length,
        tenants: tenants.length,
        datasets: tenants.reduce((sum, tenant) => sum + Object.keys(tenant.environments).length, 0),
        offboarded: offboarded.length,
      };
      context.print(
        json === true
          ? `${JSON.stringify(counts)}\n`
          : `Valid: ${counts.tables} table definitions, ${counts.environments} environments, ${counts.tenants} tenants, ${counts.datasets} datasets${counts.offboarded === 0 ? "" : `, ${counts.offboarded} tenants offboarded`}.\n`,
      );
    });
}
