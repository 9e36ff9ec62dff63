import type { z } from "zod";
import { type AllowanceFile, MAX_ALLOWANCE_DAYS } from "./allowance-format";
import type { Finding } from "../catalogue/finding";

/** A destructive finding that may pass. */
export interface Allowance extends Readonly<Omit<z.infer<typeof AllowanceFile>, "$schema">> {
  /** Its file, e.g. `allowances/drop-worker-instance.json`. */
  readonly file: string;
}

/** A tenant in an environment. */
export interface Scope {
  readonly environment: string;
  readonly tenant: string;
}

/** A finding with the allowances that let it pass. */
export type JudgedFinding = Finding & { readonly allowedBy?: readonly string[] };

/** Findings after allowances, and what became of these. */
export interface Judgement {
  readonly findings: readonly JudgedFinding[];
  readonly used: readonly Allowance[];
  readonly unused: readonly Allowance[];
  readonly expired: readonly Allowance[];
}

/**
 * Lets findings pass that allowances name.
 *
 * A finding that holds for several tenants passes only when each of them is allowed it: a definition's change reaches every
 * environment, so it needs an allowance in each.
 *
 * @param scopes - every tenant in every environment that a finding without either concerns.
 * @param today - the day in UTC, `2026-01-31`.
 */
export function judge(
  findings: readonly Finding[],
  allowances: readonly Allowance[],
  scopes: readonly Scope[],
  today: string,
): Judgement {
  const expired = allowances.filter(({ expires }) => expires < today);
  const valid = allowances.filter(({ expires }) => expires >= today);
  const used = new Set<Allowance>();
  const judged = findings.map((found): JudgedFinding => {
    if (!found.needsAllowance) return found;
    const matching = valid.filter(({ code, table }) => code === found.code && table === found.table);
    const perScope = scopesOf(found, scopes).map((scope) => matching.find((allowance) => covers(allowance, scope)));
    const granted = new Set(perScope.filter((allowance) => allowance !== undefined));
    if (granted.size === 0 || perScope.includes(undefined)) return found;
    for (const allowance of granted) used.add(allowance);
    return { ...found, allowedBy: [...granted].map(({ file }) => file) };
  });
  return { findings: judged, used: [...used], unused: valid.filter((allowance) => !used.has(allowance)), expired };
}

/** The findings that keep a check from passing. */
export function blocking(findings: readonly JudgedFinding[]): readonly JudgedFinding[] {
  return findings.filter(({ needsAllowance, allowedBy }) => needsAllowance && allowedBy === undefined);
}

/** The last day that an allowance written today may name. */
export function latestExpiry(today: string): string {
  return new Date(Date.parse(today) + MAX_ALLOWANCE_DAYS * 86_400_000).toISOString().slice(0, 10);
}

function scopesOf({ environment, tenant }: Finding, scopes: readonly Scope[]): readonly Scope[] {
  if (environment !== undefined && tenant !== undefined) return [{ environment, tenant }];
  const reached = scopes.filter(
    (scope) =>
      (environment === undefined || scope.environment === environment) &&
      (tenant === undefined || scope.tenant === tenant),
  );
  // An environment's own setting needs the word of someone there even while it has no tenant.
  return reached.length === 0 && environment !== undefined ? [{ environment, tenant: "*" }] : reached;
}

function covers(allowance: Allowance, { environment, tenant }: Scope): boolean {
  return allowance.environment === environment && (allowance.tenant === "*" || allowance.tenant === tenant);
}
