import { CHANGEABLE, type CodeCatalogue, DDL, NEW_VERSION, NOTHING_TO_DO, OURS, TABLE_GO } from "../code-info";

interface Named {
  readonly name: string;
}

interface TypeChange {
  readonly from: string;
  readonly to: string;
}

interface ModeChange extends Named, TypeChange {
  /** A RECORD, for which the provider's plan depends on chance. */
  readonly isRecord: boolean;
}

// The provider walks a RECORD's keys in Go's random order and may see `fields` before `mode`: then the same change is
// planned in place, and BigQuery refuses it.
const chance = ({ isRecord }: ModeChange) =>
  isRecord ? " (Depending on chance, the plan says in place and BigQuery refuses it.)" : "";

/** Columns and nested fields: whether they are there, their type, mode and attributes. */
export const COLUMN_CODES = {
  "column-added": {
    effect: "in-place",
    title: "A NULLABLE or REPEATED column or nested field is added",
    source: `${CHANGEABLE} L312-321`,
    message: ({ name }: Named) =>
      `Terraform adds ${name} in place, at the end of BigQuery's own order; rows already there hold NULL or an empty array.`,
    remedy: "Deploy it before the writers that fill it.",
  },
  "required-column-added": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A REQUIRED column or nested field is added to an existing table or RECORD",
    source: `${CHANGEABLE} L312-318`,
    message: ({ name }: Named) =>
      `Terraform replaces the table, because ${name} is new and REQUIRED: all rows are lost, and rows of the previous release lack it.`,
    remedy: "Add it NULLABLE, fill it, and let the writers enforce it.",
  },
  "column-dropped": {
    effect: "drop-column",
    breaksWriters: true,
    title: "A top-level column is dropped with its data; deletion protection does not stop it",
    source: `${CHANGEABLE} L322-329, resourceBigQueryTableColumnDrop L2263-2313`,
    message: ({ name, isRestRefused }: Named & { readonly isRestRefused: boolean }) =>
      // The provider drops columns first and updates the table after: a refusal then leaves the columns dropped.
      `Terraform drops column ${name} in place by ALTER TABLE … DROP COLUMN; its data is lost, with or without deletion protection.${isRestRefused ? " It is dropped before the rest of the change is refused." : ""}`,
    remedy: "Keep the column, or stop writing it first and drop it in a later release under an allowance.",
  },
  "clustered-column-dropped": {
    effect: "rejected",
    breaksWriters: true,
    title: "A column the table is clustered by is dropped, which BigQuery refuses",
    source: `${DDL}: ALTER TABLE DROP COLUMN`,
    message: ({ name }: Named) =>
      `Terraform plans to drop ${name} in place, and BigQuery refuses it, because the table is clustered or partitioned by it. The layout is changed only after the drop, so changing both at once does not help.`,
    remedy: "Change the clustering in one release and drop the column in a later one.",
  },
  "column-drop-refused": {
    effect: "rejected",
    providers: { before: "7.31" },
    title: "A column is left out while `ignore_auto_generated_schema` keeps the provider from dropping it",
    source: `${TABLE_GO} resourceBigQueryTableUpdate L2249-2254`,
    message:
      "The plan leaves the column out, but with ignore_auto_generated_schema the provider does not drop it, and BigQuery refuses a schema that lacks it.",
    remedy: "Set ignore_auto_generated_schema to false, or keep the column.",
  },
  "nested-field-dropped": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A field inside a RECORD is dropped",
    source: `${CHANGEABLE} L325-327`,
    message: ({ name }: Named) =>
      `Terraform replaces the table, because neither it nor BigQuery can drop the nested field ${name}: all rows are lost.`,
    remedy: "Keep the field and stop writing it, or make a new version: `tenant-metadata schema new-version`.",
  },
  "columns-dropped-and-added": {
    effect: "replace-table",
    breaksWriters: true,
    title: "Top-level columns are dropped and added in one change, as a rename is",
    source: `${CHANGEABLE} L340-343`,
    message: ({ dropped, added }: Exchange) =>
      `Terraform replaces the table, because one change drops ${dropped.join(", ")} and adds ${added.join(", ")}: all rows are lost.`,
    remedy: ({ renames }: Exchange) =>
      renames.length > 0
        ? `If this renames ${renames.join(", ")}: run \`tenant-metadata schema migrate\` before the deployment. Otherwise add in one release and drop in a later one.`
        : "Add in one release and drop in a later one, or run `tenant-metadata schema migrate` before the deployment.",
  },
  "column-type-widened": {
    effect: "replace-table",
    title: "A column's type is widened; BigQuery could do it in place, the provider replaces the table",
    source: `${CHANGEABLE} L373-380; ${DDL}: ALTER COLUMN SET DATA TYPE`,
    message: ({ from, to }: TypeChange) =>
      `Terraform replaces the table for ${from} to ${to}: all rows are lost. BigQuery itself could widen the type in place.`,
    remedy: "Run `tenant-metadata schema migrate` before the deployment; the plan is empty after it.",
  },
  "column-type-changed": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A column's type changes",
    source: `${CHANGEABLE} L373-380, bigQueryTableTypeEq L242-256`,
    message: ({ from, to }: TypeChange) =>
      `Terraform replaces the table for ${from} to ${to}: all rows are lost, and writers of the previous release send ${from}.`,
    remedy:
      "Add a second column of the new type, or make a new version of the table: `tenant-metadata schema new-version`.",
  },
  "column-type-respelled": {
    effect: "replace-table",
    title:
      "A type is spelled differently (RECORD and STRUCT, NUMERIC and DECIMAL), which the provider takes for a change",
    source: `${TABLE_GO} bigQueryTableTypeEq L242-256`,
    message: ({ from, to }: TypeChange) =>
      `Terraform replaces the table, because it takes ${from} to ${to} for a change of type, though BigQuery does not: all rows are lost.`,
    remedy: ({ from }: TypeChange) => `Spell the type as before: ${from}.`,
  },
  "column-mode-relaxed": {
    effect: "in-place",
    title: "A REQUIRED column becomes NULLABLE",
    source: `${TABLE_GO} bigQueryTableModeIsForceNew L266-270`,
    message: ({ name }: Named) => `Terraform makes ${name} NULLABLE in place. It cannot be made REQUIRED again.`,
    remedy: "Let readers expect NULL before writers send it.",
  },
  "column-mode-tightened": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A NULLABLE column becomes REQUIRED",
    source: `${TABLE_GO} bigQueryTableModeIsForceNew L266-270`,
    message: (change: ModeChange) =>
      `Terraform replaces the table to make ${change.name} REQUIRED: all rows are lost, and rows of the previous release may lack it.${chance(change)}`,
    remedy: "Keep it NULLABLE and let the writers enforce it.",
  },
  "column-repetition-changed": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A column becomes REPEATED, or is no longer REPEATED",
    source: `${TABLE_GO} bigQueryTableModeIsForceNew L266-270`,
    message: (change: ModeChange) =>
      `Terraform replaces the table to make ${change.name} ${change.to} where it was ${change.from}: all rows are lost.${chance(change)}`,
    remedy: `Add a second column. ${NEW_VERSION}`,
  },
  "column-description-changed": {
    effect: "in-place",
    title: "A column's description changes",
    source: `${TABLE_GO} bigQueryTableMapKeyOverride L166-169`,
    message: ({ name }: Named) => `Terraform changes the description of ${name} in place.`,
    remedy: NOTHING_TO_DO,
  },
  "column-default-changed": {
    effect: "in-place",
    needsAllowance: true,
    title: "A column's default value changes; rows already there keep theirs",
    source: `${CHANGEABLE} L391-393`,
    message: ({ name, isRemoved }: Named & { readonly isRemoved: boolean }) =>
      `Terraform ${isRemoved ? "removes" : "sets"} the default value of ${name} in place: rows that leave the column out hold something else from then on, rows already there keep theirs.`,
    remedy: "Make sure that every writer that leaves it out means the new value.",
  },
  "required-column-default-removed": {
    effect: "in-place",
    breaksWriters: true,
    title: "A REQUIRED column loses its default value",
    source: `${CHANGEABLE} L391-393`,
    message: ({ name }: Named) =>
      `Terraform removes the default value of ${name} in place: rows of the previous release that leave it out fail.`,
    remedy: "Remove it once every writer sends the column.",
  },
  "policy-tags-changed": {
    effect: "in-place",
    title: "A column's policy tag is set, changed or removed; without one every reader of the table sees the column",
    source: `${TABLE_GO} bigQueryTableNormalizePolicyTags L272-287, setEmptyPolicyTagsInSchema L2917-2929`,
    message: ({ name, isRemoved }: Named & { readonly isRemoved: boolean }) =>
      isRemoved
        ? `Terraform removes the policy tag of ${name} in place: every reader of the table can then see the column.`
        : `Terraform sets the policy tag of ${name} in place: readers without access to the tag can no longer query it.`,
    remedy: "Have the owner of the column confirm it.",
  },
  "column-attribute-changed": {
    effect: "in-place",
    title:
      "Another attribute of a column changes, such as maxLength; BigQuery lets it loosen and refuses to tighten it",
    source: `${CHANGEABLE} L391-393`,
    message: ({ name, attribute }: Named & { readonly attribute: string }) =>
      `Terraform changes ${attribute} of ${name} in place, as far as BigQuery lets it: a limit may be loosened, not tightened.`,
    remedy: "Make sure that every value there fits.",
  },
  "column-order-changed": {
    effect: "none",
    title: "The order of columns changes; BigQuery keeps its own",
    source: `${TABLE_GO} jsonCompareWithMapKeyOverride L82-92`,
    message: "Terraform plans nothing: the order of columns does not count, and BigQuery keeps its own.",
    remedy: "Nothing to do. Queries should name columns rather than count them.",
  },
  "allowed-value-added": {
    effect: "none",
    title: "A value is allowed that was not",
    source: OURS,
    message: ({ name, values }: Named & { readonly values: readonly string[] }) =>
      `Terraform plans nothing; ${name} also allows ${values.join(", ")}.`,
    remedy: "Let readers know it before writers send it.",
  },
  "allowed-value-removed": {
    effect: "none",
    breaksWriters: true,
    title: "A value is no longer allowed",
    source: OURS,
    message: ({ name, values }: Named & { readonly values: readonly string[] }) =>
      `Terraform plans nothing, but ${name} no longer allows ${values.join(", ")}: rows of the previous release that hold it are refused by the runtime.`,
    remedy: "Update every writer first. Rows already there keep the value.",
  },
} as const satisfies CodeCatalogue;

/** Columns that go and come in one change. */
interface Exchange {
  readonly dropped: readonly string[];
  readonly added: readonly string[];
  /** Pairs that look renamed, `a to b`. */
  readonly renames: readonly string[];
}
