import { blocking } from "../../../evolution/allowances/judge";
import { ConfigError } from "../../../model/errors";
import { loadConfig, type MetadataConfig } from "../../../model/load-config";
import { changeProblems } from "../../../model/rules/change-rules";
import { type CliContext, today } from "../../context";
import { EXIT } from "../../../model/exit-codes";
import { findingsText } from "../../report/findings/print-findings";
import { earlierConfigs } from "../../workspace/earlier-configs";
import { judgeConfiguration } from "../../workspace/judge-configuration";
import { readAllowances } from "../../workspace/read-allowances";

/**
 * Reads and checks the configuration and its allowances; with a base, also what the change since then does: it loses no
 * tenant, and nothing that needs an allowance goes without one. Findings that lack one are reported, and set exit code 2.
 *
 * @param base - branch, tag or commit; compared is its merge base with HEAD, as `schema check` does.
 * @throws {@link ConfigError} with every problem.
 * @throws `UsageError` when the base cannot be read.
 */
export async function loadValidConfig(context: CliContext, base: string | undefined): Promise<MetadataConfig> {
  const now = loadConfig(context.configDir);
  if (base === undefined) {
    readAllowances(context.configDir, today(context));
    return now;
  }
  const earlier = await earlierConfigs(context, base, now);
  const problems = changeProblems(earlier.base, now, earlier.deployed);
  if (problems.length > 0) throw new ConfigError(problems);
  const { findings } = judgeConfiguration(context, earlier, now);
  const blocked = blocking(findings);
  if (blocked.length > 0) {
    context.report(findingsText(blocked));
    context.exitWith(EXIT.found);
  }
  return now;
}
