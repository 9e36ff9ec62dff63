import { createColors } from "picocolors";
import type { JudgedFinding } from "../../../evolution/allowances/judge";
import { countsOf, type PlanOverview } from "./plan-overview";
import { notableFindings } from "./notable-findings";
import { countsInWords, groupTitle } from "./words";

/** Renders plans for a terminal: who is affected and how, and how many findings want a look. */
export function planText(
  { environments, groups }: PlanOverview,
  findings: readonly JudgedFinding[],
  colors: boolean,
): string {
  const { bold, dim } = createColors(colors);
  const blocks = environments.map(({ name, counts }) => {
    const own = groups.filter(({ environment }) => environment === name);
    return [
      `${bold(name)}  ${counts.length === 0 ? "no changes" : countsInWords(counts)}`,
      ...own.map((group) => {
        const each = group.tenants.length > 1 ? "each " : "";
        return `  ${groupTitle(group)}  ${dim(each + countsInWords(countsOf(group.changes)))}`;
      }),
    ].join("\n");
  });
  const notable = notableFindings(findings).length;
  const last =
    notable === 0
      ? "No finding: nothing is lost, replaced or opened."
      : `${notable === 1 ? "1 finding wants" : `${notable} findings want`} a look: run \`tenant-metadata plan check\` on the same files.`;
  return `${[...blocks, last].join("\n\n")}\n`;
}
