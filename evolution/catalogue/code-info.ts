import type { Effect } from "./effect";

/**
 * What is known of a finding from its code: everything but the place.
 *
 * @typeParam D - what the words need to know of the single finding; the same for message and remedy.
 */
export interface CodeInfo<D = never> {
  readonly effect: Effect;
  /** Rows of the previous release's writers fail or are refused after this change. */
  readonly breaksWriters?: true;
  /** Must be allowed even though the effect alone would pass: rows expire, access opens or a safety catch is released. */
  readonly needsAllowance?: true;
  /** Versions of the google provider in which it happens. @default those whose rules were read: 6.50 to 7.45 */
  readonly providers?: { readonly from?: string; readonly before?: string };
  /** What it is, as a sentence without its full stop. */
  readonly title: string;
  /** Where the rule comes from: the google provider's v6.50.0 source by file, function and line, or BigQuery's documentation. */
  readonly source: string;
  /** What Terraform and BigQuery will do. */
  readonly message: string | ((details: D) => string);
  /** What to do instead, or to look at. */
  readonly remedy: string | ((details: D) => string);
}

/** The codes of one subject. */
export type CodeCatalogue = Readonly<Record<string, CodeInfo>>;

export const TABLE_GO = "`resource_bigquery_table.go`";
export const CHANGEABLE = `${TABLE_GO} resourceBigQueryTableSchemaIsChangeable`;
export const DATASET_GO = "`resource_bigquery_dataset.go`";
export const DDL =
  "[DDL reference](https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language)";
export const OURS = "this package's own rule";

export const NOTHING_TO_DO = "Nothing to do.";
export const NEW_VERSION = "Make a new version of the table: `tenant-metadata schema new-version`.";
