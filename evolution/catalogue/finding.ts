import { codeInfo, type FindingCode, isDestructive } from "./codes";
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

/** A finding as a rule states it; what is left out follows from the code. */
export interface FindingInput extends Pick<Finding, "table" | "path" | "message" | "remedy"> {
  readonly effect?: Effect;
}

/** Makes a finding of a code. */
export function finding(code: FindingCode, input: FindingInput): Finding {
  const info = codeInfo(code);
  const effect = input.effect ?? info.effect;
  return {
    code,
    table: input.table,
    path: input.path,
    effect,
    message: input.message,
    remedy: input.remedy,
    breaksWriters: info.breaksWriters === true,
    needsAllowance: info.needsAllowance === true || isDestructive(effect),
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
