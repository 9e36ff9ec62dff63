import { judge } from "../../../../evolution/allowances/judge";
import type { Finding } from "../../../../evolution/catalogue/finding";
import { checkChange } from "../../../../evolution/plan/check-change";
import { type CliContext, today } from "../../../context";
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
  const day = today(context);
  const allowances = readAllowances(context.configDir, day);
  const findings: Finding[] = [];
  for (const file of files) {
    await readPlanFile(context, file, (change) => {
      for (const found of checkChange(change, options)) findings.push(found);
    });
  }
  printFindings(context, judge(findings, allowances, [], day), { ...options, title: "Terraform plan" });
}
