import { Command, CommanderError } from "commander";
import { TenantMetadataError } from "../model/errors";
import type { CliContext } from "./context";
import { EXIT, exitCodeOf } from "../model/exit-codes";
import { affectedCommand } from "./commands/affected/command";
import { completionCommand, completionServerCommand } from "./commands/completion/command";
import { deployedCommand } from "./commands/deployed/command";
import { exportCommand } from "./commands/export/command";
import { generateCommand } from "./commands/generate/command";
import { planCommand } from "./commands/plan/command";
import { queryCommand } from "./commands/query/command";
import { runsCommand } from "./commands/runs/command";
import { schemaCommand } from "./commands/schema/command";
import { spoolCommand } from "./commands/spool/command";
import { tenantCommand } from "./commands/tenant/command";
import { validateCommand } from "./commands/validate/command";

/** The `tenant-metadata` command. Every subcommand parses its flags and calls one function. */
export function createProgram(context: CliContext): Command {
  const program = new Command("tenant-metadata")
    .description("Provisions, feeds and safely evolves the metadata store of a multi-tenant data platform on BigQuery.")
    .showHelpAfterError("(add --help for the options)")
    .exitOverride()
    .configureOutput({ writeOut: context.print, writeErr: context.report });
  for (const command of [
    validateCommand(context),
    tenantCommand(context),
    affectedCommand(context),
    schemaCommand(context),
    planCommand(context),
    deployedCommand(context),
    queryCommand(context),
    runsCommand(context),
    generateCommand(context),
    exportCommand(context),
    spoolCommand(context),
    completionCommand(context),
  ])
    program.addCommand(inherit(command, program));
  program.addCommand(inherit(completionServerCommand(context), program), { hidden: true });
  return program;
}

/**
 * Runs the command and gives its exit code; every error thrown on purpose becomes a message, not a stack trace.
 *
 * @param argv - the arguments alone, without node and script.
 */
export async function runProgram(argv: readonly string[], context: CliContext): Promise<number> {
  let code = 0;
  const program = createProgram({ ...context, exitWith: (value) => (code = value) });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
    if (!(error instanceof TenantMetadataError)) throw error;
    context.report(`${error.message}\n`);
    return exitCodeOf(error);
  }
}

/** `addCommand` leaves a command its own defaults, which would exit the process and write past the context. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
  return command;
}
