import { isDeepStrictEqual } from "node:util";
import { isSameTypeToBigQuery, isSameTypeToProvider, isWidening } from "../../model/columns/column-types";
import { type ComparableColumn, modeOf } from "../../model/columns/comparable";
import { type Finding, finding } from "../catalogue/finding";

/** Where a column, or a list of columns, stands. */
export interface Place {
  readonly table: string;
  /** `schema.fields`, `schema.fields.payload`, or `schema.fields.payload.sku` inside a RECORD. */
  readonly path: string;
}

const NEW_VERSION = "Make a new version of the table: `tenant-metadata schema new-version`.";

/** Compares one column with what it was, nested fields aside. */
export function compareColumn(old: ComparableColumn, now: ComparableColumn, place: Place): readonly Finding[] {
  return [
    ...compareType(old, now, place),
    ...compareMode(old, now, place),
    ...compareDefault(old, now, place),
    ...compareAllowedValues(old, now, place),
    ...compareOthers(old, now, place),
    ...((old.description ?? "") === (now.description ?? "")
      ? []
      : [
          finding("column-description-changed", {
            ...place,
            message: `Terraform changes the description of ${now.name} in place.`,
            remedy: "Nothing to do.",
          }),
        ]),
    ...(policyTag(old) === policyTag(now)
      ? []
      : [
          finding("policy-tags-changed", {
            ...place,
            message:
              policyTag(now) === ""
                ? `Terraform removes the policy tag of ${now.name} in place: every reader of the table can then see the column.`
                : `Terraform sets the policy tag of ${now.name} in place: readers without access to the tag can no longer query it.`,
            remedy: "Have the owner of the column confirm it.",
          }),
        ]),
  ];
}

function compareType(old: ComparableColumn, now: ComparableColumn, place: Place): readonly Finding[] {
  if (isSameTypeToProvider(old.type, now.type)) return [];
  const change = `${old.type} to ${now.type}`;
  if (isSameTypeToBigQuery(old.type, now.type)) {
    return [
      finding("column-type-respelled", {
        ...place,
        message: `Terraform replaces the table, because it takes ${change} for a change of type, though BigQuery does not: all rows are lost.`,
        remedy: `Spell the type as before: ${old.type}.`,
      }),
    ];
  }
  if (isWidening(old.type, now.type) && modeOf(old) !== "REPEATED" && isTopLevel(place)) {
    return [
      finding("column-type-widened", {
        ...place,
        message: `Terraform replaces the table for ${change}: all rows are lost. BigQuery itself could widen the type in place.`,
        remedy: "Run `tenant-metadata schema migrate` before the deployment; the plan is empty after it.",
      }),
    ];
  }
  return [
    finding("column-type-changed", {
      ...place,
      message: `Terraform replaces the table for ${change}: all rows are lost, and writers of the previous release send ${old.type}.`,
      remedy: `Add a column of the new type beside it, or make a new version of the table: \`tenant-metadata schema new-version\`.`,
    }),
  ];
}

function compareMode(old: ComparableColumn, now: ComparableColumn, place: Place): readonly Finding[] {
  const [before, after] = [modeOf(old), modeOf(now)];
  if (before === after) return [];
  if (before === "REQUIRED" && after === "NULLABLE") {
    return [
      finding("column-mode-relaxed", {
        ...place,
        message: `Terraform makes ${now.name} NULLABLE in place. It cannot be made REQUIRED again.`,
        remedy: "Let readers expect NULL before writers send it.",
      }),
    ];
  }
  // The provider walks a RECORD's keys in Go's random order and may see `fields` before `mode`: then the same change is
  // planned in place, and BigQuery refuses it.
  const chance =
    now.fields === undefined ? "" : " (Depending on chance, the plan says in place and BigQuery refuses it.)";
  if (before === "NULLABLE" && after === "REQUIRED") {
    return [
      finding("column-mode-tightened", {
        ...place,
        message: `Terraform replaces the table to make ${now.name} REQUIRED: all rows are lost, and rows of the previous release may lack it.${chance}`,
        remedy: "Keep it NULLABLE and let the writers enforce it.",
      }),
    ];
  }
  return [
    finding("column-repetition-changed", {
      ...place,
      message: `Terraform replaces the table to make ${now.name} ${after} where it was ${before}: all rows are lost.${chance}`,
      remedy: `Add another column beside it. ${NEW_VERSION}`,
    }),
  ];
}

function compareDefault(old: ComparableColumn, now: ComparableColumn, place: Place): readonly Finding[] {
  const [before, after] = [old.defaultValueExpression ?? "", now.defaultValueExpression ?? ""];
  if (before === after) return [];
  if (after === "" && modeOf(now) === "REQUIRED") {
    return [
      finding("required-column-default-removed", {
        ...place,
        message: `Terraform removes the default value of ${now.name} in place: rows of the previous release that leave it out fail.`,
        remedy: "Remove it once every writer sends the column.",
      }),
    ];
  }
  return [
    finding("column-default-changed", {
      ...place,
      message: `Terraform ${after === "" ? "removes" : "sets"} the default value of ${now.name} in place; rows already there keep theirs.`,
      remedy: "Nothing to do.",
    }),
  ];
}

function compareAllowedValues(old: ComparableColumn, now: ComparableColumn, place: Place): readonly Finding[] {
  const { allowedValues: before } = old;
  const { allowedValues: after } = now;
  const removed = after === undefined ? [] : (before ?? ["any other value"]).filter((value) => !after.includes(value));
  const added = before === undefined ? [] : (after ?? ["any value"]).filter((value) => !before.includes(value));
  return [
    ...(removed.length === 0
      ? []
      : [
          finding("allowed-value-removed", {
            ...place,
            message: `Terraform plans nothing, but ${now.name} no longer allows ${removed.join(", ")}: rows of the previous release that hold it are refused by the runtime.`,
            remedy: "Update every writer first. Rows already there keep the value.",
          }),
        ]),
    ...(added.length === 0
      ? []
      : [
          finding("allowed-value-added", {
            ...place,
            message: `Terraform plans nothing; ${now.name} also allows ${added.join(", ")}.`,
            remedy: "Let readers know it before writers send it.",
          }),
        ]),
  ];
}

const JUDGED = new Set([
  "name",
  "type",
  "mode",
  "description",
  "fields",
  "policyTags",
  "defaultValueExpression",
  "allowedValues",
]);

/** What a definition of ours cannot hold, but a plan of another program can: `maxLength`, `precision`, `collation`… */
function compareOthers(old: ComparableColumn, now: ComparableColumn, place: Place): readonly Finding[] {
  const [before, after] = [old, now].map((column) => new Map<string, unknown>(Object.entries(column)));
  const keys = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].filter((key) => !JUDGED.has(key));
  return keys
    .filter((key) => !isDeepStrictEqual(before?.get(key), after?.get(key)))
    .map((key) =>
      finding("column-attribute-changed", {
        ...place,
        path: `${place.path}.${key}`,
        message: `Terraform changes ${key} of ${now.name} in place, as far as BigQuery lets it: a limit may be loosened, not tightened.`,
        remedy: "Make sure that every value there fits.",
      }),
    );
}

/** The column's policy tag; an empty object or list is none, as it is for the provider. */
function policyTag({ policyTags }: ComparableColumn): string {
  return policyTags?.names?.join() ?? "";
}

function isTopLevel({ path }: Place): boolean {
  return path.split(".").length === 3;
}
