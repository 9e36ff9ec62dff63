import { ConfigError, UsageError } from "../model/errors";
import { loadConfig, type MetadataConfig } from "../model/load-config";
import { changeProblems } from "../model/rules/change-rules";
import { withFolderAt } from "./git";
import { readAllowances } from "./read-allowances";

/**
 * Reads and checks the configuration and its allowances; with a base, also that the change since then loses no tenant.
 *
 * @param base - branch, tag or commit; compared is its merge base with HEAD, as `schema check` does.
 * @throws {@link ConfigError} with every problem.
 * @throws {@link UsageError} when the base cannot be read.
 */
export function loadValidConfig(configDir: string, base: string | undefined): MetadataConfig {
  const now = loadConfig(configDir);
  readAllowances(configDir, new Date().toISOString().slice(0, 10));
  if (base === undefined) return now;
  const before = withFolderAt(configDir, base, (folder) => (folder === undefined ? undefined : loadBase(folder, base)));
  const problems = before === undefined ? [] : changeProblems(before, now);
  if (problems.length > 0) throw new ConfigError(problems);
  return now;
}

function loadBase(folder: string, base: string): MetadataConfig {
  try {
    return loadConfig(folder);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UsageError(
      `The configuration of ${base} cannot be compared with; name the last commit where it was valid. ${error.message}`,
      { cause: error },
    );
  }
}
