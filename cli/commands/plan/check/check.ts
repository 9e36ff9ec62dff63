import { judge } from "../../../../evolution/allowances/judge";
import type { Finding } from "../../../../evolution/catalogue/finding";
import { checkChange } from "../../../../evolution/plan/check-change";
import type { CliContext } from "../../../context";
import { readPlanFile } from "../read-plan-file";
import { printFindings } from "../../../report/findings/print-findings";
import { readAllowances } from "../../../workspace/read-allowances";

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
    await readPlanFile(context, file, (change) => {
      for (const found of checkChange(change, options)) findings.push(found);
    });
  }
  printFindings(context, judge(findings, allowances, [], today), { ...options, title: "Terraform plan" });
}
