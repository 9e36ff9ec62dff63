import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { PlannedChange } from "../../../evolution/plan/planned-change";
import { type PlanParts, readPlan } from "../../../evolution/plan/read-plan";
import { UsageError } from "../../../model/errors";
import type { CliContext } from "../../context";

/**
 * Reads a plan as a stream, and says so when it is not the whole plan.
 *
 * @param file - output of `terraform show -json`; `-` for standard input.
 * @throws {@link UsageError} when it cannot be read or is no plan.
 */
export async function readPlanFile(
  { report }: Pick<CliContext, "report">,
  file: string,
  onChange: (change: PlannedChange) => void,
  parts: PlanParts = {},
): Promise<void> {
  const name = file === "-" ? "standard input" : file;
  const { complete } = await readPlan(await open(file), name, onChange, parts);
  if (!complete) {
    report(`${name} is not complete: parts were deferred or left out by -target. Check the next plan as well.\n`);
  }
}

async function open(file: string): Promise<AsyncIterable<Uint8Array>> {
  if (file === "-") return process.stdin;
  const stats = await stat(file).catch(() => undefined);
  if (stats === undefined) throw new UsageError(`There is no file ${file}.`);
  if (stats.isDirectory()) throw new UsageError(`${file} is a folder. Name the plans in it.`);
  return createReadStream(file, { highWaterMark: 256 * 1024 });
}
