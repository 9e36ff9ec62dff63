import type { JudgedFinding } from "../../../evolution/allowances/judge";
import { isWorse } from "../../../evolution/catalogue/effect";

/**
 * Findings a reviewer has to see first: whatever needs an allowance, breaks writers or is worse than a change in place. The
 * others repeat what the list of changes says.
 *
 * The same finding for several tenants of an environment becomes one; its tenant says how many there are.
 */
export function notableFindings(findings: readonly JudgedFinding[]): readonly JudgedFinding[] {
  const groups = new Map<string, { readonly first: JudgedFinding; readonly tenants: Set<string> }>();
  for (const found of findings) {
    if (!found.needsAllowance && !found.breaksWriters && !isWorse(found.effect, "in-place")) continue;
    const { tenant, address: _, ...same } = found;
    const key = JSON.stringify(same);
    const group = groups.get(key) ?? { first: found, tenants: new Set<string>() };
    if (tenant !== undefined) group.tenants.add(tenant);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ first, tenants }) =>
    tenants.size < 2 ? first : { ...first, tenant: `${tenants.size} tenants` },
  );
}
