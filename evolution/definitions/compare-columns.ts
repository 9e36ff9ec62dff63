import { type ComparableColumn, modeOf } from "../../model/columns/comparable";
import { exactName, matchColumns } from "../../model/columns/match-columns";
import { type Finding, finding, type FindingLocation } from "../catalogue/finding";
import { pairRenames } from "../migration/renames";
import { compareColumn } from "./compare-column";

/** Compares the top-level columns of a table, found at `schema.fields`. */
export function* compareColumns(
  table: string,
  old: readonly ComparableColumn[],
  now: readonly ComparableColumn[],
): Generator<Finding> {
  const place = { table, path: "schema.fields" };
  const { dropped, added } = matchColumns(old, now, exactName);
  yield* compareFields(old, now, place, "top");
  for (const { name } of dropped) {
    yield finding("column-dropped", { table, path: `${place.path}.${name}` }, { name, isRestRefused: false });
  }
  if (dropped.length > 0 && added.length > 0) {
    const renames = pairRenames(old, now).map(({ from, to }) => `${from} to ${to}`);
    yield finding("columns-dropped-and-added", place, { dropped: names(dropped), added: names(added), renames });
  }
}

/** Compares what two lists of columns share and what is new: the same at every depth. */
function* compareFields(
  old: readonly ComparableColumn[],
  now: readonly ComparableColumn[],
  { table, path }: FindingLocation,
  level: "top" | "nested",
): Generator<Finding> {
  const { added, kept, isReordered } = matchColumns(old, now, exactName);
  for (const column of added) {
    const place = { table, path: `${path}.${column.name}` };
    // The provider looks for REQUIRED in upper case only; in any other case the plan would be in place, and BigQuery refuse it.
    yield finding(modeOf(column) === "REQUIRED" ? "required-column-added" : "column-added", place, column);
  }
  for (const [was, is] of kept) {
    const place = { table, path: `${path}.${is.name}` };
    yield* compareColumn(was, is, place, level);
    if (was.fields !== undefined && is.fields !== undefined) yield* compareNested(was.fields, is.fields, place);
  }
  if (isReordered) yield finding("column-order-changed", { table, path });
}

function* compareNested(
  old: readonly ComparableColumn[],
  now: readonly ComparableColumn[],
  place: FindingLocation,
): Generator<Finding> {
  yield* compareFields(old, now, place, "nested");
  for (const { name } of matchColumns(old, now, exactName).dropped) {
    yield finding("nested-field-dropped", { table: place.table, path: `${place.path}.${name}` }, { name });
  }
}

function names(columns: readonly ComparableColumn[]): readonly string[] {
  return columns.map(({ name }) => name);
}
