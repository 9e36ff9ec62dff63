import path from "node:path";
import { UsageError } from "../model/errors";
import { loadConfig, type MetadataConfig } from "../model/load-config";
import { Repository, withTemporaryFolder } from "./repository";

/**
 * Reads the configuration folder as it is in a commit.
 *
 * @param ref - branch, tag or other revision.
 * @returns `undefined` when the commit has no such folder.
 * @throws {@link UsageError} when the folder is in no git repository, or there is no such commit.
 * @throws {@link ConfigError} when the commit's configuration cannot be used.
 */
export async function loadBaseConfig(configDir: string, ref: string): Promise<MetadataConfig | undefined> {
  const repository = await Repository.open(configDir);
  const folder = repository.relative(configDir);
  if (folder === undefined) throw new UsageError(`${configDir} leads out of the repository ${repository.root}.`);
  const commit = await repository.commit(ref);
  return withTemporaryFolder(async (temporary) => {
    const tree = path.join(temporary, "base");
    const exported = await repository.export(commit, [folder === "" ? "." : folder], tree);
    return exported ? loadConfig(path.join(tree, folder)) : undefined;
  });
}
