import { defined } from "../../model/defined";
import { own } from "../../model/own";
import { type Finding, finding } from "../catalogue/finding";
import { deletionPolicyOf } from "./check-protection";
import { labelsOf } from "./plan-table";
import type { Action, PlannedChange } from "./planned-change";

/** Terraform's own reasons, in words. @see https://developer.hashicorp.com/terraform/internals/json-format */
const REASONS: Readonly<Record<string, string>> = {
  replace_because_cannot_update: "a change that cannot be made in place",
  replace_because_tainted: "it is tainted, because its creation failed half-way",
  replace_by_request: "the plan was made with -replace",
  replace_by_triggers: "replace_triggered_by, as a raised generation does",
  delete_because_no_resource_config: "it is no longer configured",
  delete_because_no_module: "its module is no longer configured",
  delete_because_wrong_repetition: "count or for_each came or went",
  delete_because_count_index: "count became smaller",
  delete_because_each_key: "its key is no longer in for_each",
  delete_because_no_move_target: "it moved to an address that is not configured",
};

/** Paths whose change puts the table or dataset elsewhere. */
const PLACES = ["table_id", "dataset_id", "project", "location"];

/** Whether the table's columns are not why it is replaced. */
export function isMovedOrTriggered({ change, action_reason: reason }: PlannedChange): boolean {
  return (
    reason === "replace_by_triggers" || (change.replace_paths ?? []).some(([root]) => PLACES.includes(String(root)))
  );
}

/** Why something is destroyed; `undefined` when the plan does not say. */
export function because({ change, action_reason: code }: PlannedChange): string | undefined {
  const paths = (change.replace_paths ?? []).map((path) => path.join("."));
  const parts = [
    ...(code === undefined ? [] : [own(REASONS, code) ?? code]),
    ...(paths.length === 0 ? [] : [`change of ${paths.join(", ")}`]),
  ];
  return parts.length === 0 ? undefined : parts.join(": ");
}

/** The finding for a table, or for a dataset (`*`), that is destroyed. */
export function destroyed(planned: PlannedChange, action: Action, table: string): readonly Finding[] {
  const { change, action_reason: code } = planned;
  const kind = table === "*" ? "dataset" : "table";
  const paths = (change.replace_paths ?? []).map((path) => path.join("."));
  const moved = paths.find((path) => PLACES.includes(path));
  const name = nameOf(kind, action, moved, code === "replace_by_triggers" && isOurs(change));
  return [
    finding(
      name,
      { table, path: moved ?? "" },
      defined({
        what: kind === "dataset" ? "the dataset with its tables and all their rows" : "the table with all its rows",
        comesBack: action !== "delete",
        because: because(planned),
        protection: protection(change, kind),
      }),
    ),
  ];
}

function nameOf(
  kind: "table" | "dataset",
  action: Action,
  moved: string | undefined,
  isGeneration: boolean,
): "table-generation-raised" | `${"table" | "dataset"}-${"deleted" | "moved" | "replaced"}` {
  if (action === "delete") return `${kind}-deleted`;
  if (moved !== undefined) return `${kind}-moved`;
  return kind === "table" && isGeneration ? "table-generation-raised" : `${kind}-replaced`;
}

/** Tables of this package are replaced by a trigger for one reason: a raised generation. */
function isOurs({ before }: PlannedChange["change"]): boolean {
  return labelsOf(before ?? {})["managed_by"] === "tenant-metadata";
}

function protection({ before }: PlannedChange["change"], kind: "table" | "dataset"): string {
  if (deletionPolicyOf(before ?? {}) === "PREVENT") {
    return "The provider refuses it at apply while deletion_policy is PREVENT.";
  }
  if (kind === "dataset") {
    return before?.["delete_contents_on_destroy"] === true
      ? "delete_contents_on_destroy is on: nothing stops it."
      : "BigQuery refuses it while tables remain.";
  }
  return before?.["deletion_protection"] === false
    ? "deletion_protection is off: nothing stops it."
    : "The provider refuses it at apply while deletion_protection is on.";
}
