import { own } from "../../model/own";
import { canonicalPrincipal } from "../../model/principal";

/** One permission as a configuration or a plan states it. */
export interface Grant {
  /** As IAM spells it, e.g. `group:data-readers@example.com`; `view:<project>.<dataset>.<table>` for what a dataset authorizes. */
  readonly member: string;
  /** e.g. `roles/bigquery.dataViewer`; BigQuery's own `READER`, `WRITER` and `OWNER` are read as the roles that they are. */
  readonly role: string;
  /** CEL expression under which it holds; absent: always. */
  readonly condition?: string;
  /** What it reaches: one table, all of a dataset's, or those of everything in a project or above. */
  readonly reach: "table" | "dataset" | "project";
  /** Table id; `*` when it reaches more than one. */
  readonly table: string;
  readonly tenant?: string;
  readonly environment?: string;
}

/** A permission that a change gives or takes. */
export interface GrantChange {
  readonly grant: Grant;
  /** `widened`: the member had a weaker role there before. */
  readonly change: "added" | "widened" | "removed";
  /** The table is created by the same change, so that there are no rows yet. */
  readonly onNewTable: boolean;
}

/** What a view, routine or dataset has that a dataset authorizes: it reads all tables, and has no role. */
export const AUTHORIZED_ROLE = "authorized";

/** Roles on tables and datasets by what they allow, weakest first. @see https://cloud.google.com/bigquery/docs/access-control */
const STRENGTH = new Map([
  ["roles/bigquery.metadataViewer", 1],
  ["roles/bigquerydatapolicy.maskedReader", 2],
  ["roles/bigquery.filteredDataViewer", 2],
  ["roles/bigquery.dataViewer", 3],
  [AUTHORIZED_ROLE, 3],
  ["roles/bigquery.dataEditor", 4],
]);

const LEGACY: Readonly<Record<string, string>> = {
  READER: "roles/bigquery.dataViewer",
  WRITER: "roles/bigquery.dataEditor",
  OWNER: "roles/bigquery.dataOwner",
};

/** One name for both spellings of a role. */
export function canonicalRole(role: string): string {
  return own(LEGACY, role.toUpperCase()) ?? role;
}

/** How much a role allows; what is not known may allow anything. */
export function strengthOf(role: string): number {
  return STRENGTH.get(canonicalRole(role)) ?? Infinity;
}

/** Whether a role shows rows, and not only what columns there are. */
export function showsRows(role: string): boolean {
  return strengthOf(role) > 1;
}

/**
 * Compares who may do what: roles, members, reach and conditions as one.
 *
 * @param isNewTable - whether a grant's table is created by the same change.
 */
export function compareGrants(
  before: readonly Grant[],
  after: readonly Grant[],
  isNewTable: (grant: Grant) => boolean = () => false,
): readonly GrantChange[] {
  const [old, now] = [byKey(before), byKey(after)];
  const held = new Map<string, number>();
  for (const grant of before) {
    held.set(holderOf(grant), Math.max(strengthOf(grant.role), held.get(holderOf(grant)) ?? 0));
  }
  return [
    ...[...now].flatMap(([key, grant]): GrantChange[] => {
      if (old.has(key)) return [];
      // What a member has already, in another form: the same role without its condition is more than it was.
      const most = held.get(holderOf(grant));
      const change = most !== undefined && strengthOf(grant.role) >= most ? "widened" : "added";
      return [{ grant, change, onNewTable: isNewTable(grant) }];
    }),
    ...[...old].flatMap(([key, grant]): GrantChange[] =>
      now.has(key) ? [] : [{ grant, change: "removed", onNewTable: false }],
    ),
  ];
}

function byKey(grants: readonly Grant[]): ReadonlyMap<string, Grant> {
  return new Map(
    grants.map((grant) => [JSON.stringify([holderOf(grant), canonicalRole(grant.role), grant.condition ?? ""]), grant]),
  );
}

/** Who holds something where, whatever the role. */
function holderOf({ member, reach, table, tenant, environment }: Grant): string {
  return JSON.stringify([canonicalPrincipal(member), reach, table, tenant, environment]);
}
