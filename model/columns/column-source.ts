import type { ComparableColumn, ComparableTable } from "./comparable";

/** Where the values of a column of a new version come from; `bigquery/sql/` writes the expression. */
export type ColumnSource =
  /** SQL in the user's own words. */
  | { readonly kind: "expression"; readonly sql: string }
  /** A column of the old version. */
  | {
      readonly kind: "column";
      readonly name: string;
      /** A SQL default for the rows that hold NULL. */
      readonly ifNull?: string;
      /** The column whose type it is cast to. */
      readonly castTo?: ComparableColumn;
    }
  /** NULL, or an empty array, of the column's type. */
  | { readonly kind: "empty"; readonly column: ComparableColumn };

/** A column of the new version and what fills it. */
export interface MappedColumn {
  readonly name: string;
  readonly source: ColumnSource;
}

/** A table, the version that follows it, and how rows come over. */
export interface NewVersion {
  readonly old: ComparableTable;
  readonly now: ComparableTable;
  readonly columns: readonly MappedColumn[];
  /** Columns by which rows of both versions are told apart. */
  readonly key: readonly string[];
}
