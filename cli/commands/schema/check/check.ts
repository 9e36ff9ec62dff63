import { loadConfig } from "../../../../model/load-config";
import type { CliContext } from "../../../context";
import { printFindings } from "../../../report/findings/print-findings";
import { earlierConfigs } from "../../../workspace/earlier-configs";
import { judgeConfiguration } from "../../../workspace/judge-configuration";

/** Compares the configuration with the one at the merge base of `base` and HEAD, and prints what the change will do. */
export async function schemaCheck(
  context: CliContext,
  base: string,
  format: { readonly json?: boolean; readonly markdown?: boolean },
): Promise<void> {
  const now = loadConfig(context.configDir);
  const earlier = await earlierConfigs(context, base, now);
  const judged = judgeConfiguration(context, earlier, now);
  printFindings(context, judged, { ...format, title: "Schema changes", access: judged.access });
}
