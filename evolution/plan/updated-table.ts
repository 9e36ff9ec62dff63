import { UsageError } from "../../model/errors";
import { isWithoutRows, tableOf, text } from "./plan-table";
import { actionOf, type PlannedChange } from "./planned-change";

/** A table that a plan updates, with what the plan knew of it. */
export interface UpdatedTable {
  readonly address: string;
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
  /** Names of the top-level columns that the plan saw live or adds. */
  readonly known: ReadonlySet<string>;
}

/**
 * What a change updates, when it is a table with rows; the provider then drops every live column that the configuration lacks.
 *
 * @throws {@link UsageError} when the plan does not say where the table is, or says it in ids that would lead a request elsewhere.
 */
export function updatedTable(planned: PlannedChange): UpdatedTable | undefined {
  const { type, address, change } = planned;
  const [before, after] = [change.before ?? {}, change.after ?? {}];
  if (type !== "google_bigquery_table" || actionOf(planned) !== "update" || isWithoutRows(before)) return undefined;
  const [projectId, datasetId, tableId] = [before["project"], before["dataset_id"], before["table_id"]].map(text);
  if (projectId === undefined || datasetId === undefined || tableId === undefined) {
    throw new UsageError(
      `${address}: the plan does not say project, dataset and id of the table it updates. Plan again.`,
    );
  }
  if ([projectId, datasetId, tableId].some((id) => /^\.+$|[/\\?#%]/.test(id))) {
    throw new UsageError(
      `${address}: ${[projectId, datasetId, tableId].map((id) => JSON.stringify(id)).join(", ")} are not a project, dataset and table: an id holds no / \\ ? # %. Plan again.`,
    );
  }
  const columns = [before, after].flatMap((side) => tableOf(side, address).schema.fields);
  return { address, projectId, datasetId, tableId, known: new Set(columns.map(({ name }) => name)) };
}
