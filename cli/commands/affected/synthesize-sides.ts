import path from "node:path";
import type { ConfigChanges } from "../../../model/config-files";
import { ConfigError } from "../../../model/errors";
import { loadConfig, type MetadataConfig, readConfig } from "../../../model/load-config";
import { excerptConfigs } from "./excerpt-configs";
import { type StackInput, stackInputs, stacksRead } from "./stack-inputs";
import { NO_STACKS, type StackDigests, synthesize } from "./synthesize";

interface CompareOptions {
  readonly project: string;
  readonly configDir: string;
  /** What the files that differ were before. */
  readonly changes: ConfigChanges;
  /** Input of each stack now. */
  readonly inputs: ReadonlyMap<string, StackInput>;
  /** Folder to work in. */
  readonly temporary: string;
  readonly report: (text: string) => void;
}

/**
 * Synthesizes one program with two configurations, before and now: the stacks whose input differs, or exists on one side only.
 *
 * A configuration that was not valid before gives nothing but the names of the stacks that are gone, and everything now.
 */
export async function synthesizeSides(options: CompareOptions): Promise<readonly [StackDigests, StackDigests]> {
  const { project, configDir, changes, inputs, temporary, report } = options;
  let before: MetadataConfig;
  try {
    before = loadConfig(configDir, changes);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    report(`The base cannot be synthesized, so everything counts as changed. ${error.message}`);
    const outDir = path.join(temporary, "out-now");
    const now = await synthesize({ project, configDir: path.resolve(configDir), outDir });
    return [lostStacks(stacksRead(readConfig(configDir, changes, true)), now, inputs), now];
  }
  const inputsBefore = stackInputs(before);
  const differing = (side: ReadonlyMap<string, StackInput>): readonly string[] =>
    [...side.keys()].filter((name) => inputsBefore.get(name)?.digest !== inputs.get(name)?.digest);
  const tenantIds = new Set(
    [inputsBefore, inputs].flatMap((side) => differing(side).flatMap((name) => side.get(name)?.tenantIds ?? [])),
  );
  const tenantFiles = [...tenantIds].flatMap((id) => [`tenants/${id}.json`, `offboarding/${id}.json`]);

  const some = async (name: string, stacks: readonly string[], sideChanges: ConfigChanges): Promise<StackDigests> => {
    if (stacks.length === 0) return NO_STACKS;
    const excerpt = path.join(temporary, `configs-${name}`);
    excerptConfigs(configDir, sideChanges, tenantFiles, excerpt);
    return synthesize({ project, configDir: excerpt, outDir: path.join(temporary, `out-${name}`), stacks });
  };
  // One after the other: a program may build itself first, and two builds would write the same file.
  return [await some("base", differing(inputsBefore), changes), await some("now", differing(inputs), new Map())];
}

/** The stacks of before that are gone now; none where the program gives its stacks names of its own. */
export function lostStacks(
  before: readonly string[],
  now: StackDigests,
  inputs: ReadonlyMap<string, StackInput>,
): StackDigests {
  if (![...inputs.keys()].some((name) => now.has(name))) return NO_STACKS;
  return new Map(before.filter((name) => !now.has(name)).map((name) => [name, "unknown"]));
}
