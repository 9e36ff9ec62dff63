import { defined } from "../../../../model/defined";
import { judge } from "../../../../evolution/allowances/judge";
import { sumCounts } from "../../../../evolution/plan/plan-counts";
import type { ReviewedPlan } from "../../../../evolution/plan/review-plan";
import { type CliContext, today } from "../../../context";
import { accessInWords } from "../../../report/findings/access-in-words";
import { printFindings } from "../../../report/findings/print-findings";
import { lookedAt } from "../../../report/plan/counts-in-words";
import { policyNotes, readAccessPolicy } from "../../../workspace/access-policy";
import { readAllowances } from "../../../workspace/read-allowances";
import { reviewPlanFile } from "../review-plan-file";

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
  const { environment } = options;
  const plan = defined({ policy: readAccessPolicy(context.configDir), environment });
  const reviewed: ReviewedPlan[] = [];
  for (const file of files) reviewed.push(await reviewPlanFile(context, file, plan));
  const findings = reviewed.flatMap((one) => one.findings);
  printFindings(context, judge(findings, allowances, [], day), {
    ...options,
    title: "Terraform plan",
    access: accessInWords(reviewed.flatMap(({ grants }) => grants)),
    lookedAt: [lookedAt(sumCounts(reviewed.map(({ counts }) => counts))), ...policyNotes(context.configDir)].join(" "),
  });
}
