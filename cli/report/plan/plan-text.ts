import { createColors } from "picocolors";
import type { JudgedFinding } from "../../../evolution/allowances/judge";
import { countsOf, type PlanOverview } from "./plan-overview";
import { plainText } from "../plain-text";
import type { PlanWords } from "./plan-words";
import { notableFindings } from "./notable-findings";
import { countsInWords, groupTitle } from "./words";

/** Renders plans for a terminal: who is affected and how, and how many findings want a look. */
export function planText(
  { environments, groups }: PlanOverview,
  findings: readonly JudgedFinding[],
  { access, lookedAt }: PlanWords,
  colors: boolean,
): string {
  const { bold, dim } = createColors(colors);
  const blocks = environments.map(({ name, counts }) => {
    const own = groups.filter(({ environment }) => environment === name);
    return [
      `${bold(plainText(name))}  ${counts.length === 0 ? "no changes" : countsInWords(counts)}`,
      ...own.map((group) => {
        const each = group.tenants.length > 1 ? "each " : "";
        return `  ${plainText(groupTitle(group))}  ${dim(each + countsInWords(countsOf(group.changes)))}`;
      }),
    ].join("\n");
  });
  const notable = notableFindings(findings).length;
  const top = access.length === 0 ? [] : [[bold("Access"), ...access.map((line) => `  ${plainText(line)}`)].join("\n")];
  const last =
    notable === 0
      ? "No finding needs a look."
      : `${notable === 1 ? "1 finding needs" : `${notable} findings need`} a look: run \`tenant-metadata plan check\` on the same files.`;
  return `${[...top, ...blocks, `${last}\n${lookedAt}`].join("\n\n")}\n`;
}
