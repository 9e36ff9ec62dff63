import { isDeepStrictEqual } from "node:util";
import { defined } from "../../model/defined";
import { compareDatasets, type ComparableDataset } from "../configuration/compare-datasets";
import { type Finding, finding } from "../catalogue/finding";
import { checkDeletionPolicy } from "./check-protection";
import { destroyed } from "./destroyed";
import { block, labelsOf, text } from "./plan-table";
import type { Action, Attributes, PlannedChange } from "./planned-change";

/** Judges a change of an existing `google_bigquery_dataset`. */
export function checkDataset(planned: PlannedChange, action: Action): readonly Finding[] {
  const { before, after } = planned.change;
  if (action === "update") {
    return [
      ...compareDatasets(datasetOf(before ?? {}), datasetOf({ ...before, ...after })),
      ...checkDeletionPolicy(before ?? {}, after ?? {}, "*"),
      ...(isDeepStrictEqual(before?.["access"], after?.["access"])
        ? [finding("dataset-access-rewritten", { table: "*", path: "access" })]
        : []),
    ];
  }
  return action === "delete" || action === "replace" ? destroyed(planned, action, "*") : [];
}

/** Reads a `google_bigquery_dataset`'s attributes as a dataset. */
export function datasetOf(attributes: Attributes): ComparableDataset {
  const [description, friendlyName, partitionMs, tableMs, hours] = [
    text(attributes["description"]),
    text(attributes["friendly_name"]),
    digits(attributes["default_partition_expiration_ms"]),
    digits(attributes["default_table_expiration_ms"]),
    digits(attributes["max_time_travel_hours"]),
  ];
  const kmsKeyName = text(block(attributes["default_encryption_configuration"])?.["kms_key_name"]);
  return defined({
    datasetReference: {
      projectId: text(attributes["project"]) ?? "",
      datasetId: text(attributes["dataset_id"]) ?? "",
    },
    location: text(attributes["location"]) ?? "US",
    labels: labelsOf(attributes),
    deletionProtection: attributes["delete_contents_on_destroy"] !== true,
    description,
    friendlyName,
    defaultPartitionExpirationMs: partitionMs,
    defaultTableExpirationMs: tableMs,
    maxTimeTravelHours: hours,
    defaultEncryptionConfiguration: kmsKeyName === undefined ? undefined : { kmsKeyName },
  });
}

function digits(value: unknown): string | undefined {
  return typeof value === "number" || (typeof value === "string" && value !== "") ? String(value) : undefined;
}
