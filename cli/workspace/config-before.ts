import { existsSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../../model/errors";
import { loadConfig, type MetadataConfig } from "../../model/load-config";
import { Repository, withTemporaryFolder } from "./repository";

/**
 * Reads the configuration as it was where the work tree left `base`; `undefined` when there was none.
 *
 * That is the merge base, since what others merged after this branch began is no change of this branch.
 *
 * @param base - branch, tag or commit.
 * @throws {@link UsageError} when git is missing, the folder is in no repository, or the base is unknown or was not valid.
 */
export async function configBefore(configDir: string, base: string): Promise<MetadataConfig | undefined> {
  const repository = await Repository.open(configDir);
  const folder = repository.relative(configDir);
  if (folder === undefined) throw new UsageError(`${configDir} leads out of the repository ${repository.root}.`);
  const commit = await repository.mergeBase(await repository.commit(base));
  return withTemporaryFolder(async (temporary) => {
    const tree = path.join(temporary, "tree");
    await repository.export(commit, tree, folder);
    const before = path.join(tree, folder);
    if (!existsSync(before)) return undefined;
    try {
      return loadConfig(before);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UsageError(
        `The configuration of ${base} cannot be compared with; name the last commit where it was valid. ${reason}`,
        { cause: error },
      );
    }
  });
}
