import type { CodeInfo } from "./code-info";
import { ACCESS_CODES } from "./codes/access";
import { COLUMN_CODES } from "./codes/columns";
import { CONFIGURATION_CODES } from "./codes/configuration";
import { DATASET_CODES } from "./codes/datasets";
import { GRANT_CODES } from "./codes/grants";
import { LAYOUT_CODES } from "./codes/layout";
import { PLAN_CODES } from "./codes/plans";
import { TABLE_CODES } from "./codes/tables";
import { TERRAFORM_CODES } from "./codes/terraform";
import type { Effect } from "./effect";

/**
 * Every finding code. A code is a contract: scripts and allowances name it, so it is never renamed or given another meaning.
 */
export const CODES: typeof COLUMN_CODES &
  typeof LAYOUT_CODES &
  typeof TABLE_CODES &
  typeof DATASET_CODES &
  typeof ACCESS_CODES &
  typeof CONFIGURATION_CODES &
  typeof GRANT_CODES &
  typeof PLAN_CODES &
  typeof TERRAFORM_CODES = {
  ...COLUMN_CODES,
  ...LAYOUT_CODES,
  ...TABLE_CODES,
  ...DATASET_CODES,
  ...ACCESS_CODES,
  ...CONFIGURATION_CODES,
  ...GRANT_CODES,
  ...TERRAFORM_CODES,
  ...PLAN_CODES,
};

/** Stable name of a kind of finding, e.g. `column-dropped`. */
export type FindingCode = keyof typeof CODES;

export const FINDING_CODES = Object.keys(CODES) as readonly FindingCode[];

/** Codes of findings that keep a check from passing, and so may be allowed. */
export const ALLOWABLE_CODES = FINDING_CODES.filter((code) => {
  const { effect, needsAllowance } = codeInfo(code);
  return needsAllowance === true || isDestructive(effect);
});

/** Whether rows or the change itself are lost. */
export function isDestructive(effect: Effect): boolean {
  return effect === "drop-column" || effect === "replace-table" || effect === "rejected";
}

/** @see {@link CODES} */
export function codeInfo(code: FindingCode): CodeInfo {
  return CODES[code];
}

/** The title inside a sentence: `a column's type changes`. */
export function titleInSentence(code: FindingCode): string {
  const { title } = CODES[code];
  return title.charAt(0).toLowerCase() + title.slice(1);
}

type Words = string | ((details: never) => string);

/** What the words of a code need to know: the details of all its templates together. */
type DetailsOf<W extends Words> = (
  W extends (details: infer D) => string ? (details: D) => void : (details: unknown) => void
) extends (details: infer D) => void
  ? D
  : never;

/** What a single finding says in addition to its place. */
export type Details<C extends FindingCode> = DetailsOf<(typeof CODES)[C]["message" | "remedy"]>;
