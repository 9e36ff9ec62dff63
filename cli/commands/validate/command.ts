import { Command } from "commander";
import type { CliContext } from "../../context";

/** `tenant-metadata validate`: checks the whole configuration and says how many of what there are. */
export function validateCommand(context: CliContext): Command {
  return new Command("validate")
    .description("Check every configuration file and report all problems together.")
    .option(
      "--base <git ref>",
      "judge also what the change since this branch or commit does: tenants that vanish or move, and whatever needs an allowance",
    )
    .option("--json", "print the counts as JSON")
    .addHelpText(
      "after",
      `
Exit codes with --base:
  0  nothing needs an allowance that has none
  1  wrong usage, broken input, or a tenant that would vanish or move
  2  something needs an allowance; run tenant-metadata schema check to see everything

Examples:
  $ tenant-metadata validate
  $ tenant-metadata validate --base origin/main`,
    )
    .action(async ({ base, json }: { base?: string; json?: true }) => {
      const { loadValidConfig } = await import("./validate");
      const { definitions, environments, tenants, offboarded } = await loadValidConfig(context, base);
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
