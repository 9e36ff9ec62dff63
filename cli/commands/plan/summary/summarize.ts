import { existsSync, writeFileSync } from "node:fs";
import { judge } from "../../../../evolution/allowances/judge";
import type { Finding } from "../../../../evolution/catalogue/finding";
import { checkChange } from "../../../../evolution/plan/check-change";
import { PlanOverviewBuilder } from "../../../report/plan/plan-overview";
import { loadConfig } from "../../../../model/load-config";
import { type CliContext, today } from "../../../context";
import { readPlanFile } from "../read-plan-file";
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
  const findings: Finding[] = [];
  for (const file of files) {
    await readPlanFile(context, file, (change) => {
      const found = checkChange(change, environment === undefined ? {} : { environment });
      for (const one of found) findings.push(one);
      builder.add(change, found, environment);
    });
    builder.endPlan(planName(file));
  }
  const overview = builder.build();
  const judged = judge(findings, allowances, [], day).findings;
  if (html !== undefined) {
    const definitions = existsSync(context.configDir) ? loadConfig(context.configDir).definitions : [];
    writeFileSync(html, planPage(overview, judged, definitions));
    context.report(`Wrote ${html}\n`);
  }
  if (json) context.print(`${JSON.stringify(overview)}\n`);
  if (markdown) context.print(planMarkdown(overview, judged));
  if (html === undefined && !json && !markdown) context.print(planText(overview, judged, context.colors ?? false));
}

/** `plans/metadata-dev.json` gives `metadata-dev`: the best name for a plan none of whose resources says its environment. */
function planName(file: string): string {
  return file === "-" ? "plan" : (file.split(/[\\/]/).at(-1) ?? file).replace(/\.json$/, "");
}
