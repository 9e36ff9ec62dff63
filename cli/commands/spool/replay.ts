import { statSync } from "node:fs";
import { UsageError } from "../../../model/errors";
import { loadConfig } from "../../../model/load-config";
import { runtimeContext } from "../../../runtime/logger/context";
import { EXIT } from "../../../model/exit-codes";
import { replaySpool } from "../../../runtime/spool/replay";
import type { CliContext } from "../../context";

const MAX_LISTED = 20;

/**
 * Delivers what is in a spool.
 *
 * @throws {@link UsageError} for a folder or environment that does not exist.
 */
export async function replay(context: CliContext, folder: string, environment: string): Promise<void> {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UsageError(`There is no folder ${JSON.stringify(folder)}. Name the \`spool\` of the loggers.`);
  }
  const runtime = runtimeContext({ config: loadConfig(context.configDir), environment });
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

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
