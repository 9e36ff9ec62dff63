import type { CodeInfo } from "./code-info";
import { codeInfo, type Details, type FindingCode, isDestructive } from "./codes";
import type { Effect } from "./effect";

/** One thing that a change does, judged. */
export interface Finding {
  readonly code: FindingCode;
  /** Table id; `*` when it concerns a whole dataset. */
  readonly table: string;
  /** What in the definition or plan, e.g. `schema.fields.status` or `timePartitioning.field`; empty for the whole table. */
  readonly path: string;
  readonly effect: Effect;
  /** What Terraform and BigQuery will do. */
  readonly message: string;
  /** What to do instead, or to look at. */
  readonly remedy: string;
  /** Rows of the previous release's writers fail. */
  readonly breaksWriters: boolean;
  /** A check fails unless an allowance names it. */
  readonly needsAllowance: boolean;
  /** Set when the finding holds in one environment only. */
  readonly environment?: string;
  /** Set when the finding holds for one tenant only. */
  readonly tenant?: string;
  /** State address, when the finding comes from a plan: `google_bigquery_table.acme__step_logs`. */
  readonly address?: string;
}

/** Where a finding is: {@link Finding.table} and {@link Finding.path}. */
export type FindingLocation = Pick<Finding, "table" | "path">;

/** Words that replace those of the catalogue, for a place that knows more than a code's template can. */
type OwnWords = Pick<Finding, "message" | "remedy">;

/**
 * Makes a finding of a code, in the catalogue's words.
 *
 * @example
 * yield finding("column-added", { table: "step_logs", path: "schema.fields.note" }, { name: "note" });
 */
export function finding<C extends FindingCode>(
  code: C,
  place: FindingLocation,
  ...details: unknown extends Details<C> ? [] : [details: Details<C>]
): Finding;
export function finding(code: FindingCode, place: FindingLocation & OwnWords): Finding;
export function finding(code: FindingCode, place: FindingLocation & Partial<OwnWords>, details?: unknown): Finding {
  const { effect, breaksWriters, needsAllowance, ...words } = codeInfo(code);
  const text = (template: CodeInfo["message"]) =>
    typeof template === "string" ? template : template(details as never);
  return {
    code,
    table: place.table,
    path: place.path,
    effect,
    message: place.message ?? text(words.message),
    remedy: place.remedy ?? text(words.remedy),
    breaksWriters: breaksWriters === true,
    needsAllowance: needsAllowance === true || isDestructive(effect),
  };
}

/** Gives a finding another effect, and with it another need of an allowance. */
export function withEffect(found: Finding, effect: Effect, message = found.message): Finding {
  return {
    ...found,
    effect,
    message,
    needsAllowance: codeInfo(found.code).needsAllowance === true || isDestructive(effect),
  };
}
