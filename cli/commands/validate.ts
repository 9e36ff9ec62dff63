import { Command } from "commander";
import type { CliContext } from "../context";

/** `tenant-metadata validate`: checks the whole configuration and says how many of what there are. */
export function validateCommand(context: CliContext): Command {
  return new Command("validate")
    .description("Check every configuration file and report all problems together.")
    .option("--json", "print the counts as JSON")
    .addHelpText("after", "\nExample:\n  $ tenant-metadata validate")
    .action(async ({ json }: { json?: true }) => {
      const { loadConfig } = await import("../../model/load-config");
      const { readAllowances } = await import("../read-allowances");
      const { definitions, environments, tenants } = loadConfig(context.configDir);
      readAllowances(context.configDir, new Date().toISOString().slice(0, 10));
      const counts = {
        tables: definitions.length,
        environments: environments.length,
        tenants: tenants.length,
        datasets: tenants.reduce((sum, tenant) => sum + Object.keys(tenant.environments).length, 0),
      };
      context.print(
        json === true
          ? `${JSON.stringify(counts)}\n`
          : `Valid: ${counts.tables} table definitions, ${counts.environments} environments, ${counts.tenants} tenants, ${counts.datasets} datasets.\n`,
      );
    });
}
