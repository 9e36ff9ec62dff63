import { missingRowsQuery } from "../../../../bigquery/sql/new-version";
import type { NewVersion } from "../../../../model/columns/column-source";
import { unionViewId } from "../../../../model/names";

/** Whether a version's rows are for key admins alone: whoever may query a view may not be one of them, so it gets none. */
export function isSecret({ old, now }: NewVersion): boolean {
  return old.access === "keyAdmins" || now.access === "keyAdmins";
}

/**
 * The guide for one change of version, to be committed beside its scripts.
 *
 * @param retire - the day on which the old version goes, `2026-01-31`.
 */
export function cutoverGuide(version: NewVersion, retire: string): string {
  return isSecret(version) ? guideWithoutView(version, retire) : guideWithView(version, retire);
}

function guideWithView(version: NewVersion, retire: string): string {
  const { old, now } = version;
  const view = unionViewId(now.tableId);
  return `# From \`${old.tableId}\` to \`${now.tableId}\`

Rows are never missing and never doubled on the way: the view \`${view}\` shows every row of both tables once, by primary key.
Every step may be repeated. Do them per environment, in this order.

1. **Deploy** \`${now.tableId}\`: merge its definition. Terraform creates the table, empty, next to \`${old.tableId}\`.
2. **Create the view**: run \`view.<environment>.sql\`, and let readers use \`${view}\` instead of \`${old.tableId}\`.
3. **Cut writers over**: release them with \`${now.tableId}\`. Let what began in \`${old.tableId}\` end there, or it is updated in the wrong table.
4. **Backfill**: run \`backfill.<environment>.sql\` when no writer uses \`${old.tableId}\` any longer. It copies partition by partition and skips
   rows that are there. Done when this gives 0 for every tenant:

   \`\`\`sql
   ${doneQuery(version)}
   \`\`\`

5. **Cut readers over** from \`${view}\` to \`${now.tableId}\`, or let them keep the view for the version after.
6. **Retire** \`${old.tableId}\` on **${retire}**: recreate or drop the view, then delete the definition \`${old.tableId}.json\` under an allowance of
   code \`table-deleted\` for each environment. Until then it costs storage only.
`;
}

/** Key admins read the old version until the rows are copied: a view would open them to whoever may query it. */
function guideWithoutView(version: NewVersion, retire: string): string {
  const { old, now } = version;
  return `# From \`${old.tableId}\` to \`${now.tableId}\`

Both tables are for key admins alone. There is no view over them, since everyone who may query a view can read what it shows.
Every step may be repeated. Do them per environment, in this order.

1. **Deploy** \`${now.tableId}\`: merge its definition. Terraform creates the table, empty, next to \`${old.tableId}\`.
2. **Cut writers over**: release them with \`${now.tableId}\`.
3. **Backfill** as a key admin: run \`backfill.<environment>.sql\` when no writer uses \`${old.tableId}\` any longer. It skips rows that are
   there. Done when this gives 0 for every tenant:

   \`\`\`sql
   ${doneQuery(version)}
   \`\`\`

4. **Cut readers over** to \`${now.tableId}\`. Until then they read \`${old.tableId}\`, and miss what only \`${now.tableId}\` holds.
5. **Retire** \`${old.tableId}\` on **${retire}**: delete the definition \`${old.tableId}.json\` under an allowance of code \`table-deleted\` for each
   environment. Until then it costs storage only.
`;
}

function doneQuery(version: NewVersion): string {
  const query = missingRowsQuery({ projectId: "<project>", datasetId: "<dataset>" }, version);
  return query.replaceAll("\n", "\n   ");
}
