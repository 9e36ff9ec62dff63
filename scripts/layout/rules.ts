import path from "node:path";

/*
 * Where files of the command may lie: what only one command uses lies in that command's folder. The linter holds the directions of
 * imports; this holds the other half (docs/decisions/0070).
 */

/** Text of every source file, by its path from the root with forward slashes. */
export type Sources = ReadonlyMap<string, string>;

/** Files outside the commands' folders that no two commands use, each as a sentence. What renders lies in cli/report/ and needs one. */
export function layoutProblems(sources: Sources): readonly string[] {
  const users = usersOf(sources);
  return [...sources.keys()]
    .filter((file) => isShared(file))
    .flatMap((file) => {
      const [user, ...others] = users.get(file) ?? [];
      if (user === undefined) return [`${file}: nothing uses it. fix: delete it`];
      if (others.length > 0 || user === PROGRAM || file.startsWith("cli/report/")) return [];
      return [`${file}: only the command ${user} uses it. fix: move it to cli/commands/${user}/`];
    });
}

const PROGRAM = "the program";

/** Whether a file may be used by any command. */
function isShared(file: string): boolean {
  return file.startsWith("cli/") && !file.startsWith("cli/commands/") && file !== "cli/main.ts";
}

/** Commands and `the program` by the shared file that they use, directly or through other shared files. */
function usersOf(sources: Sources): ReadonlyMap<string, ReadonlySet<string>> {
  const users = new Map<string, Set<string>>();
  const add = (file: string, user: string): void => {
    const known = users.get(file) ?? new Set();
    if (known.has(user)) return;
    users.set(file, known.add(user));
    for (const imported of importsOf(file, sources)) if (isShared(imported)) add(imported, user);
  };
  for (const file of sources.keys()) {
    if (isShared(file)) continue;
    for (const imported of importsOf(file, sources)) if (isShared(imported)) add(imported, userOf(file));
  }
  return users;
}

/** `plan/check` for a file of that command; the program for what lies in no command's folder. */
function userOf(file: string): string {
  return /^cli\/commands\/(.+)\/[^/]+$/.exec(file)?.[1] ?? PROGRAM;
}

/** Source files that one imports, types included. */
function importsOf(file: string, sources: Sources): readonly string[] {
  const specifiers = (sources.get(file) ?? "").matchAll(/\b(?:from|import|require)\s*(?:\(\s*)?"(\.[^"]*)"/g);
  return [...specifiers].flatMap(([, specifier = ""]) => {
    const target = path.posix.join(path.posix.dirname(file), specifier);
    return [`${target}.ts`, `${target}/index.ts`].filter((candidate) => sources.has(candidate));
  });
}
