import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { parseSync } from "@swc/core";
import { PROJECT } from "./support/run";
import { runs } from "./support/runs";

/*
 * Every regular expression of the sources, put to strings made to keep it busy. A linear one takes milliseconds with each; one
 * that is not takes minutes, and is stopped.
 */

const LENGTH = 100_000;
const ROOMS = ["model", "bigquery", "constructs", "runtime", "cli", "evolution", "fleet", "emulator", "scripts"];
/** Ends a search that hangs; thousands of times what a linear one needs. */
const GUARD_MS = 20_000;

/** Patterns that are put together while a module loads, by module. */
const COMPOSED: Readonly<Record<string, () => unknown>> = {
  "model/principal.ts": () => require("../model/principal") as unknown,
  "constructs/terraform-strings.ts": () => require("../constructs/terraform-strings") as unknown,
};

interface Found {
  readonly patterns: ReadonlyMap<string, RegExp>;
  readonly composedIn: ReadonlySet<string>;
}

const { patterns, composedIn } = findPatterns();

test("patterns are put together in the modules that are known to do so", () => {
  expect([...composedIn]).toEqual(Object.keys(COMPOSED));
  expect(patterns.size).toBeGreaterThan(80);
});

test("the guard stops a pattern that is not linear", () => {
  expect(() => run(/(?:a|a)+b/, "a".repeat(40), 200)).toThrow("timed out");
});

test.each([...patterns])(`%s is linear: ${LENGTH} characters are no burden`, (_, pattern) => {
  for (const text of attacks(pattern)) expect(() => run(pattern, text, GUARD_MS)).not.toThrow();
});

/** Searches once, from every start: what is not linear shows where nothing is found. */
function run(pattern: RegExp, text: string, timeout: number): void {
  vm.runInNewContext("text.search(pattern)", { text, pattern }, { timeout });
}

/** Long runs of the pattern's own characters and of pairs of them, with an end that keeps an anchored one from matching. */
function attacks(pattern: RegExp): readonly string[] {
  const own = [...new Set(pattern.source.replaceAll(/\\[a-zA-Z]|[\\^$?*+|{}]/g, ""))].slice(0, runs(6));
  const chars = [...new Set([...own, "a", "0", " ", "\n", "_"])];
  const some = chars.slice(0, runs(2));
  const units = [...chars, ...some.flatMap((first) => some.map((second) => first + second))];
  return units.map((unit) => `${unit.repeat(LENGTH / unit.length)}\u0001`);
}

function findPatterns(): Found {
  const literals = new Map<string, RegExp>();
  const composed = new Set<string>();
  const visit = (node: unknown, file: string): void => {
    if (typeof node !== "object" || node === null) return;
    const { type, callee } = node as { readonly type?: string; readonly callee?: { readonly value?: string } };
    if (type === "RegExpLiteral") {
      const { pattern, flags } = node as unknown as { readonly pattern: string; readonly flags: string };
      literals.set(`/${pattern}/${flags} (${file})`, new RegExp(pattern, flags));
    }
    if (callee?.value === "RegExp") composed.add(file);
    for (const child of Object.values(node)) visit(child, file);
  };
  for (const file of ROOMS.flatMap((room) => sources(room))) {
    visit(parseSync(readFileSync(path.join(PROJECT, file), "utf8"), { syntax: "typescript", target: "es2022" }), file);
  }
  for (const file of composed) {
    for (const pattern of recorded(COMPOSED[file] ?? (() => undefined)))
      literals.set(`${String(pattern)} (${file})`, pattern);
  }
  return {
    patterns: literals,
    composedIn: new Set(
      [...composed].sort((a, b) => ROOMS.indexOf(a.split("/")[0] ?? "") - ROOMS.indexOf(b.split("/")[0] ?? "")),
    ),
  };
}

function sources(room: string): readonly string[] {
  return readdirSync(path.join(PROJECT, room), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/node_modules|\.venv/.test(file))
    .map((file) => path.posix.join(room, file.replaceAll(path.sep, "/")));
}

/** The patterns that a module makes with `new RegExp` while it loads. */
function recorded(load: () => unknown): readonly RegExp[] {
  const made: RegExp[] = [];
  const original = globalThis.RegExp;
  globalThis.RegExp = new Proxy(original, {
    construct(target, [source, flags]: [string, string?]) {
      const pattern = new target(source, flags);
      made.push(pattern);
      return pattern;
    },
  });
  try {
    jest.isolateModules(load);
  } finally {
    globalThis.RegExp = original;
  }
  return made;
}
