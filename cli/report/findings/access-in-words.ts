import { permissionInWords } from "../../../evolution/access/words";
import type { Grant, GrantChange } from "../../../evolution/access/grant";
import { compare } from "../../../model/problems";
import { nounOf } from "../nouns";

/** Table names that a line holds. */
const SHOWN = 6;

interface Line {
  readonly change: GrantChange["change"];
  readonly grant: Grant;
  /** Ids of the tables by tenant. */
  readonly tables: Map<string, Set<string>>;
}

/**
 * Tells who may do what that they could not before, and no longer, a line for each member, role and environment:
 * `group:auditors@example.com may read 3 tables (dq_results, pipeline_runs, step_logs) of 12 tenants in prod`.
 */
export function accessInWords(changes: readonly GrantChange[]): readonly string[] {
  const lines = new Map<string, Line>();
  for (const { grant, change } of changes) {
    const { member, role, condition, reach, environment, tenant = "", table } = grant;
    const key = JSON.stringify([ORDER.indexOf(change), environment, member, role, condition, reach]);
    const line = lines.get(key) ?? { change, grant, tables: new Map<string, Set<string>>() };
    const ids = line.tables.get(tenant) ?? new Set<string>();
    lines.set(key, line);
    line.tables.set(tenant, ids.add(table));
  }
  return [...lines].sort(([a], [b]) => compare(a, b)).flatMap(([, line]) => linesOf(line));
}

const ORDER: readonly GrantChange["change"][] = ["widened", "added", "removed"];

/** Tenants of which other tables are meant get a line of their own. */
function linesOf({ change, grant, tables }: Line): readonly string[] {
  const tenantsByTables = new Map<string, string[]>();
  for (const [tenant, ids] of tables) {
    const key = [...ids].sort().join(", ");
    tenantsByTables.set(key, [...(tenantsByTables.get(key) ?? []), tenant]);
  }
  const where = grant.environment === undefined ? "" : ` in ${grant.environment}`;
  return [...tenantsByTables].map(([ids, tenants]) => {
    const words = `${permissionInWords(grant)} ${tablesInWords(grant, ids.split(", "))}${whose(tenants)}${where}`;
    if (change === "removed") return `No longer: ${words}`;
    return change === "widened" ? `${words}, which is more than before` : words;
  });
}

function tablesInWords({ reach: kind }: Grant, ids: readonly string[]): string {
  if (kind === "project") return `every dataset in reach of ${ids.join(", ")}`;
  if (kind === "dataset" || ids.includes("*")) return "every table";
  if (ids.length === 1) return ids[0] ?? "";
  const rest = ids.length - SHOWN;
  return `${ids.length} tables (${ids.slice(0, SHOWN).join(", ")}${rest > 0 ? ` and ${rest} more` : ""})`;
}

function whose(tenants: readonly string[]): string {
  const [first = ""] = tenants;
  if (tenants.length > 1) return ` of ${nounOf(tenants.length, "tenant")}`;
  return first === "" || first === "*" ? "" : ` of ${first}`;
}
