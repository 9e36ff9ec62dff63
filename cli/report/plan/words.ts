import type { DescribedChange, Outcome, ResourceKind } from "./describe-change";
import type { Count, TenantGroup } from "./plan-overview";

const NOUNS: Readonly<Record<ResourceKind, string>> = {
  dataset: "dataset",
  table: "table",
  grant: "grant",
  other: "other resource",
};

/** `1 dataset, 4 tables`. */
export function nouns(counts: readonly Pick<Count, "kind" | "count">[]): string {
  return counts.map(({ kind, count }) => `${count} ${NOUNS[kind]}${count === 1 ? "" : "s"}`).join(", ");
}

const PREDICATES: Partial<Record<Outcome, string>> = {
  "column dropped": "with a column dropped",
  rejected: "rejected by BigQuery",
};

/** `1 dataset, 4 tables created; 1 table changed`. */
export function countsInWords(counts: readonly Count[]): string {
  const outcomes = [...new Set(counts.map(({ outcome }) => outcome))];
  return outcomes
    .map((outcome) => `${nouns(counts.filter((count) => count.outcome === outcome))} ${PREDICATES[outcome] ?? outcome}`)
    .join("; ");
}

/** Whom a group is about: a name, or how many and the first of them. */
export function groupTitle({ tenants }: TenantGroup, shown = 8): string {
  const [first] = tenants;
  if (first === undefined) return "Shared by all tenants";
  if (tenants.length === 1) return first;
  const rest = tenants.length - shown;
  return `${tenants.length} tenants: ${tenants.slice(0, shown).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** Grants of one member with the same verb and outcome, as one: who does what to which tables. */
export interface MergedGrant {
  readonly outcome: Outcome;
  readonly member: string;
  readonly verb: string;
  readonly tables: readonly string[];
}

/** Merges grants that differ in their table only. */
export function mergeGrants(changes: readonly DescribedChange[]): readonly MergedGrant[] {
  const merged = new Map<string, MergedGrant & { readonly tables: string[] }>();
  for (const { grant, outcome, table } of changes) {
    if (grant === undefined) continue;
    const key = `${outcome} ${grant.verb} ${grant.member}`;
    const entry = merged.get(key);
    if (entry === undefined) merged.set(key, { outcome, ...grant, tables: [table] });
    else entry.tables.push(table);
  }
  return [...merged.values()];
}
