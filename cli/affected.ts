import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../model/errors";
import { loadConfig, type MetadataConfig } from "../model/load-config";
import { compare } from "../model/problems";
import { planStacks } from "../model/resolve";
import { loadBaseConfig } from "./base-config";
import { Repository, withTemporaryFolder } from "./git";
import { isProject, type StackDigests, synthesize } from "./synthesize";

export interface AffectedOptions {
  readonly configDir: string;
  /** Folder that holds `cdktf.json`. */
  readonly project: string;
  /** Branch, tag or commit to compare with. */
  readonly base: string;
  /** Takes one line a step. */
  readonly report: (text: string) => void;
}

/** Stacks whose synthesized output differs between a commit and now. Every list is sorted. */
export interface Affected {
  /** The commit compared with, 40 hexadecimal digits. */
  readonly base: string;
  /** All of them: changed, added and removed. */
  readonly stacks: readonly string[];
  /** Of these, the ones that the commit does not have. */
  readonly added: readonly string[];
  /** Of these, the ones that only the commit has. */
  readonly removed: readonly string[];
  /** Those to plan and deploy, all but the removed ones, by environment. */
  readonly environments: Readonly<Record<string, readonly string[]>>;
}

/**
 * Finds the stacks whose synthesized output differs between a commit and the work tree, uncommitted changes included.
 *
 * Both sides are synthesized by their own program with their own dependencies, and compared byte for byte. Two things save
 * work without changing the answer:
 *
 * - When nothing outside the configuration folder differs, both sides are the same program, so a stack can differ only if
 *   its input does: its environment, its tenants, the table definitions. Only those stacks are synthesized.
 * - When both sides lock the same dependencies, the installed ones serve both.
 */
export async function affected(options: AffectedOptions): Promise<Affected> {
  const { configDir, project, base, report } = options;
  if (!isProject(project)) {
    throw new UsageError(`There is no cdktf.json in ${project}. Run the command in the folder of the CDKTF project.`);
  }
  const now = loadConfig(configDir);
  const before = await loadBaseConfig(configDir, base);
  if (before.problem !== undefined) report(`${before.problem} Everything counts as changed.`);
  const environmentOf = new Map([...stackInputs(now)].map(([name, { environment }]) => [name, environment]));
  const done = (digestsBefore: StackDigests, digestsNow: StackDigests): Affected =>
    difference(before.commit, digestsBefore, digestsNow, environmentOf);

  return withTemporaryFolder(async (temporary) => {
    const sides = { now: path.join(temporary, "out-now"), base: path.join(temporary, "out-base") };
    const tree = path.join(temporary, "base");
    const configs = await Repository.open(configDir);
    const folder = configs.relative(configDir) ?? "";
    const place = configs.relative(project);
    if (before.config === undefined) {
      return done(new Map(), await synthesize({ project, configDir: path.resolve(configDir), outDir: sides.now }));
    }

    const sameProgram = place === undefined || !(await configs.differsOutside(folder, before.commit));
    if (sameProgram) {
      const stacks = changedInputs(before.config, now);
      const count = stacks.now.length;
      report(`The program is the same; ${count === 1 ? "1 stack has" : `${count} stacks have`} changed input.`);
      await configs.export(before.commit, [folder === "" ? "." : folder], tree);
      return done(
        ...(await Promise.all([
          some({ project, configDir: path.join(tree, folder), outDir: sides.base, stacks: stacks.base }),
          some({ project, configDir: path.resolve(configDir), outDir: sides.now, stacks: stacks.now }),
        ])),
      );
    }

    report("Something outside the configuration differs: synthesizing both sides in full.");
    await configs.export(before.commit, ["."], tree);
    const baseProject = path.join(tree, place);
    if (!isProject(baseProject)) {
      report(`${base} has no cdktf.json. Everything counts as changed.`);
      return done(new Map(), await synthesize({ project, configDir: path.resolve(configDir), outDir: sides.now }));
    }
    await provideDependencies(project, baseProject, report);
    return done(
      ...(await Promise.all([
        synthesize({ project: baseProject, configDir: path.join(tree, folder), outDir: sides.base }),
        synthesize({ project, configDir: path.resolve(configDir), outDir: sides.now }),
      ])),
    );
  });
}

async function some(options: Parameters<typeof synthesize>[0] & { stacks: readonly string[] }): Promise<StackDigests> {
  return options.stacks.length === 0 ? new Map() : synthesize(options);
}

interface StackInput {
  readonly environment: string;
  readonly digest: string;
}

/** Digest of everything that a stack is made from, by stack name. */
function stackInputs({ definitions, environments, tenants, offboarded }: MetadataConfig): Map<string, StackInput> {
  const shared = JSON.stringify(definitions);
  return new Map(
    environments
      .flatMap((environment) => planStacks(environment, tenants, offboarded))
      .map((plan) => [
        plan.stackName,
        {
          environment: plan.environment.name,
          digest: createHash("sha256").update(shared).update(JSON.stringify(plan)).digest("hex"),
        },
      ]),
  );
}

/** Stacks with other input on the two sides, or input on one side only. */
function changedInputs(
  before: MetadataConfig,
  after: MetadataConfig,
): { readonly base: readonly string[]; readonly now: readonly string[] } {
  const [base, now] = [stackInputs(before), stackInputs(after)];
  return {
    base: [...base.keys()].filter((name) => base.get(name)?.digest !== now.get(name)?.digest),
    now: [...now.keys()].filter((name) => base.get(name)?.digest !== now.get(name)?.digest),
  };
}

function difference(
  base: string,
  before: StackDigests,
  now: StackDigests,
  environmentOf: ReadonlyMap<string, string>,
): Affected {
  const stacks = [...new Set([...before.keys(), ...now.keys()])]
    .filter((name) => before.get(name) !== now.get(name))
    .sort(compare);
  const environments: Record<string, string[]> = {};
  for (const name of stacks) {
    const environment = environmentOf.get(name);
    if (environment !== undefined && now.has(name)) (environments[environment] ??= []).push(name);
  }
  return {
    base,
    stacks,
    added: stacks.filter((name) => !before.has(name)),
    removed: stacks.filter((name) => !now.has(name)),
    environments,
  };
}

/** Gives the exported project the dependencies it locks: the installed ones when both lock the same, its own otherwise. */
async function provideDependencies(
  project: string,
  baseProject: string,
  report: (text: string) => void,
): Promise<void> {
  const lock = (folder: string): string => {
    const file = path.join(folder, "package-lock.json");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };
  if (lock(project) === lock(baseProject)) {
    symlinkSync(realpathSync(path.join(project, "node_modules")), path.join(baseProject, "node_modules"), "junction");
    return;
  }
  report("The dependencies differ too: installing those of the base in a temporary folder.");
  await promisify(execFile)("npm", ["ci", "--no-audit", "--no-fund"], { cwd: baseProject, maxBuffer: 1 << 26 });
}
