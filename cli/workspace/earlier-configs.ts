import { existsSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../../model/errors";
import { type MetadataConfig, readConfig } from "../../model/load-config";
import { formatProblems } from "../../model/problems";
import type { CliContext } from "../context";
import { Repository, withTemporaryFolder } from "./repository";

const NOTHING: MetadataConfig = { definitions: [], environments: [], tenants: [], offboarded: [], deployed: new Map() };

/** Configurations that a change is compared with. */
export interface EarlierConfigs {
  /** As it was where the work tree left the base: what others merged after this branch began is no change of this branch. */
  readonly base: MetadataConfig;
  /** As it was last deployed, by environment: the commit that the tag `deployed/<environment>` names. */
  readonly deployed: ReadonlyMap<string, MetadataConfig>;
}

/**
 * Reads what the configuration was. One that was not valid is reported and compared as far as it could be read, so that it
 * does not block the change that makes it valid; one that did not exist holds nothing.
 *
 * @param base - branch, tag or commit.
 * @throws {@link UsageError} when git is missing, the folder is in no repository, or the base is unknown.
 */
export async function earlierConfigs(context: CliContext, base: string): Promise<EarlierConfigs> {
  const { configDir } = context;
  const repository = await Repository.open(configDir);
  const folder = repository.relative(configDir);
  if (folder === undefined) throw new UsageError(`${configDir} leads out of the repository ${repository.root}.`);
  const read = async (commit: string, what: string) => {
    const { config, problems } = await configAt(repository, commit, folder);
    if (problems.length > 0) {
      context.report(
        `The configuration ${what} is not valid. What could be read of it is compared. ${formatProblems(problems)}\n`,
      );
    }
    return config;
  };
  const deployed = new Map<string, MetadataConfig>();
  for (const [tag, commit] of await repository.tags("deployed/*")) {
    deployed.set(tag.slice("deployed/".length), await read(commit, `that ${tag} names`));
  }
  return { base: await read(await repository.mergeBase(await repository.commit(base)), `of ${base}`), deployed };
}

async function configAt(
  repository: Repository,
  commit: string,
  folder: string,
): Promise<ReturnType<typeof readConfig>> {
  return withTemporaryFolder(async (temporary) => {
    const tree = path.join(temporary, "tree");
    await repository.export(commit, tree, folder);
    const configs = path.join(tree, folder);
    return existsSync(configs) ? readConfig(configs) : { config: NOTHING, problems: [] };
  });
}
