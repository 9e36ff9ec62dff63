import type { ComparableColumn } from "./comparable";

/** One change of a table that ALTER TABLE makes in place; `bigquery/sql/` writes the statement. */
export type TableAlteration =
  | { readonly kind: "rename-column"; readonly from: string; readonly to: string }
  /** The column as it shall be: a REQUIRED one must say so, since the statement may not change the mode. */
  | { readonly kind: "widen-column"; readonly column: ComparableColumn; readonly oldType: string }
  | { readonly kind: "relax-column"; readonly name: string }
  /** Without description and default, which have alterations of their own: not every form of ADD COLUMN takes them. */
  | { readonly kind: "add-column"; readonly column: ComparableColumn }
  | { readonly kind: "set-default"; readonly name: string; readonly expression: string }
  | { readonly kind: "drop-default"; readonly name: string }
  | { readonly kind: "describe-column"; readonly name: string; readonly description: string }
  | { readonly kind: "describe-table"; readonly description: string }
  | { readonly kind: "drop-column"; readonly name: string };
