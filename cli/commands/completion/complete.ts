import { readdirSync } from "node:fs";
import path from "node:path";
import type { Command, Option } from "commander";

/** One way to go on, with what it means. */
export interface Candidate {
  readonly name: string;
  readonly description?: string;
}

/**
 * Completes a command line: subcommands, options, and the values that can be known (environments, tenants, fixed choices).
 *
 * @param words - the words after the program's name; the last one is the one to complete, perhaps empty.
 * @returns what the last word may become; none where the shell should complete files.
 */
export function complete(root: Command, words: readonly string[], configDir: string): readonly Candidate[] {
  const current = words.at(-1) ?? "";
  let command = root;
  let open: Option | undefined;
  let positional = 0;
  for (const word of words.slice(0, -1)) {
    if (open !== undefined) open = undefined;
    else if (word.startsWith("-")) open = optionNamed(command, word);
    else {
      const child = command.commands.find((candidate) => candidate.name() === word);
      if (child === undefined) positional++;
      else command = child;
    }
  }
  return candidates(command, open, positional, current, configDir).filter(({ name }) => name.startsWith(current));
}

function candidates(
  command: Command,
  open: Option | undefined,
  positional: number,
  current: string,
  configDir: string,
): readonly Candidate[] {
  if (open !== undefined) {
    return open.long === "--environment" ? ids(configDir, "environments") : (open.argChoices ?? []).map(bare);
  }
  if (current.startsWith("-")) {
    return command
      .createHelp()
      .visibleOptions(command)
      .flatMap(({ long, description }) => (long === undefined ? [] : [{ name: long ?? "", description }]));
  }
  const children = command.createHelp().visibleCommands(command);
  if (children.length > 0) return children.map((child) => ({ name: child.name(), description: child.description() }));
  const argument = command.registeredArguments[positional];
  if (argument === undefined) return [];
  // `tenant add` takes an id that no tenant has yet.
  if (argument.name() === "id" && command.name() !== "add") return ids(configDir, "tenants");
  return (argument.argChoices ?? []).map(bare);
}

/** The option a word names, if it takes a value that is still to come. */
function optionNamed(command: Command, word: string): Option | undefined {
  return command.options.find(({ long, short, required }) => required && (long === word || short === word));
}

function bare(name: string): Candidate {
  return { name };
}

/** Names of the JSON files of a configuration folder: cheaper than reading them, and good enough to choose from. */
function ids(configDir: string, folder: string): readonly Candidate[] {
  try {
    return readdirSync(path.join(configDir, folder))
      .filter((name) => name.endsWith(".json") && !name.startsWith("."))
      .map((name) => ({ name: path.basename(name, ".json") }));
  } catch {
    return [];
  }
}
