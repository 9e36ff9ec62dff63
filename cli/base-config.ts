import path from "node:path";
import { ConfigError, UsageError } from "../model/errors";
import { loadConfig, type MetadataConfig } from "../model/load-config";
import { Repository, withTemporaryFolder } from "./git";

/** The configuration as it is in a commit. */
export interface BaseConfig {
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** Absent: the commit has no configuration folder, or one that cannot be used; {@link problem} says which. */
  readonly config?: MetadataConfig;
  readonly problem?: string;
}

/**
 * Reads the configuration folder as it is in a commit.
 *
 * @param ref - branch, tag or other revision.
 * @throws {@link UsageError} when the folder is in no git repository, or there is no such commit.
 */
export async function loadBaseConfig(configDir: string, ref: string): Promise<BaseConfig> {
  const repository = await Repository.open(configDir);
  const commit = await repository.commit(ref);
  const folder = repository.relative(configDir);
  if (folder === undefined) throw new UsageError(`${configDir} leads out of the repository ${repository.root}.`);
  return withTemporaryFolder(async (temporary) => {
    const tree = path.join(temporary, "base");
    if (!(await repository.export(commit, [folder === "" ? "." : folder], tree))) {
      return { commit, problem: `${ref} has no folder ${folder}.` };
    }
    try {
      return { commit, config: loadConfig(path.join(tree, folder)) };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return { commit, problem: `The configuration of ${ref} cannot be used: ${error.message}` };
    }
  });
}
