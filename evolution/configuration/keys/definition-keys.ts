import type { ColumnFile, TableDefinitionFile } from "../../../model/formats/table-definition";
import { always, type KeyCatalogue, required, SCHEMA_KEY } from "./key-effects";

type Definition = TableDefinitionFile;
type Part<K extends keyof Definition> = NonNullable<Definition[K]>;

/** `metadata/schemas/<tableId>.json`; the file itself: `table-added`, `table-deleted`. */
export const DEFINITION_KEYS: KeyCatalogue<Definition> = {
  $schema: SCHEMA_KEY,
  access: {
    added: ["key-table-closed"],
    changed: ["key-table-opened", "key-table-closed"],
    removed: ["key-table-opened"],
  },
  description: always("description-changed"),
  schema: { inside: "columns" },
  timePartitioning: {
    added: ["partitioning-added"],
    changed: { nothing: "its keys say what changes" },
    removed: ["partitioning-removed"],
  },
  clustering: always("clustering-changed"),
  requirePartitionFilter: always("partition-filter-changed"),
  tableConstraints: { inside: "keys" },
  labels: always("labels-changed"),
};

/** `timePartitioning` */
export const PARTITIONING_KEYS: KeyCatalogue<Part<"timePartitioning">> = {
  type: required("partition-type-changed"),
  field: required("partition-field-changed"),
  expirationMs: {
    added: ["partition-expiration-shortened", "partition-expiration-extended"],
    changed: ["partition-expiration-shortened", "partition-expiration-extended"],
    removed: ["partition-expiration-removed", "partition-expiration-extended", "partition-expiration-shortened"],
  },
};

/** `tableConstraints` */
export const CONSTRAINT_KEYS: KeyCatalogue<Part<"tableConstraints">> = {
  primaryKey: always("primary-key-changed"),
  foreignKeys: always("foreign-keys-changed"),
};

/** `schema.fields[]` and the fields of a RECORD; a column itself: `column-added`, `column-dropped` and their like. */
export const COLUMN_KEYS: KeyCatalogue<ColumnFile> = {
  name: required("column-dropped", "columns-dropped-and-added", "nested-field-dropped", "column-added"),
  type: required("column-type-changed", "column-type-widened"),
  mode: always("column-mode-relaxed", "column-mode-tightened", "column-repetition-changed"),
  description: always("column-description-changed"),
  fields: {
    added: ["column-type-changed"],
    changed: ["column-added", "required-column-added", "nested-field-dropped", "column-order-changed"],
    removed: ["column-type-changed"],
  },
  policyTags: {
    added: ["policy-tags-changed"],
    changed: ["policy-tag-removed", "policy-tags-changed"],
    removed: ["policy-tag-removed", "policy-tags-changed"],
  },
  defaultValueExpression: {
    added: ["column-default-changed"],
    changed: ["column-default-changed"],
    removed: ["column-default-changed", "required-column-default-removed"],
  },
  allowedValues: always("allowed-value-added", "allowed-value-removed"),
};
