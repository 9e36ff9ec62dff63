import { compare } from "../../model/problems";
import type { ResolvedTenant } from "../../model/resolve";
import { type Question, questionSql } from "./question";

/** Tables that one query may name. @see https://cloud.google.com/bigquery/quotas#query_jobs */
const MAX_TABLES = 1000;
/** Characters of one query: well below BigQuery's 1 MB, since a name may take more than one byte a character. */
const MAX_CHARACTERS = 400_000;
/** Tenants of one query: its plan has a part for each, and BigQuery refuses queries that are too complex. */
const MAX_TENANTS = 250;

/** Tables that a question names for each tenant. */
export function tablesIn({ sql }: Question): number {
  return new Set([...sql.matchAll(/`project\.tenant_metadata\.(\w+)`/g)].map(([, table]) => table)).size;
}

/** One query over the tenants: a question's answers below each other, the tenant's id in front of each row. */
export function fleetSql(question: Question, tenants: readonly ResolvedTenant[]): string {
  return tenants
    .map(
      (tenant) =>
        `SELECT '${tenant.tenantId}' AS tenant, answer.*\nFROM (\n${questionSql(question, tenant)}\n) AS answer`,
    )
    .join("\nUNION ALL\n");
}

/** Distributes tenants over queries: those of one location together, in order of their ids, within BigQuery's limits. */
export function fleetBatches(
  question: Question,
  tenants: readonly ResolvedTenant[],
): readonly (readonly ResolvedTenant[])[] {
  const maxTenants = Math.min(MAX_TENANTS, Math.floor(MAX_TABLES / tablesIn(question)));
  const batches: { readonly location: string; readonly tenants: ResolvedTenant[]; characters: number }[] = [];
  const open = new Map<string, (typeof batches)[number]>();
  for (const tenant of [...tenants].sort((a, b) => compare(a.tenantId, b.tenantId))) {
    const characters = fleetSql(question, [tenant]).length + "\nUNION ALL\n".length;
    let batch = open.get(tenant.location);
    if (batch === undefined || batch.tenants.length >= maxTenants || batch.characters + characters > MAX_CHARACTERS) {
      batch = { location: tenant.location, tenants: [], characters: 0 };
      open.set(tenant.location, batch);
      batches.push(batch);
    }
    batch.tenants.push(tenant);
    batch.characters += characters;
  }
  return batches.map((batch) => batch.tenants);
}

/** The first and the second half. */
export function halves<T>(items: readonly T[]): readonly (readonly T[])[] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}
