import type { JudgedFinding } from "../../../evolution/allowances/judge";
import type { ColumnChange } from "./column-diff";
import { type DescribedChange, OUTCOMES } from "./describe-change";
import { countsOf, type PlanOverview, type TenantGroup } from "./plan-overview";
import { accessMarkdown, findingsMarkdown, MAX_COMMENT_LENGTH } from "../findings/findings-markdown";
import { codeSpan, escapeMarkdown } from "../markdown";
import type { PlanWords } from "./plan-words";
import { notableFindings } from "./notable-findings";
import { countsInWords, groupTitle, mergeGrants, nouns } from "./words";

/** First line of the comment, by which the workflow finds the one to update. */
export const COMMENT_MARKER = "<!-- tenant-metadata: plan -->";

/** Characters kept for findings when the changes are long. */
const FINDINGS_ROOM = 20_000;

/**
 * Renders plans as a pull-request comment: findings on top, then counts, then what happens to whom.
 *
 * The longest form that fits is taken: every change; one line for each group of tenants; counts alone.
 */
export function planMarkdown(
  overview: PlanOverview,
  findings: readonly JudgedFinding[],
  words: PlanWords,
  maxLength: number = MAX_COMMENT_LENGTH,
): string {
  const head = `${COMMENT_MARKER}\n## ${title(overview)}\n\n${findingsSection(findings, words)}${countsTable(overview)}`;
  const forms = [
    () => overview.environments.map(({ name }) => environmentSection(name, overview, groupInFull)).join(""),
    () => overview.environments.map(({ name }) => environmentSection(name, overview, groupInShort)).join(""),
  ];
  for (const form of forms) {
    const text = head + form();
    if (text.length <= maxLength) return text;
  }
  return `${head}\nThe changes are too many for a comment: see the page that \`plan summary --html\` writes.\n`;
}

function title({ environments, groups }: PlanOverview): string {
  if (groups.length === 0) return "Plan: no changes";
  const changed = environments.filter(({ counts }) => counts.length > 0);
  const tenants = new Set(groups.flatMap((group) => group.tenants)).size;
  const whom = tenants === 0 ? "" : ` for ${tenants === 1 ? "1 tenant" : `${tenants} tenants`}`;
  return `Plan: changes${whom} in ${changed.map(({ name }) => escapeMarkdown(name)).join(", ")}`;
}

function findingsSection(findings: readonly JudgedFinding[], { access, lookedAt }: PlanWords): string {
  const notable = notableFindings(findings);
  if (notable.length > 0) {
    return `${findingsMarkdown("Look at this first", notable, [lookedAt], FINDINGS_ROOM, access)}\n`;
  }
  return `${accessMarkdown(access, FINDINGS_ROOM / 4)}No finding needs a look. ${lookedAt}\n\n`;
}

function countsTable({ environments }: PlanOverview): string {
  const outcomes = [...OUTCOMES]
    .reverse()
    .filter((outcome) => environments.some(({ counts }) => counts.some((count) => count.outcome === outcome)));
  if (outcomes.length === 0) return "";
  const rows = environments.map(({ name, counts }) => {
    const cells = outcomes.map((outcome) => nouns(counts.filter((count) => count.outcome === outcome)) || "–");
    return `| **${escapeMarkdown(name)}** | ${cells.join(" | ")} |\n`;
  });
  const names = outcomes.map((outcome) => `${outcome[0]?.toUpperCase()}${outcome.slice(1)}`);
  return `| Environment | ${names.join(" | ")} |\n| --- |${" --- |".repeat(names.length)}\n${rows.join("")}`;
}

function environmentSection(name: string, { groups }: PlanOverview, render: (group: TenantGroup) => string): string {
  const own = groups.filter(({ environment }) => environment === name);
  return own.length === 0 ? "" : `\n### ${escapeMarkdown(name)}\n\n${own.map(render).join("")}`;
}

function groupInShort(group: TenantGroup): string {
  return `- **${escapeMarkdown(groupTitle(group))}**: ${groupCounts(group)}\n`;
}

function groupInFull(group: TenantGroup): string {
  const rows = [
    ...group.changes.filter(({ kind }) => kind !== "grant").flatMap(changeRows),
    ...mergeGrants(group.changes).map(({ outcome, member, verb, tables }) =>
      row(outcome, "grant", `${codeSpan(member)} ${escapeMarkdown(verb)} ${tables.map(codeSpan).join(", ")}`),
    ),
  ];
  return [
    `<details${group.changes.length > 12 ? "" : " open"}><summary><b>${escapeMarkdown(groupTitle(group))}</b>: ${groupCounts(group)}</summary>\n\n`,
    "| | Resource | What |\n| --- | --- | --- |\n",
    ...rows,
    "\n</details>\n\n",
  ].join("");
}

function groupCounts({ tenants, changes }: TenantGroup): string {
  const each = tenants.length > 1 ? "each " : "";
  return each + countsInWords(countsOf(changes));
}

function changeRows(change: DescribedChange): readonly string[] {
  const { kind, outcome, table, shape, columns, attributes } = change;
  const resource = kind === "dataset" ? "dataset" : kind === "table" ? `table ${codeSpan(table)}` : codeSpan(table);
  const details = [
    ...columns.map((column) => columnLine(column)),
    ...attributes.map(({ name, before, after }) => `${codeSpan(name)}: ${codeSpan(before)} → ${codeSpan(after)}`),
  ];
  return [row(outcome, resource, details.length === 0 ? escapeMarkdown(shape) : details.join("<br>"))];
}

function columnLine({ column, before, after, also }: ColumnChange): string {
  const name = `column ${codeSpan(column)}`;
  if (before === undefined) return `${name} added: ${codeSpan(after ?? "")}`;
  if (after === undefined) return `${name} **dropped**, was ${codeSpan(before)}`;
  const change = before === after ? "" : `: ${codeSpan(before)} → ${codeSpan(after)}`;
  return `${name}${change}${also.length === 0 ? "" : ` (${also.join(", ")} changed)`}`;
}

function row(outcome: string, resource: string, what: string): string {
  return `| ${outcome} | ${resource} | ${what} |\n`;
}
