import { Command } from "commander";
import type { CliContext } from "../../context";

/** `tenant-metadata generate`: writes every file that follows from the formats and definitions. */
export function generateCommand(context: CliContext): Command {
  return new Command("generate")
    .description("Write the generated files: editor schemas and docs.")
    .option("--check", "write nothing; fail when a file is out of date")
    .addHelpText("after", "\nExample:\n  $ tenant-metadata generate --check")
    .action(async ({ check }: { check?: true }) => {
      const { generate } = await import("./generate");
      generate(context, { check: check === true });
    });
}
