import { UsageError } from "../../../model/errors";
import { loadConfig } from "../../../model/load-config";
import { type RuntimeContext, runtimeContext } from "../../../runtime/logger/context";
import { tenantContext } from "../../../runtime/logger/tenant-context";
import { EXIT } from "../../../model/exit-codes";
import { replaySpool } from "../../../runtime/spool/replay";
import type { CliContext } from "../../context";

const MAX_LISTED = 20;

/**
 * Delivers what is in a spool.
 *
 * @throws {@link UsageError} for a folder or environment that does not exist, or when neither an option nor variables say which tenants.
 */
export async function replay(context: CliContext, folder: string, environment?: string): Promise<void> {
  const runtime =
    environment === undefined
      ? tenantOfVariables()
      : runtimeContext({ config: loadConfig(context.configDir), environment });
  const { files, rows, finishes, remaining, damagedLines } = await replaySpool(runtime, { folder });
  context.print(
    `${count(files, "file")}: ${count(rows, "row")} and ${count(finishes, "end")} of runs are in their tables.\n`,
  );
  if (remaining.length === 0 && damagedLines === 0) return;
  const lines = [...new Set(remaining)];
  context.report(
    [
      `${remaining.length} remain in ${folder}, and ${count(damagedLines, "line")} cannot be read:`,
      ...lines.slice(0, MAX_LISTED),
      ...(lines.length > MAX_LISTED ? [`… and ${lines.length - MAX_LISTED} more`] : []),
    ].join("\n  ") + "\n",
  );
  context.exitWith(EXIT.found);
}

/** Where there is no configuration folder, as beside a pipeline. */
function tenantOfVariables(): RuntimeContext {
  const names = ["METADATA_CONFIG_FILE", "METADATA_ENVIRONMENT_FILE", "METADATA_PROJECT"];
  if (names.some((name) => process.env[name])) return tenantContext();
  throw new UsageError(
    "Nothing says whose rows they are. Fix: name the --environment, or set the METADATA_* variables of the pipeline, " +
      "e.g. METADATA_PROJECT and METADATA_TENANT.",
  );
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
