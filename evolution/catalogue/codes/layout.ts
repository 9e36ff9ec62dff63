import { type CodeCatalogue, NEW_VERSION, NOTHING_TO_DO, TABLE_GO } from "../code-info";

interface Change {
  readonly from: string;
  readonly to: string;
}

const repartitioned = ({ from, to }: Change) =>
  `Terraform replaces the table to partition it by ${to} instead of ${from}: all rows are lost.`;
const BY_DECLARATION = "Terraform changes it in place where `declareConstraints` is on, and plans nothing elsewhere.";
const KEYS_TRUSTED = "Make sure the rows agree: BigQuery does not enforce keys, yet trusts them.";

/** How a table is partitioned, clustered, keyed and encrypted. */
export const LAYOUT_CODES = {
  "partitioning-added": {
    effect: "replace-table",
    title: "A table becomes partitioned",
    source: `${TABLE_GO} time_partitioning.field L1162-1166`,
    message: repartitioned,
    remedy: NEW_VERSION,
  },
  "partitioning-removed": {
    effect: "replace-table",
    title: "A table is no longer partitioned",
    source: `${TABLE_GO} time_partitioning.field L1162-1166`,
    message: repartitioned,
    remedy: NEW_VERSION,
  },
  "partition-field-changed": {
    effect: "replace-table",
    title: "A table is partitioned by another column",
    source: `${TABLE_GO} time_partitioning.field L1162-1166`,
    message: repartitioned,
    remedy: NEW_VERSION,
  },
  "partition-type-changed": {
    effect: "rejected",
    title:
      "The partitions' length changes, or ingestion-time partitioning comes or goes: planned in place, refused by BigQuery",
    source: `${TABLE_GO} time_partitioning.type L1152-1157 (no ForceNew)`,
    message: ({ from, to }: Change) =>
      `Terraform plans to change the partitioning in place from ${from} to ${to}, and BigQuery refuses it: the partitioning of a table is fixed.`,
    remedy: NEW_VERSION,
  },
  "partition-expiration-shortened": {
    effect: "in-place",
    needsAllowance: true,
    title: "Partitions expire sooner: those already older are deleted with their rows",
    source: `${TABLE_GO} time_partitioning.expiration_ms L1143-1148`,
    message: ({ from, to }: Change) =>
      `Terraform changes it in place: partitions expire ${to} instead of ${from}, and BigQuery deletes those already older with their rows.`,
    remedy: "Export what must be kept, then allow the change.",
  },
  "partition-expiration-extended": {
    effect: "in-place",
    title: "Partitions expire later",
    source: `${TABLE_GO} time_partitioning.expiration_ms L1143-1148`,
    message: ({ from, to }: Change) => `Terraform changes it in place: partitions expire ${to} instead of ${from}.`,
    remedy: NOTHING_TO_DO,
  },
  "partition-expiration-removed": {
    effect: "none",
    title: "The expiration is left out: a computed attribute, so Terraform keeps the old one",
    source: `${TABLE_GO} time_partitioning.expiration_ms L1146 (Computed)`,
    message: ({ from }: { readonly from: string }) => `Terraform plans nothing: partitions still expire ${from}.`,
    remedy: "To keep them for good, run ALTER TABLE … SET OPTIONS (partition_expiration_days = NULL).",
  },
  "partition-filter-changed": {
    effect: "in-place",
    title: "Queries must filter on the partition column, or no longer have to",
    source: `${TABLE_GO} require_partition_filter L1239-1244`,
    message: ({ isRequired }: { readonly isRequired: boolean }) =>
      isRequired
        ? "Terraform changes it in place: queries without a filter on the partition column fail from then on."
        : "Terraform changes it in place: queries may read all partitions.",
    remedy: "Check the queries of this table first.",
  },
  "clustering-changed": {
    effect: "in-place",
    title: "The table is clustered by other columns; rows already there are not rewritten",
    source: `${TABLE_GO} clustering L1248-1254`,
    message: ({ from, to }: Change) =>
      `Terraform changes the clustering in place from ${from} to ${to}; only rows written from now on follow it.`,
    remedy: "Rewrite old partitions with an UPDATE of a column to itself if their queries became slow.",
  },
  "primary-key-changed": {
    effect: "in-place",
    title: "The primary key changes; it reaches BigQuery only with `declareConstraints`",
    source: `${TABLE_GO} table_constraints (no ForceNew)`,
    message: BY_DECLARATION,
    remedy: KEYS_TRUSTED,
  },
  "foreign-keys-changed": {
    effect: "in-place",
    title: "The foreign keys change; they reach BigQuery only with `declareConstraints`",
    source: `${TABLE_GO} table_constraints (no ForceNew)`,
    message: BY_DECLARATION,
    remedy: KEYS_TRUSTED,
  },
  "encryption-added-or-removed": {
    effect: "replace-table",
    title: "A table gets a customer-managed key, or loses it",
    source: `${TABLE_GO} encryption_configuration L1255-1258`,
    message: ({ isRemoved }: { readonly isRemoved: boolean }) =>
      `Terraform replaces the table, because it ${isRemoved ? "loses its" : "gets a"} customer-managed key: all rows are lost.`,
    remedy: "Decide on a key before the first deployment, or copy the rows to a new version of the table.",
  },
  "encryption-key-changed": {
    effect: "in-place",
    title: "A table, or the tables made from now on in a dataset, are encrypted with another key",
    source: `${TABLE_GO} kms_key_name L1263-1267 (no ForceNew)`,
    message: ({ of }: { readonly of: "table" | "dataset" }) =>
      of === "table"
        ? "Terraform changes the key in place; BigQuery encrypts the table again."
        : "Terraform changes the dataset's default key in place; it holds for tables made from now on.",
    remedy: "Keep the old key until every table is encrypted with the new one.",
  },
  "encryption-key-moved": {
    effect: "in-place",
    needsAllowance: true,
    title:
      "The new key lies in another project or key ring: anyone who may destroy it there can make the rows unreadable",
    source: "[Customer-managed keys](https://cloud.google.com/bigquery/docs/customer-managed-encryption)",
    message: ({ from, to }: Change) =>
      `Terraform has BigQuery encrypt with a key in ${to} instead of ${from}: anyone who may disable or destroy keys there can make the rows unreadable.`,
    remedy: "Make sure who administers that key ring, and that its keys are protected from being destroyed.",
  },
} as const satisfies CodeCatalogue;
