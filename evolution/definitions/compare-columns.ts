import { type ComparableColumn, modeOf } from "../../model/columns/comparable";
import { compareColumn, type Place } from "./compare-column";
import { type Finding, finding } from "../catalogue/finding";
import { pairRenames } from "../migration/renames";

/** Compares the top-level columns of a table. */
export function compareColumns(
  old: readonly ComparableColumn[],
  now: readonly ComparableColumn[],
  place: Place,
): readonly Finding[] {
  const { dropped, added } = namesApart(old, now);
  const findings = [
    ...compareFields(old, now, place),
    ...dropped.map(({ name }) =>
      finding("column-dropped", {
        table: place.table,
        path: `${place.path}.${name}`,
        message: `Terraform drops column ${name} in place by ALTER TABLE … DROP COLUMN; its data is lost, with or without deletion protection.`,
        remedy: "Keep the column, or stop writing it first and drop it in a later release under an allowance.",
      }),
    ),
  ];
  if (dropped.length === 0 || added.length === 0) return findings;
  const renames = pairRenames(old, now).map(({ from, to }) => `${from} to ${to}`);
  return [
    ...findings,
    finding("columns-dropped-and-added", {
      table: place.table,
      path: place.path,
      message: `Terraform replaces the table, because one change drops ${list(dropped)} and adds ${list(added)}: all rows are lost.`,
      remedy:
        renames.length > 0
          ? `If this renames ${renames.join(", ")}: run \`tenant-metadata schema migrate\` before the deployment. Otherwise add in one release and drop in a later one.`
          : "Add in one release and drop in a later one, or run `tenant-metadata schema migrate` before the deployment.",
    }),
  ];
}

/** Compares what two lists of columns share and what is new: the same at every depth. */
function compareFields(
  old: readonly ComparableColumn[],
  now: readonly ComparableColumn[],
  place: Place,
): readonly Finding[] {
  const { added, kept } = namesApart(old, now);
  return [
    ...added.map((column) => addedColumn(column, place)),
    ...kept.flatMap(([before, after]) => {
      const path = `${place.path}.${after.name}`;
      return [
        ...compareColumn(before, after, { table: place.table, path }),
        ...compareNested(before, after, { table: place.table, path }),
      ];
    }),
    ...compareOrder(old, now, place),
  ];
}

function compareNested(before: ComparableColumn, after: ComparableColumn, place: Place): readonly Finding[] {
  if (before.fields === undefined || after.fields === undefined) return [];
  const { dropped } = namesApart(before.fields, after.fields);
  return [
    ...compareFields(before.fields, after.fields, place),
    ...dropped.map(({ name }) =>
      finding("nested-field-dropped", {
        table: place.table,
        path: `${place.path}.${name}`,
        message: `Terraform replaces the table, because neither it nor BigQuery can drop the nested field ${name}: all rows are lost.`,
        remedy: "Keep the field and stop writing it, or make a new version: `tenant-metadata schema new-version`.",
      }),
    ),
  ];
}

function addedColumn(column: ComparableColumn, { table, path }: Place): Finding {
  const place = { table, path: `${path}.${column.name}` };
  // The provider looks for REQUIRED in upper case only; in any other case the plan would be in place, and BigQuery refuse it.
  if (modeOf(column) !== "REQUIRED") {
    return finding("column-added", {
      ...place,
      message: `Terraform adds ${column.name} in place, at the end of BigQuery's own order; rows already there hold NULL or an empty array.`,
      remedy: "Deploy it before the writers that fill it.",
    });
  }
  return finding("required-column-added", {
    ...place,
    message: `Terraform replaces the table, because ${column.name} is new and REQUIRED: all rows are lost, and rows of the previous release lack it.`,
    remedy: "Add it NULLABLE, fill it, and let the writers enforce it.",
  });
}

function compareOrder(
  old: readonly ComparableColumn[],
  now: readonly ComparableColumn[],
  { table, path }: Place,
): readonly Finding[] {
  const { kept } = namesApart(old, now);
  const inNewOrder = kept.map(([, after]) => after.name);
  const names = new Set(inNewOrder);
  const inOldOrder = old.map(({ name }) => name).filter((name) => names.has(name));
  if (inOldOrder.every((name, index) => name === inNewOrder[index])) return [];
  return [
    finding("column-order-changed", {
      table,
      path,
      message: "Terraform plans nothing: the order of columns does not count, and BigQuery keeps its own.",
      remedy: "Nothing to do. Queries should name columns rather than count them.",
    }),
  ];
}

/** Sorts columns by whether both sides have them. Names count with their letter case, as they do for the provider. */
function namesApart(old: readonly ComparableColumn[], now: readonly ComparableColumn[]) {
  const before = new Map(old.map((column) => [column.name, column]));
  const after = new Set(now.map(({ name }) => name));
  return {
    dropped: old.filter(({ name }) => !after.has(name)),
    added: now.filter(({ name }) => !before.has(name)),
    kept: now.flatMap((column) => {
      const counterpart = before.get(column.name);
      return counterpart === undefined ? [] : [[counterpart, column] as const];
    }),
  };
}

function list(columns: readonly ComparableColumn[]): string {
  return columns.map(({ name }) => name).join(", ");
}
