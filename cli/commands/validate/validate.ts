import { ConfigError } from "../../../model/errors";
import { loadConfig, type MetadataConfig } from "../../../model/load-config";
import { changeProblems } from "../../../model/rules/change-rules";
import { configBefore } from "../../workspace/config-before";
import { readAllowances } from "../../workspace/read-allowances";

/**
 * Reads and checks the configuration and its allowances; with a base, also that the change since then loses no tenant.
 *
 * @param base - branch, tag or commit; compared is its merge base with HEAD, as `schema check` does.
 * @throws {@link ConfigError} with every problem.
 * @throws `UsageError` when the base cannot be read.
 */
export async function loadValidConfig(configDir: string, base: string | undefined): Promise<MetadataConfig> {
  const now = loadConfig(configDir);
  readAllowances(configDir, new Date().toISOString().slice(0, 10));
  if (base === undefined) return now;
  const before = await configBefore(configDir, base);
  const problems = before === undefined ? [] : changeProblems(before, now);
  if (problems.length > 0) throw new ConfigError(problems);
  return now;
}
