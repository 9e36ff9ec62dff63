import { compare } from "../../model/problems";
import { EFFECTS } from "./effect";
import type { Finding } from "./finding";

/** Orders findings worst first, then by environment, tenant, table and place; equal input gives equal output. */
export function worstFirst<F extends Finding>(findings: readonly F[]): readonly F[] {
  return [...findings].sort(
    (a, b) =>
      EFFECTS.indexOf(b.effect) - EFFECTS.indexOf(a.effect) ||
      Number(b.needsAllowance) - Number(a.needsAllowance) ||
      compare(whereOf(a), whereOf(b)) ||
      compare(a.code, b.code),
  );
}

/** Whose table a finding is about: `prod/acme/step_logs`, or `step_logs` when it holds everywhere. */
export function ownerOf({ environment, tenant, table }: Finding): string {
  if (environment === undefined && tenant === undefined) return table;
  return `${environment ?? "?"}/${tenant ?? "*"}/${table}`;
}

function whereOf(found: Finding): string {
  return `${ownerOf(found)} ${found.path}`;
}
