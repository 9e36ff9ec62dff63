import { createHash } from "node:crypto";

/*
 * Every name that reaches BigQuery or Terraform is made here, so that the stack and the runtime can never disagree.
 * Changing the result of any of these functions moves resources between addresses, which replaces tables.
 */

/** The template an environment uses when it names none. */
export const DEFAULT_DATASET_ID_TEMPLATE = "{tenantId}_metadata";

/** Table of the API keys, which the runtime knows by name. */
export const API_KEYS_TABLE = "api_keys";

/** Table of the pipeline runs, whose ends the runtime writes. */
export const RUNS_TABLE = "pipeline_runs";

/** A tenant's dataset in BigQuery. */
export interface DatasetName {
  readonly projectId: string;
  readonly datasetId: string;
}

/** Dataset of a tenant: `datasetId("{tenantId}_metadata", {tenantId: "acme", environment: "dev"})` gives `acme_metadata`. */
export function datasetId(
  template: string,
  values: { readonly tenantId: string; readonly environment: string },
): string {
  return template.replaceAll("{tenantId}", values.tenantId).replaceAll("{environment}", values.environment);
}

/** Stack of a shard: `metadata-dev` in an environment with one shard, `metadata-prod-007` in one with more. */
export function stackName(environment: string, shard: number, shards: number): string {
  return shards === 1 ? `metadata-${environment}` : `metadata-${environment}-${String(shard).padStart(3, "0")}`;
}

/** Terraform's name of a tenant's table, `acme__step_logs`. Neither part holds `__`, so it splits in one way only. */
export function tableLogicalId(tenantId: string, tableId: string): string {
  return `${tenantId}__${tableId}`;
}

/**
 * State address of a tenant's dataset, e.g. for `terraform state show`.
 *
 * @example
 * ```ts
 * import { datasetAddress } from "tenant-metadata";
 *
 * console.log(datasetAddress("acme")); // google_bigquery_dataset.acme
 * ```
 */
export function datasetAddress(tenantId: string): string {
  return `google_bigquery_dataset.${tenantId}`;
}

/**
 * State address of a tenant's table, e.g. for `terraform plan -target`.
 *
 * @example
 * ```ts
 * import { tableAddress } from "tenant-metadata";
 *
 * console.log(tableAddress("acme", "step_logs")); // google_bigquery_table.acme__step_logs
 * ```
 */
export function tableAddress(tenantId: string, tableId: string): string {
  return `google_bigquery_table.${tableLogicalId(tenantId, tableId)}`;
}

/**
 * Terraform's name of one grant, `acme__step_logs__reader__group_data_example_com_1f3a9c20`.
 *
 * It follows from the member alone, so adding a member never renames another one's grant; the hash keeps two members apart
 * whose readable parts are equal.
 */
export function grantLogicalId(tenantId: string, tableId: string, access: string, member: string): string {
  const readable = member.replaceAll(/[^A-Za-z0-9]+/g, "_").slice(0, 60);
  const hash = createHash("sha256").update(member).digest("hex").slice(0, 8);
  return `${tableLogicalId(tenantId, tableId)}__${access}__${readable}_${hash}`;
}

/** State address of a grant, from its {@link grantLogicalId}. */
export function grantAddress(logicalId: string): string {
  return `google_bigquery_table_iam_member.${logicalId}`;
}

/** Terraform local that holds a table's columns: `step_logs_schema`. */
export function schemaLocalName(tableId: string): string {
  return `${tableId}_schema`;
}

/** Terraform's name of the `terraform_data` whose change replaces a table: `step_logs_generation`. */
export function generationLogicalId(tableId: string): string {
  return `${tableId}_generation`;
}

/** A table id without its version, and the version: `step_logs_v2` gives `step_logs` and 2, `step_logs` itself is version 1. */
export function splitVersion(tableId: string): { readonly base: string; readonly version: number } {
  const [, base, version] = /^(.+)_v(\d+)$/.exec(tableId) ?? [];
  return base === undefined ? { base: tableId, version: 1 } : { base, version: Number(version) };
}

/** Id of the version after a table: `step_logs` gives `step_logs_v2`, `step_logs_v2` gives `step_logs_v3`. */
export function nextVersionId(tableId: string): string {
  const { base, version } = splitVersion(tableId);
  return `${base}_v${version + 1}`;
}

/** Stable name of the view over two versions: `step_logs_all`, whatever the versions. */
export function unionViewId(tableId: string): string {
  return `${splitVersion(tableId).base}_all`;
}

/** Name of a foreign key whose definition gives it none: `step_logs_pipeline_logging_id_fk`. */
export function foreignKeyName(tableId: string, references: readonly { readonly referencingColumn: string }[]): string {
  return `${tableId}_${references.map(({ referencingColumn }) => referencingColumn).join("_")}_fk`;
}

/**
 * A table's name in SQL, without the backticks that a query puts around it.
 *
 * @example
 * ```ts
 * import { fullTableName } from "tenant-metadata";
 *
 * console.log(fullTableName("example-dev", "acme_metadata", "step_logs")); // example-dev.acme_metadata.step_logs
 * ```
 */
export function fullTableName(projectId: string, dataset: string, tableId: string): string {
  return `${projectId}.${dataset}.${tableId}`;
}

/** Path of a project's datasets in BigQuery's REST API: `/projects/example-dev/datasets`. */
export function datasetsPath(projectId: string): string {
  return `/projects/${projectId}/datasets`;
}

/** Path of a dataset in BigQuery's REST API: `/projects/example-dev/datasets/acme_metadata`. */
export function datasetPath({ projectId, datasetId: dataset }: DatasetName): string {
  return `${datasetsPath(projectId)}/${dataset}`;
}

/** Path of a dataset's tables in BigQuery's REST API: `/projects/example-dev/datasets/acme_metadata/tables`. */
export function tablesPath(dataset: DatasetName): string {
  return `${datasetPath(dataset)}/tables`;
}

/** Path of a table in BigQuery's REST API: `/projects/example-dev/datasets/acme_metadata/tables/step_logs`. */
export function tablePath(dataset: DatasetName, tableId: string): string {
  return `${tablesPath(dataset)}/${tableId}`;
}

/** Path of a project's queries in BigQuery's REST API: `/projects/example-dev/queries`. */
export function queriesPath(projectId: string): string {
  return `/projects/${projectId}/queries`;
}

/** A table's name in the Storage Write API: `projects/example-dev/datasets/acme_metadata/tables/step_logs`. */
export function tableResourceName(dataset: DatasetName, tableId: string): string {
  return tablePath(dataset, tableId).slice(1);
}
