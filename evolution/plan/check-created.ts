import { compareDatasets } from "../configuration/compare-datasets";
import { type Finding, finding } from "../catalogue/finding";
import { datasetOf } from "./check-dataset";
import { checkExpirationTime, checkProtection } from "./check-table";
import { block, isWithoutRows, text } from "./plan-table";
import type { Action, PlannedChange } from "./planned-change";

/** What a new table is: one with rows, or one that shows those of others. What deletes its rows by itself is said as on an update. */
export function checkCreatedTable({ change }: PlannedChange, table: string): readonly Finding[] {
  const after = change.after ?? {};
  return [
    isWithoutRows(after)
      ? finding("view-created", { table, path: sourceOf(after).path }, { source: sourceOf(after).source })
      : finding("table-added", { table, path: "" }, { tenants: "one" }),
    ...checkExpirationTime({}, after, table),
    ...checkProtection({}, after, table),
  ];
}

/** What of a new dataset deletes tables by itself or lets them be destroyed, compared with what holds when nothing is set. */
export function checkCreatedDataset({ change }: PlannedChange): readonly Finding[] {
  const { defaultTableExpirationMs: _, maxTimeTravelHours: __, ...rest } = datasetOf(change.after ?? {});
  return [
    finding("dataset-added", { table: "*", path: "" }),
    ...compareDatasets({ ...rest, deletionProtection: true }, datasetOf(change.after ?? {})),
  ];
}

/** What takes the place of grants that this plan does not show, because somebody else gave them. */
export function checkReplacedGrants({ type }: PlannedChange, action: Action, table: string): readonly Finding[] {
  if (action !== "create") return [];
  if (type === "google_bigquery_row_access_policy") return [finding("rows-hidden", { table, path: "grantees" })];
  const [, form] = /_iam_(binding|policy)$/.exec(type) ?? [];
  if (form === undefined) return [];
  const others = form === "binding" ? "every other grant of its role" : "every other grant";
  return [finding("grants-replaced", { table, path: "" }, { others })];
}

/** Where what a table without rows shows comes from. */
function sourceOf(attributes: Readonly<Record<string, unknown>>): { readonly path: string; readonly source: string } {
  for (const path of ["view", "materialized_view", "external_data_configuration", "table_replication_info"]) {
    const found = block(attributes[path]);
    if (found !== undefined) return { path, source: text(found["query"]) ?? JSON.stringify(found) };
  }
  return { path: "", source: "" };
}
