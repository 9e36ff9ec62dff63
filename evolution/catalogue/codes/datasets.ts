import { type CodeCatalogue, DATASET_GO, NOTHING_TO_DO, TABLE_GO } from "../code-info";
import { destroyedMessage, destroyedRemedy } from "./destroyed";

interface RetentionChange {
  readonly attribute: string;
  readonly from: string;
  readonly to: string;
}

const retentionChanged = ({ attribute, from, to }: RetentionChange) =>
  `Terraform changes ${attribute} in place from ${from} to ${to}; tables already there keep their own expiration.`;

/** A dataset as a whole, and what protects it and its tables from being destroyed. */
export const DATASET_CODES = {
  "dataset-added": {
    effect: "in-place",
    title: "A dataset is created",
    source: "Terraform",
    message: "Terraform creates the dataset.",
    remedy: NOTHING_TO_DO,
  },
  "dataset-deleted": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A dataset is destroyed with its tables and does not come back",
    source: `${DATASET_GO} resourceBigQueryDatasetDelete L986-1032`,
    message: destroyedMessage,
    remedy: destroyedRemedy,
  },
  "dataset-replaced": {
    effect: "replace-table",
    title: "A dataset is destroyed with its tables and created empty",
    source: "Terraform plan",
    message: destroyedMessage,
    remedy: destroyedRemedy,
  },
  "dataset-moved": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A dataset gets another id, project or location: it is destroyed with its tables and created empty there",
    source: `${DATASET_GO} dataset_id L119-122, location L281-285, project L361-364`,
    message: destroyedMessage,
    remedy:
      "Keep it where it is, or create a new tenant next to it and copy the tables (BigQuery Data Transfer, dataset copy).",
  },
  "dataset-retention-lowered": {
    effect: "in-place",
    needsAllowance: true,
    title: "Tables or partitions made from now on expire sooner, or time travel reaches back less far",
    source: `${DATASET_GO} default_table_expiration_ms, default_partition_expiration_ms, max_time_travel_hours`,
    message: retentionChanged,
    remedy: "Export what must be kept, then allow the change.",
  },
  "dataset-retention-raised": {
    effect: "in-place",
    title: "Tables or partitions made from now on expire later, or time travel reaches back further",
    source: `${DATASET_GO} default_table_expiration_ms, default_partition_expiration_ms, max_time_travel_hours`,
    message: retentionChanged,
    remedy: NOTHING_TO_DO,
  },
  "tenant-moved": {
    effect: "replace-table",
    title: "A tenant moves to another stack: the old stack destroys its dataset and tables",
    source: "Terraform: each stack has its own state",
    message: ({ from, to }: { readonly from: string; readonly to: string }) =>
      `The tenant moves from stack ${from} to ${to}, each with a state of its own: ${from} destroys the dataset and tables with their rows, ${to} creates them empty.`,
    remedy: "Keep the tenant in its stack: set its `shard`, or leave `shards` as it is.",
  },
  "protection-lowered": {
    effect: "in-place",
    needsAllowance: true,
    title: "`deletion_protection` is turned off, or `delete_contents_on_destroy` on: the next change may destroy rows",
    source: `${TABLE_GO} resourceBigQueryTableDelete L2316, ${DATASET_GO} resourceBigQueryDatasetDelete L1001`,
    message: "Terraform turns deletion protection off: a later plan may destroy the rows.",
    remedy: "Turn it off only to destroy on purpose, and on again after it.",
  },
  "protection-raised": {
    effect: "in-place",
    title: "`deletion_protection` is turned on, or `delete_contents_on_destroy` off",
    source: `${TABLE_GO} resourceBigQueryTableDelete L2316`,
    message: "Terraform turns deletion protection on.",
    remedy: NOTHING_TO_DO,
  },
} as const satisfies CodeCatalogue;
