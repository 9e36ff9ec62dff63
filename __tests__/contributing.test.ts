import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { PROJECT } from "./support/run";

const text = readFileSync(path.join(PROJECT, "CONTRIBUTING.md"), "utf8");
const { scripts } = JSON.parse(readFileSync(path.join(PROJECT, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};
/** Those that npm itself calls. */
const LIFECYCLE = ["prepack"];

test("CONTRIBUTING.md names every command, and no other", () => {
  const named = [
    ...text.matchAll(/`(?:npm (?:run (?:-s )?)?)?((?:bench:)?[\w:-]+)(?: -- [^`]*)?`|npm run ([\w:-]+)/g),
  ].flatMap(([, quoted, bare]) => [quoted, bare]);
  expect(Object.keys(scripts).filter((name) => !LIFECYCLE.includes(name) && !named.includes(name))).toEqual([]);
  const commands = [...text.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = ""]) => name);
  expect(commands.filter((name) => !(name in scripts))).toEqual([]);
});

test("no snapshot is too long to be reviewed", () => {
  const tests = path.join(PROJECT, "__tests__");
  const snapshots = readdirSync(tests, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".snap"));
  expect(snapshots.length).toBeGreaterThan(0);
  const lines = (file: string): number => readFileSync(path.join(tests, file), "utf8").split("\n").length;
  expect(snapshots.filter((file) => lines(file) > 200)).toEqual([]);
});
