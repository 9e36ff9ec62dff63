import { createColors } from "picocolors";
import { blocking, type Judgement, type JudgedFinding } from "../../../evolution/allowances/judge";
import type { Effect } from "../../../evolution/catalogue/effect";
import { worstEffect } from "../../../evolution/catalogue/effect";
import { findingsMarkdown, summary } from "./findings-markdown";
import { ownerOf, worstFirst } from "../../../evolution/catalogue/order";
import { type CliContext, EXIT } from "../../context";

/** How findings are printed. */
export interface PrintOptions {
  readonly json?: boolean;
  readonly markdown?: boolean;
  /** Heading of the Markdown. */
  readonly title: string;
}

/** A judgement in which nothing was allowed. */
export function withoutAllowances(findings: readonly JudgedFinding[]): Judgement {
  return { findings, used: [], unused: [], expired: [] };
}

/** Prints findings and allowances to stdout, and sets exit code 2 when something keeps the check from passing. */
export function printFindings(context: CliContext, judgement: Judgement, options: PrintOptions): void {
  const { print, exitWith, colors = false } = context;
  const findings = worstFirst(judgement.findings);
  if (options.json === true) print(`${JSON.stringify(asJson(findings, judgement), null, 2)}\n`);
  else if (options.markdown === true) print(findingsMarkdown(options.title, findings, allowanceNotes(judgement)));
  else print(asText(findings, judgement, colors));
  if (blocking(findings).length > 0) exitWith(EXIT.found);
}

/** Findings as text for people, worst first, without what became of allowances. */
export function findingsText(findings: readonly JudgedFinding[], colors = false): string {
  return `${[...worstFirst(findings).map((found) => block(found, colors)), summary(findings)].join("\n\n")}\n`;
}

function asJson(findings: readonly JudgedFinding[], { used, unused, expired }: Judgement): unknown {
  return {
    effect: worstEffect(findings),
    findings,
    allowances: { used: files(used), unused: files(unused), expired: files(expired) },
  };
}

function files(allowances: Judgement["used"]): readonly string[] {
  return allowances.map(({ file }) => file);
}

function asText(findings: readonly JudgedFinding[], judgement: Judgement, colors: boolean): string {
  const end = [findings.length === 0 ? "No change of schema." : summary(findings), ...allowanceNotes(judgement)];
  return `${[...findings.map((found) => block(found, colors)), end.join("\n")].join("\n\n")}\n`;
}

/** What became of each allowance. */
function allowanceNotes({ used, unused, expired }: Judgement): readonly string[] {
  return [
    ...used.map(({ file, reason, expires }) => `Allowance used: ${file} (until ${expires}): ${reason}`),
    ...unused.map(
      ({ file, expires }) => `Allowance unused: ${file} (until ${expires}). Delete it once the change is deployed.`,
    ),
    ...expired.map(({ file, expires }) => `Allowance expired: ${file} (${expires}). Delete it.`),
  ];
}

const COLORS: Readonly<Record<Effect, "dim" | "green" | "red">> = {
  none: "dim",
  "in-place": "green",
  "drop-column": "red",
  "replace-table": "red",
  rejected: "red",
};

function block(found: JudgedFinding, colors: boolean): string {
  const paint = createColors(colors);
  return [
    `${paint[COLORS[found.effect]](found.effect)}  ${found.code}  ${paint.bold(ownerOf(found))}  ${found.path}`.trimEnd(),
    ...(found.address === undefined ? [] : [`  ${found.address}`]),
    `  ${found.message}`,
    `  Instead: ${found.remedy}`,
    ...(found.breaksWriters ? ["  Breaks writers of the previous release."] : []),
    ...(found.allowedBy === undefined ? [] : [`  Allowed by ${found.allowedBy.join(", ")}.`]),
  ].join("\n");
}
