import { createColors } from "picocolors";
import { blocking, type Judgement, type JudgedFinding } from "../../../evolution/allowances/judge";
import type { Effect } from "../../../evolution/catalogue/effect";
import { worstEffect } from "../../../evolution/catalogue/effect";
import type { FindingCode } from "../../../evolution/catalogue/codes";
import { plainText } from "../plain-text";
import { findingsMarkdown, MAX_COMMENT_LENGTH, summary } from "./findings-markdown";
import { ownerOf, worstFirst } from "../../../evolution/catalogue/order";
import type { CliContext } from "../../context";
import { EXIT } from "../../../model/exit-codes";

/** How findings are printed. */
export interface PrintOptions {
  readonly json?: boolean;
  readonly markdown?: boolean;
  /** Heading of the Markdown. */
  readonly title: string;
  /**
   * Lines on who may do what that they could not before, or no longer, put on top.
   * @default none
   */
  readonly access?: readonly string[];
  /**
   * What was looked at and counted, as a sentence, put at the end.
   * @default nothing is said of it
   */
  readonly lookedAt?: string;
}

/** A judgement in which nothing was allowed. */
export function withoutAllowances(findings: readonly JudgedFinding[]): Judgement {
  return { findings, used: [], unused: [], expired: [] };
}

/** Prints findings and allowances to stdout, and sets exit code 2 when something keeps the check from passing. */
export function printFindings(context: CliContext, judgement: Judgement, options: PrintOptions): void {
  const { print, exitWith, colors = false } = context;
  const { json, markdown, title, access = [], lookedAt } = options;
  const findings = worstFirst(judgement.findings);
  // A line on access says the same of any number of tables and tenants.
  const shown = access.length === 0 ? findings : findings.filter(({ code }) => !SAID_BY_ACCESS.has(code));
  const notes = [...allowanceNotes(judgement), ...(lookedAt === undefined ? [] : [lookedAt])];
  if (json === true) {
    const more = options.access === undefined ? {} : { access, lookedAt };
    print(`${JSON.stringify({ ...asJson(findings, judgement), ...more }, null, 2)}\n`);
  } else if (markdown === true) print(findingsMarkdown(title, shown, notes, MAX_COMMENT_LENGTH, access));
  else print(asText(shown, access, notes, colors));
  if (blocking(findings).length > 0) exitWith(EXIT.found);
}

/** Findings as text for people, worst first, without what became of allowances. */
export function findingsText(findings: readonly JudgedFinding[], colors = false): string {
  return `${[...worstFirst(findings).map((found) => block(found, colors)), summary(findings)].join("\n\n")}\n`;
}

const SAID_BY_ACCESS: ReadonlySet<FindingCode> = new Set(["grant-added", "grant-removed"]);

function asJson(findings: readonly JudgedFinding[], { used, unused, expired }: Judgement): object {
  return {
    effect: worstEffect(findings),
    findings,
    allowances: { used: files(used), unused: files(unused), expired: files(expired) },
  };
}

function files(allowances: Judgement["used"]): readonly string[] {
  return allowances.map(({ file }) => file);
}

function asText(
  findings: readonly JudgedFinding[],
  access: readonly string[],
  notes: readonly string[],
  colors: boolean,
): string {
  const { bold } = createColors(colors);
  const top = access.length === 0 ? [] : [[bold("Access"), ...access.map((line) => `  ${plainText(line)}`)].join("\n")];
  const end = [findings.length === 0 ? "No schema change." : summary(findings), ...notes.map(plainText)];
  return `${[...top, ...findings.map((found) => block(found, colors)), end.join("\n")].join("\n\n")}\n`;
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
    `${paint[COLORS[found.effect]](found.effect)}  ${found.code}  ${paint.bold(plainText(ownerOf(found)))}  ${plainText(found.path)}`.trimEnd(),
    ...(found.address === undefined ? [] : [`  ${plainText(found.address)}`]),
    `  ${plainText(found.message)}`,
    `  Instead: ${plainText(found.remedy)}`,
    ...(found.breaksWriters ? ["  Breaks writers of the previous release."] : []),
    ...(found.allowedBy === undefined ? [] : [`  Allowed by ${found.allowedBy.join(", ")}.`]),
  ].join("\n");
}
