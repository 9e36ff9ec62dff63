import type { Effect } from "./effect";

/** What is known of a finding from its code alone. */
export interface CodeInfo {
  readonly effect: Effect;
  /** Rows of the previous release's writers fail or are refused after this change. */
  readonly breaksWriters?: true;
  /** Must be allowed even though the effect alone would pass: rows expire, access opens or a safety catch is released. */
  readonly needsAllowance?: true;
  /** What it is, as a sentence without its full stop. */
  readonly title: string;
  /** Where the rule comes from: the google provider's v6.50.0 source by file, function and line, or BigQuery's documentation. */
  readonly source: string;
}

const TABLE_GO = "`resource_bigquery_table.go`";
const CHANGEABLE = `${TABLE_GO} resourceBigQueryTableSchemaIsChangeable`;
const DATASET_GO = "`resource_bigquery_dataset.go`";
const DDL = "[DDL reference](https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language)";
const OURS = "this package's own rule";

/**
 * Every finding code. A code is a contract: scripts and allowances name it, so it is never renamed or given another meaning.
 */
export const CODES = {
  "column-added": {
    effect: "in-place",
    title: "A NULLABLE or REPEATED column or nested field is added",
    source: `${CHANGEABLE} L312-321`,
  },
  "required-column-added": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A REQUIRED column or nested field is added to an existing table or RECORD",
    source: `${CHANGEABLE} L312-318`,
  },
  "column-dropped": {
    effect: "drop-column",
    breaksWriters: true,
    title: "A top-level column is dropped with its data; deletion protection does not stop it",
    source: `${CHANGEABLE} L322-329, resourceBigQueryTableColumnDrop L2263-2313`,
  },
  "clustered-column-dropped": {
    effect: "rejected",
    breaksWriters: true,
    title: "A column the table is clustered by is dropped, which BigQuery refuses",
    source: `${DDL}: ALTER TABLE DROP COLUMN`,
  },
  "column-drop-refused": {
    effect: "rejected",
    title: "A column is left out while `ignore_auto_generated_schema` keeps the provider from dropping it",
    source: `${TABLE_GO} resourceBigQueryTableUpdate L2249-2254`,
  },
  "nested-field-dropped": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A field inside a RECORD is dropped",
    source: `${CHANGEABLE} L325-327`,
  },
  "columns-dropped-and-added": {
    effect: "replace-table",
    breaksWriters: true,
    title: "Top-level columns are dropped and added in one change, as a rename is",
    source: `${CHANGEABLE} L340-343`,
  },
  "column-type-widened": {
    effect: "replace-table",
    title: "A column's type is widened; BigQuery could do it in place, the provider replaces the table",
    source: `${CHANGEABLE} L373-380; ${DDL}: ALTER COLUMN SET DATA TYPE`,
  },
  "column-type-changed": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A column's type changes",
    source: `${CHANGEABLE} L373-380, bigQueryTableTypeEq L242-256`,
  },
  "column-type-respelled": {
    effect: "replace-table",
    title:
      "A type is spelled differently (RECORD and STRUCT, NUMERIC and DECIMAL), which the provider takes for a change",
    source: `${TABLE_GO} bigQueryTableTypeEq L242-256`,
  },
  "column-mode-relaxed": {
    effect: "in-place",
    title: "A REQUIRED column becomes NULLABLE",
    source: `${TABLE_GO} bigQueryTableModeIsForceNew L266-270`,
  },
  "column-mode-tightened": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A NULLABLE column becomes REQUIRED",
    source: `${TABLE_GO} bigQueryTableModeIsForceNew L266-270`,
  },
  "column-repetition-changed": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A column becomes REPEATED, or ceases to be",
    source: `${TABLE_GO} bigQueryTableModeIsForceNew L266-270`,
  },
  "column-description-changed": {
    effect: "in-place",
    title: "A column's description changes",
    source: `${TABLE_GO} bigQueryTableMapKeyOverride L166-169`,
  },
  "column-default-changed": {
    effect: "in-place",
    title: "A column's default value changes; rows already there keep theirs",
    source: `${CHANGEABLE} L391-393`,
  },
  "required-column-default-removed": {
    effect: "in-place",
    breaksWriters: true,
    title: "A REQUIRED column loses its default value",
    source: `${CHANGEABLE} L391-393`,
  },
  "policy-tags-changed": {
    effect: "in-place",
    title: "A column's policy tag is set, changed or removed; without one every reader of the table sees the column",
    source: `${TABLE_GO} bigQueryTableNormalizePolicyTags L272-287, setEmptyPolicyTagsInSchema L2917-2929`,
  },
  "column-attribute-changed": {
    effect: "in-place",
    title:
      "Another attribute of a column changes, such as maxLength; BigQuery lets it loosen and refuses to tighten it",
    source: `${CHANGEABLE} L391-393`,
  },
  "column-order-changed": {
    effect: "none",
    title: "The order of columns changes; BigQuery keeps its own",
    source: `${TABLE_GO} jsonCompareWithMapKeyOverride L82-92`,
  },
  "allowed-value-added": { effect: "none", title: "A value is allowed that was not", source: OURS },
  "allowed-value-removed": {
    effect: "none",
    breaksWriters: true,
    title: "A value is no longer allowed",
    source: OURS,
  },
  "partitioning-added": {
    effect: "replace-table",
    title: "A table becomes partitioned",
    source: `${TABLE_GO} time_partitioning.field L1162-1166`,
  },
  "partitioning-removed": {
    effect: "replace-table",
    title: "A table is no longer partitioned",
    source: `${TABLE_GO} time_partitioning.field L1162-1166`,
  },
  "partition-field-changed": {
    effect: "replace-table",
    title: "A table is partitioned by another column",
    source: `${TABLE_GO} time_partitioning.field L1162-1166`,
  },
  "partition-type-changed": {
    effect: "rejected",
    title:
      "The partitions' length changes, or ingestion-time partitioning comes or goes: planned in place, refused by BigQuery",
    source: `${TABLE_GO} time_partitioning.type L1152-1157 (no ForceNew)`,
  },
  "partition-expiration-shortened": {
    effect: "in-place",
    needsAllowance: true,
    title: "Partitions expire sooner: those already older are deleted with their rows",
    source: `${TABLE_GO} time_partitioning.expiration_ms L1143-1148`,
  },
  "partition-expiration-extended": {
    effect: "in-place",
    title: "Partitions expire later",
    source: `${TABLE_GO} time_partitioning.expiration_ms L1143-1148`,
  },
  "partition-expiration-removed": {
    effect: "none",
    title: "The expiration is left out: a computed attribute, so Terraform keeps the old one",
    source: `${TABLE_GO} time_partitioning.expiration_ms L1146 (Computed)`,
  },
  "partition-filter-changed": {
    effect: "in-place",
    title: "Queries must filter on the partition column, or need no longer",
    source: `${TABLE_GO} require_partition_filter L1239-1244`,
  },
  "clustering-changed": {
    effect: "in-place",
    title: "The table is clustered by other columns; rows already there are not rewritten",
    source: `${TABLE_GO} clustering L1248-1254`,
  },
  "primary-key-changed": {
    effect: "in-place",
    title: "The primary key changes; it reaches BigQuery only with `declareConstraints`",
    source: `${TABLE_GO} table_constraints (no ForceNew)`,
  },
  "foreign-keys-changed": {
    effect: "in-place",
    title: "The foreign keys change; they reach BigQuery only with `declareConstraints`",
    source: `${TABLE_GO} table_constraints (no ForceNew)`,
  },
  "labels-changed": { effect: "in-place", title: "Labels change", source: `${TABLE_GO} labels (no ForceNew)` },
  "description-changed": {
    effect: "in-place",
    title: "The description or friendly name of a table or dataset changes",
    source: `${TABLE_GO} description (no ForceNew)`,
  },
  "encryption-added-or-removed": {
    effect: "replace-table",
    title: "A table gets a customer-managed key, or loses it",
    source: `${TABLE_GO} encryption_configuration L1255-1258`,
  },
  "encryption-key-changed": {
    effect: "in-place",
    title: "A table, or the tables made from now on in a dataset, are encrypted with another key",
    source: `${TABLE_GO} kms_key_name L1263-1267 (no ForceNew)`,
  },
  "table-added": { effect: "in-place", title: "A table is created", source: "Terraform" },
  "table-deleted": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A table is destroyed with its rows and does not come back",
    source: `${TABLE_GO} resourceBigQueryTableDelete L2315-2343`,
  },
  "table-replaced": {
    effect: "replace-table",
    title: "A table is destroyed with its rows and created empty",
    source: "Terraform plan",
  },
  "table-moved": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A table gets another id, dataset or project: it is destroyed with its rows and created empty there",
    source: `${TABLE_GO} table_id L491-496, dataset_id L499-504, project L507-513`,
  },
  "table-generation-raised": {
    effect: "replace-table",
    title: "`recreate` asks for a new generation of a table: it is destroyed with its rows and created empty",
    source: "[replace_triggered_by](https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle)",
  },
  "table-expiration-shortened": {
    effect: "in-place",
    needsAllowance: true,
    title: "A table gets an expiration time or an earlier one: BigQuery deletes it then",
    source: `${TABLE_GO} expiration_time`,
  },
  "view-changed": {
    effect: "in-place",
    title: "A view, external table or other table without rows of its own is destroyed or replaced",
    source: "Terraform plan",
  },
  "dataset-added": { effect: "in-place", title: "A dataset is created", source: "Terraform" },
  "dataset-deleted": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A dataset is destroyed with its tables and does not come back",
    source: `${DATASET_GO} resourceBigQueryDatasetDelete L986-1032`,
  },
  "dataset-replaced": {
    effect: "replace-table",
    title: "A dataset is destroyed with its tables and created empty",
    source: "Terraform plan",
  },
  "dataset-moved": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A dataset gets another id, project or location: it is destroyed with its tables and created empty there",
    source: `${DATASET_GO} dataset_id L119-122, location L281-285, project L361-364`,
  },
  "dataset-retention-lowered": {
    effect: "in-place",
    needsAllowance: true,
    title: "Tables or partitions made from now on expire sooner, or time travel reaches back less far",
    source: `${DATASET_GO} default_table_expiration_ms, default_partition_expiration_ms, max_time_travel_hours`,
  },
  "dataset-retention-raised": {
    effect: "in-place",
    title: "Tables or partitions made from now on expire later, or time travel reaches back further",
    source: `${DATASET_GO} default_table_expiration_ms, default_partition_expiration_ms, max_time_travel_hours`,
  },
  "tenant-moved": {
    effect: "replace-table",
    title: "A tenant moves to another stack: the old stack destroys its dataset and tables",
    source: "Terraform: each stack has its own state",
  },
  "protection-lowered": {
    effect: "in-place",
    needsAllowance: true,
    title: "`deletion_protection` is turned off, or `delete_contents_on_destroy` on: the next change may destroy rows",
    source: `${TABLE_GO} resourceBigQueryTableDelete L2316, ${DATASET_GO} resourceBigQueryDatasetDelete L1001`,
  },
  "protection-raised": {
    effect: "in-place",
    title: "`deletion_protection` is turned on, or `delete_contents_on_destroy` off",
    source: `${TABLE_GO} resourceBigQueryTableDelete L2316`,
  },
  "access-opened-to-everyone": {
    effect: "in-place",
    needsAllowance: true,
    title: "Access is granted to `allUsers` or `allAuthenticatedUsers`",
    source: "[Public principals](https://cloud.google.com/iam/docs/principals-overview)",
  },
  "value-unknown": {
    effect: "drop-column",
    needsAllowance: true,
    title: "A value that decides over rows is known only at apply, so the change cannot be judged",
    source: `Terraform \`after_unknown\`; ${TABLE_GO} resourceBigQueryTableColumnDrop L2263-2313`,
  },
  "resource-forgotten": {
    effect: "none",
    title: "Terraform forgets a table or dataset; it stays as it is",
    source: "[removed block](https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources)",
  },
  "resource-renamed": {
    effect: "none",
    title: "A table or dataset gets another address in the state; it stays as it is",
    source: "[moved block](https://developer.hashicorp.com/terraform/language/moved)",
  },
  "resource-imported": {
    effect: "none",
    title: "A table or dataset that exists comes under Terraform's care",
    source: "[import block](https://developer.hashicorp.com/terraform/language/import)",
  },
} as const satisfies Readonly<Record<string, CodeInfo>>;

/** Stable name of a kind of finding, e.g. `column-dropped`. */
export type FindingCode = keyof typeof CODES;

export const FINDING_CODES = Object.keys(CODES) as readonly FindingCode[];

/** Codes of findings that keep a check from passing, and so may be allowed. */
export const ALLOWABLE_CODES = FINDING_CODES.filter((code) => {
  const { effect, needsAllowance } = codeInfo(code);
  return needsAllowance === true || isDestructive(effect);
});

/** Whether rows or the change itself are lost. */
export function isDestructive(effect: Effect): boolean {
  return effect === "drop-column" || effect === "replace-table" || effect === "rejected";
}

/** @see {@link CODES} */
export function codeInfo(code: FindingCode): CodeInfo {
  return CODES[code];
}

/** The title inside a sentence: `a column's type changes`. */
export function titleInSentence(code: FindingCode): string {
  const { title } = CODES[code];
  return title.charAt(0).toLowerCase() + title.slice(1);
}
