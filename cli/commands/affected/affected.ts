import path from "node:path";
import { UsageError } from "../../../model/errors";
import { loadConfig, readConfig } from "../../../model/load-config";
import { compare } from "../../../model/problems";
import { lostStacks, synthesizeSides } from "./synthesize-sides";
import { Repository, withTemporaryFolder } from "../../workspace/repository";
import { type StackInput, stackInputs, stacksRead } from "./stack-inputs";
import { isProject, provideDependencies, type StackDigests, type SynthOptions, synthesize } from "./synthesize";

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
 *
 * A commit that cannot be synthesized has no output, so every stack differs from it; the ones that are gone since are those that
 * its configuration names, as far as it can be read.
 */
export async function affected({ configDir, project, base, report }: AffectedOptions): Promise<Affected> {
  if (!isProject(project)) {
    throw new UsageError(`There is no cdktf.json in ${project}. Run the command in the folder of the CDKTF project.`);
  }
  const inputs = stackInputs(loadConfig(configDir));
  const repository = await Repository.open(configDir);
  const commit = await repository.commit(base);
  const configs = repository.relative(configDir);
  if (configs === undefined) throw new UsageError(`${configDir} leads out of the repository ${repository.root}.`);
  // The configuration may have a repository of its own; then the base says nothing about the program.
  const program = repository.relative(project);
  const sameProgram = program === undefined || !(await repository.differsOutside(configs, commit));

  return withTemporaryFolder(async (temporary) => {
    if (sameProgram) {
      const changes = await repository.textsBefore(configs, commit);
      const digests = await synthesizeSides({ project, configDir, changes, inputs, temporary, report });
      return difference(commit, ...digests, inputs);
    }
    report("Something outside the configuration differs: synthesizing both sides in full.");
    const tree = path.join(temporary, "base");
    await repository.export(commit, tree);
    const before = {
      project: path.join(tree, program),
      configDir: path.join(tree, configs),
      outDir: path.join(temporary, "out-base"),
    };
    const now = { project, configDir: path.resolve(configDir), outDir: path.join(temporary, "out-now") };
    const [output, digests] = await Promise.all([synthesizeBase(before, project, report), synthesize(now)]);
    const known = output ?? lostStacks(stacksRead(readConfig(before.configDir, undefined, true)), digests, inputs);
    return difference(commit, known, digests, inputs);
  });
}

async function synthesizeBase(
  before: SynthOptions,
  project: string,
  report: AffectedOptions["report"],
): Promise<StackDigests | undefined> {
  try {
    await provideDependencies(project, before.project, report);
    return await synthesize(before);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    report(`The base cannot be synthesized, so everything counts as changed. ${error.message}`);
    return undefined;
  }
}

function difference(
  base: string,
  before: StackDigests,
  now: StackDigests,
  inputs: ReadonlyMap<string, StackInput>,
): Affected {
  const stacks = [...new Set([...before.keys(), ...now.keys()])]
    .filter((name) => before.get(name) !== now.get(name))
    .sort(compare);
  const environments = new Map<string, string[]>();
  for (const name of stacks) {
    const environment = inputs.get(name)?.environment;
    if (environment === undefined || !now.has(name)) continue;
    environments.set(environment, [...(environments.get(environment) ?? []), name]);
  }
  return {
    base,
    stacks,
    added: stacks.filter((name) => !before.has(name)),
    removed: stacks.filter((name) => !now.has(name)),
    environments: Object.fromEntries(environments),
  };
}
