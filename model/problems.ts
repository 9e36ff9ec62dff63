import { distance } from "fastest-levenshtein";
import { cut, maskSecrets } from "./mask";

/** One thing that is wrong in one place of the user's input. */
export interface Problem {
  /** Path relative to the folder given, e.g. `tenants/acme.json`. */
  readonly file: string;
  /** One-based line in `file`, when the place is known. */
  readonly line?: number;
  /** Where in the document, e.g. `schema.fields[3].mode`; empty for the whole document. */
  readonly path: string;
  /** What is wrong, as a sentence without its full stop. */
  readonly message: string;
  /** What was found there, ready to print. */
  readonly received?: string;
  /** What would have been accepted, ready to print. */
  readonly allowed?: string;
  /** How to fix it, as a sentence without its full stop. */
  readonly remedy: string;
}

/** Renders a JSON path: `["schema", "fields", 3]` gives `schema.fields[3]`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((segment, index) => {
      if (typeof segment === "number") return `[${segment}]`;
      const name = String(segment);
      if (!/^[\w$-]{1,80}$/.test(name) || maskSecrets(name) !== name) return `[${show(name)}]`;
      return index === 0 ? name : `.${name}`;
    })
    .join("");
}

/** Prints a received value as JSON, without keys and hashes, cut to a length that fits a terminal line. */
export function show(value: unknown): string {
  return cut(maskSecrets(JSON.stringify(value) ?? "nothing"));
}

/** Names the candidate that was probably meant, or `undefined` when none is near. */
export function didYouMean(name: string, candidates: readonly string[]): string | undefined {
  // Nobody means a short name by one as long as this, and comparing takes as long as both are.
  if (name.length > 200) return undefined;
  const typed = name.toLowerCase();
  const near = Math.max(2, Math.floor(name.length / 3));
  const [best] = candidates
    .map((candidate) => ({ candidate, edits: distance(typed, candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= near)
    .sort((a, b) => a.edits - b.edits);
  return best?.candidate;
}

/** "`use` one of these" with a guess in front when there is a near one. */
export function pickOne(name: string, candidates: readonly string[], otherwise: string): string {
  const guess = didYouMean(name, candidates);
  return guess === undefined ? otherwise : `Did you mean ${JSON.stringify(guess)}?`;
}

/** Renders problems for a terminal: one block each, in order of file and line. */
export function formatProblems(problems: readonly Problem[]): string {
  const sorted = [...problems].sort(
    (a, b) => compare(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || compare(a.path, b.path),
  );
  const blocks = sorted.map((problem) => {
    const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
    return [
      problem.path === "" ? place : `${place} ${problem.path}`,
      `  ${problem.message}`,
      ...(problem.received === undefined ? [] : [`  received: ${problem.received}`]),
      ...(problem.allowed === undefined ? [] : [`  allowed:  ${problem.allowed}`]),
      `  fix:      ${problem.remedy}`,
    ].join("\n");
  });
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return `${count} in the configuration:\n\n${blocks.join("\n\n")}`;
}

/** Orders by code unit, so that output does not depend on the machine's locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
