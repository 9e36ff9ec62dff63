import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { judge } from "../evolution/allowances";
import type { Finding } from "../evolution/finding";
import { checkChange } from "../evolution/plan/check-change";
import { readPlan } from "../evolution/plan/read-plan";
import { UsageError } from "../model/errors";
import type { CliContext } from "./context";
import { printFindings } from "./print-findings";
import { readAllowances } from "./read-allowances";

/** Options of `plan check`. */
export interface PlanCheckOptions {
  readonly environment?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** Judges plans one after the other, each read as a stream, and prints what they will do. */
export async function planCheck(
  context: CliContext,
  files: readonly string[],
  options: PlanCheckOptions,
): Promise<void> {
  const today = new Date().toISOString().slice(0, 10);
  const allowances = readAllowances(context.configDir, today);
  const findings: Finding[] = [];
  for (const file of files) {
    const { complete } = await readPlan(await open(file), nameOf(file), (change) => {
      for (const found of checkChange(change, options)) findings.push(found);
    });
    if (!complete) {
      context.report(
        `${nameOf(file)} is not complete: parts were deferred or left out by -target. Check the next plan as well.\n`,
      );
    }
  }
  printFindings(context, judge(findings, allowances, [], today), { ...options, title: "Terraform plan" });
}

async function open(file: string): Promise<AsyncIterable<Uint8Array>> {
  if (file === "-") return process.stdin;
  const stats = await stat(file).catch(() => undefined);
  if (stats === undefined) throw new UsageError(`There is no file ${file}.`);
  if (stats.isDirectory()) throw new UsageError(`${file} is a folder. Name the plans in it.`);
  return createReadStream(file, { highWaterMark: 256 * 1024 });
}

function nameOf(file: string): string {
  return file === "-" ? "standard input" : file;
}
