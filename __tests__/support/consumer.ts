import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PROJECT } from "./run";

/** Runs a program in a folder, as its user would. @returns what it printed. */
export type Run = (file: string, ...args: string[]) => string;

/**
 * Makes a project in `folder` that has the packed package, the sample configuration and some of our own development packages.
 *
 * @param packages - their names; they are installed in the versions that this repository uses.
 */
export function makeConsumer(folder: string, packages: readonly string[]): Run {
  const run: Run = (file, ...args) =>
    execFileSync(file, args, { cwd: folder, encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } });
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
      cwd: PROJECT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).replace(/^[^[]*/, ""),
  ) as [{ filename: string }];
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true }));
  const { devDependencies } = JSON.parse(readFileSync(path.join(PROJECT, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const wanted = packages.map((name) => `${name}@${devDependencies[name]}`);
  run("npm", "install", "--no-audit", "--no-fund", "--prefer-offline", `./${filename}`, ...wanted);
  cpSync(path.join(PROJECT, "configs"), path.join(folder, "configs"), { recursive: true });
  return run;
}
