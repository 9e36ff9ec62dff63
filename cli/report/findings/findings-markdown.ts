import { EFFECTS, worstEffect } from "../../../evolution/catalogue/effect";
import { blocking, type JudgedFinding } from "../../../evolution/allowances/judge";
import { codeSpan, escapeMarkdown } from "../markdown";
import { ownerOf, worstFirst } from "../../../evolution/catalogue/order";

/** GitHub refuses comments of more than 65,536 characters. */
export const MAX_COMMENT_LENGTH = 65_000;

/**
 * Renders findings as a Markdown table for a pull-request comment, worst first.
 *
 * @param notes - lines to put below the table, such as what became of allowances.
 * @param maxLength - characters at most; findings, notes and lines on access that do not fit are counted.
 * @param access - lines to put on top: who may do what that they could not before.
 */
export function findingsMarkdown(
  title: string,
  findings: readonly JudgedFinding[],
  notes: readonly string[] = [],
  maxLength: number = MAX_COMMENT_LENGTH,
  access: readonly string[] = [],
): string {
  const foot = notesMarkdown(notes, maxLength / 4);
  const top = accessMarkdown(access, maxLength / 4);
  if (findings.length === 0) return `### ${title}\n\n${top}No schema change.\n${foot}`;
  const head = [
    `### ${title}`,
    "",
    `${top}${summary(findings)}`,
    "",
    "| Effect | Code | Table | Where | What happens | Instead |",
    "| --- | --- | --- | --- | --- | --- |",
    "",
  ].join("\n");
  const sorted = worstFirst(findings);
  // Room for the line that counts what is left out.
  let remaining = maxLength - head.length - foot.length - 200;
  const rows: string[] = [];
  for (const found of sorted) {
    const line = row(found);
    if (line.length > remaining) break;
    remaining -= line.length;
    rows.push(line);
  }
  const rest = sorted.slice(rows.length);
  return `${head}${rows.join("")}${rest.length === 0 ? "" : `\n… and ${rest.length} more: ${countByEffect(rest)}.\n`}${foot}`;
}

/** Lines on who may do what that they could not before, or no longer; those that do not fit are counted. */
export function accessMarkdown(lines: readonly string[], maxLength: number): string {
  return lines.length === 0 ? "" : `**Access**\n${notesMarkdown(lines, maxLength)}\n`;
}

function notesMarkdown(notes: readonly string[], maxLength: number): string {
  if (notes.length === 0) return "";
  let remaining = maxLength;
  const shown = notes
    .map((note) => `- ${escapeMarkdown(note)}\n`)
    .filter((line) => {
      remaining -= line.length;
      return remaining >= 0;
    });
  const rest = notes.length - shown.length;
  return `\n${shown.join("")}${rest === 0 ? "" : `- … and ${rest} more\n`}`;
}

/** `Worst effect: drop-column. 2 findings (1 drop-column, 1 in-place), 1 breaks writers, 1 needs an allowance.` */
export function summary(findings: readonly JudgedFinding[]): string {
  const breaking = findings.filter(({ breaksWriters }) => breaksWriters).length;
  const allowed = findings.filter(({ allowedBy }) => allowedBy !== undefined).length;
  const blocked = blocking(findings).length;
  return [
    `Worst effect: ${worstEffect(findings)}. `,
    `${findings.length} finding${findings.length === 1 ? "" : "s"} (${countByEffect(findings)})`,
    breaking === 0 ? "" : `, ${breaking} break${breaking === 1 ? "s" : ""} writers`,
    allowed === 0 ? "" : `, ${allowed} allowed`,
    blocked === 0 ? "" : `, ${blocked} need${blocked === 1 ? "s" : ""} an allowance`,
    ".",
  ].join("");
}

function row(found: JudgedFinding): string {
  const marks = [
    found.breaksWriters ? "breaks writers" : undefined,
    found.allowedBy === undefined ? undefined : "allowed",
  ].filter((mark) => mark !== undefined);
  const effect = found.needsAllowance && found.allowedBy === undefined ? `**${found.effect}**` : found.effect;
  const cells = [
    [effect, ...marks].join("<br>"),
    codeSpan(found.code),
    codeSpan(ownerOf(found)),
    found.path === "" ? "" : codeSpan(found.path),
    escapeMarkdown(found.message),
    escapeMarkdown(found.remedy),
  ];
  return `| ${cells.join(" | ")} |\n`;
}

function countByEffect(findings: readonly JudgedFinding[]): string {
  return [...EFFECTS]
    .reverse()
    .map((effect) => [effect, findings.filter((found) => found.effect === effect).length] as const)
    .filter(([, count]) => count > 0)
    .map(([effect, count]) => `${count} ${effect}`)
    .join(", ");
}
