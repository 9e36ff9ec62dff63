import { Argument, Command } from "commander";
import type { CliContext } from "../../context";

const SHELLS = ["bash", "zsh", "fish", "pwsh"] as const;

/** `tenant-metadata completion`: the script that teaches a shell to complete the command. */
export function completionCommand(context: CliContext): Command {
  return new Command("completion")
    .description("Print the script that makes a shell complete commands, options, tenants and environments.")
    .addArgument(new Argument("<shell>", "shell to print it for").choices(SHELLS))
    .addHelpText(
      "after",
      `
Examples:
  $ echo 'source <(tenant-metadata completion bash)' >> ~/.bashrc
  $ tenant-metadata completion zsh > "\${fpath[1]}/_tenant-metadata"
  $ tenant-metadata completion fish > ~/.config/fish/completions/tenant-metadata.fish
  > tenant-metadata completion pwsh >> $PROFILE`,
    )
    .action(async (shell: (typeof SHELLS)[number]) => {
      const { getCompletionScript } = await import("@pnpm/tabtab");
      context.print(await getCompletionScript({ name: "tenant-metadata", completer: "tenant-metadata", shell }));
    });
}

/** What the script calls at each press of the key; the line so far comes in environment variables of the shell's. */
export function completionServerCommand(context: CliContext): Command {
  return new Command("completion-server")
    .description("Answer a shell that completes the command.")
    .argument("[words...]", "the line so far; what counts is the shell's COMP_LINE")
    .action(async (_words: readonly string[], _options: unknown, command: Command) => {
      const { complete } = await import("./complete");
      const { getShellFromEnv, log, parseEnv } = await import("@pnpm/tabtab");
      const root = command.parent ?? command;
      const words = parseEnv(process.env).partial.split(/\s+/).slice(1);
      log([...complete(root, words, context.configDir)], getShellFromEnv(process.env), (line) =>
        context.print(`${line}\n`),
      );
    });
}
