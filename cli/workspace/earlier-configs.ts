import { existsSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../../model/errors";
import { type BrokenFile, type MetadataConfig, readConfig, type ReadConfig } from "../../model/load-config";
import { formatProblems } from "../../model/problems";
import type { CliContext } from "../context";
import { Repository, withTemporaryFolder } from "./repository";

const NOTHING: MetadataConfig = { definitions: [], environments: [], tenants: [], offboarded: [], deployed: new Map() };

/** Configurations that a change is compared with. */
export interface EarlierConfigs {
  /** As it was where the work tree left the base: what others merged after this branch began is no change of this branch. */
  readonly base: MetadataConfig;
  /** The files of the base that could not be read as they are. */
  readonly broken: readonly BrokenFile[];
  /** As it was last deployed, by environment: the commit that the tag `deployed/<environment>` names. */
  readonly deployed: ReadonlyMap<string, MetadataConfig>;
}

/**
 * Reads what the configuration was. One that was not valid is reported and compared as far as it could be read, so that it
 * does not block the change that makes it valid; one that did not exist holds nothing. An environment that could not be read
 * is taken to have been as it is now, so that what its tenants set there is compared.
 *
 * @param base - branch, tag or commit.
 * @param now - the configuration as it is.
 * @throws {@link UsageError} when git is missing, the folder is in no repository, or the base is unknown.
 */
export async function earlierConfigs(context: CliContext, base: string, now: MetadataConfig): Promise<EarlierConfigs> {
  const { configDir } = context;
  const repository = await Repository.open(configDir);
  const folder = repository.relative(configDir);
  if (folder === undefined) throw new UsageError(`${configDir} leads out of the repository ${repository.root}.`);
  const read = async (commit: string, what: string) => {
    const { config, problems, broken } = await configAt(repository, commit, folder);
    if (problems.length > 0) {
      context.report(
        `The configuration ${what} is not valid. What could be read of it is compared. ${formatProblems(problems)}\n`,
      );
    }
    const unread = new Set(broken.filter(({ isRead }) => !isRead).map(({ file }) => file));
    const same = now.environments.filter(({ name }) => unread.has(`environments/${name}.json`));
    return { config: { ...config, environments: [...config.environments, ...same] }, broken };
  };
  const deployed = new Map<string, MetadataConfig>();
  for (const [tag, commit] of await repository.tags("deployed/*")) {
    deployed.set(tag.slice("deployed/".length), (await read(commit, `that ${tag} names`)).config);
  }
  const { config, broken } = await read(await repository.mergeBase(await repository.commit(base)), `of ${base}`);
  return { base: config, broken, deployed };
}

async function configAt(repository: Repository, commit: string, folder: string): Promise<ReadConfig> {
  return withTemporaryFolder(async (temporary) => {
    const tree = path.join(temporary, "tree");
    await repository.export(commit, tree, folder);
    const configs = path.join(tree, folder);
    return existsSync(configs) ? readConfig(configs, undefined, true) : { config: NOTHING, problems: [], broken: [] };
  });
}
