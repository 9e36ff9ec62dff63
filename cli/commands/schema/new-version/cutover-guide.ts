import { missingRowsQuery, type NewVersion, unionViewId } from "../../../../evolution/migration/new-version";

/**
 * The guide for one change of version, to be committed beside its scripts.
 *
 * @param retire - the day on which the old version goes, `2026-01-31`.
 */
export function cutoverGuide(version: NewVersion, retire: string): string {
  const { old, now } = version;
  const view = unionViewId(now.tableId);
  const query = missingRowsQuery({ projectId: "<project>", datasetId: "<dataset>" }, version);
  return `# From \`${old.tableId}\` to \`${now.tableId}\`

Rows are never missing and never doubled on the way: the view \`${view}\` shows every row of both tables once, by primary key.
Every step may be repeated. Do them per environment, in this order.

1. **Deploy** \`${now.tableId}\`: merge its definition. Terraform creates the table, empty, beside \`${old.tableId}\`.
2. **Create the view**: run \`view.<environment>.sql\`, and let readers use \`${view}\` instead of \`${old.tableId}\`.
3. **Cut writers over**: release them with \`${now.tableId}\`. Let what began in \`${old.tableId}\` end there, or it is updated in the wrong table.
4. **Backfill**: run \`backfill.<environment>.sql\` once no writer uses \`${old.tableId}\` any more. It goes partition by partition and passes over
   rows that are there. Done when this gives 0 for every tenant:

   \`\`\`sql
   ${query.replaceAll("\n", "\n   ")}
   \`\`\`

5. **Cut readers over** from \`${view}\` to \`${now.tableId}\`, or let them keep the view for the version after.
6. **Retire** \`${old.tableId}\` on **${retire}**: recreate or drop the view, then delete the definition \`${old.tableId}.json\` under an allowance of
   code \`table-deleted\` for each environment. Until then it costs storage only.
`;
}
