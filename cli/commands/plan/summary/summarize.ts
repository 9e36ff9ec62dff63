import { existsSync, writeFileSync } from "node:fs";
import { defined } from "../../../../model/defined";
import { judge } from "../../../../evolution/allowances/judge";
import { sumCounts } from "../../../../evolution/plan/plan-counts";
import type { ReviewedPlan } from "../../../../evolution/plan/review-plan";
import { PlanOverviewBuilder } from "../../../report/plan/plan-overview";
import { loadConfig } from "../../../../model/load-config";
import { type CliContext, today } from "../../../context";
import { accessInWords } from "../../../report/findings/access-in-words";
import { lookedAt } from "../../../report/plan/counts-in-words";
import type { PlanWords } from "../../../report/plan/plan-words";
import { policyNotes, readAccessPolicy } from "../../../workspace/access-policy";
import { reviewPlanFile } from "../review-plan-file";
import { readAllowances } from "../../../workspace/read-allowances";
import { planPage } from "../../../report/plan/page/page";
import { planMarkdown } from "../../../report/plan/plan-markdown";
import { planText } from "../../../report/plan/plan-text";

export interface PlanSummaryOptions {
  /** Environment of resources without the label `environment`. */
  readonly environment?: string;
  readonly markdown: boolean;
  readonly json: boolean;
  /** File to write the page to. */
  readonly html?: string;
}

/**
 * Sums plans up: per environment and tenant what happens, findings on top.
 *
 * Each plan is read as a stream; what is kept grows with the number of tenants whose changes differ, not with the plan.
 */
export async function summarizePlans(
  context: CliContext,
  files: readonly string[],
  options: PlanSummaryOptions,
): Promise<void> {
  const { environment, markdown, json, html } = options;
  const day = today(context);
  const allowances = readAllowances(context.configDir, day);
  const builder = new PlanOverviewBuilder();
  const plan = defined({ policy: readAccessPolicy(context.configDir), environment });
  const reviewed: ReviewedPlan[] = [];
  for (const file of files) {
    reviewed.push(
      await reviewPlanFile(context, file, plan, (change, found) => builder.add(change, found, environment)),
    );
    builder.endPlan(planName(file));
  }
  const overview = builder.build();
  const judged = judge(
    reviewed.flatMap(({ findings }) => findings),
    allowances,
    [],
    day,
  ).findings;
  const said: PlanWords = {
    access: accessInWords(reviewed.flatMap(({ grants }) => grants)),
    lookedAt: [lookedAt(sumCounts(reviewed.map(({ counts }) => counts))), ...policyNotes(context.configDir)].join(" "),
  };
  if (html !== undefined) {
    const definitions = existsSync(context.configDir) ? loadConfig(context.configDir).definitions : [];
    writeFileSync(html, planPage(overview, judged, definitions, said));
    context.report(`Wrote ${html}\n`);
  }
  if (json) context.print(`${JSON.stringify({ ...overview, ...said })}\n`);
  if (markdown) context.print(planMarkdown(overview, judged, said));
  if (html === undefined && !json && !markdown)
    context.print(planText(overview, judged, said, context.colors ?? false));
}

/** `plans/metadata-dev.json` gives `metadata-dev`: the best name for a plan none of whose resources says its environment. */
function planName(file: string): string {
  return file === "-" ? "plan" : (file.split(/[\\/]/).at(-1) ?? file).replace(/\.json$/, "");
}
