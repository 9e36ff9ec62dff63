import type { ComparableTable } from "../../model/columns/comparable";
import { compare } from "../../model/problems";
import { type Finding, finding } from "../catalogue/finding";
import { compareTable } from "./compare-table";

/** Compares two sets of table definitions, in order of table id. */
export function compareDefinitions(
  old: readonly ComparableTable[],
  now: readonly ComparableTable[],
): readonly Finding[] {
  return [...compareEach(old, now)];
}

function* compareEach(old: readonly ComparableTable[], now: readonly ComparableTable[]): Generator<Finding> {
  const before = new Map(old.map((table) => [table.tableId, table]));
  const after = new Map(now.map((table) => [table.tableId, table]));
  for (const table of [...new Set([...before.keys(), ...after.keys()])].sort(compare)) {
    const [was, is] = [before.get(table), after.get(table)];
    const place = { table, path: "" };
    if (is === undefined) {
      yield finding("table-deleted", place, {
        what: "the table of every tenant with all its rows",
        comesBack: false,
        protection: "Where deletion protection is on, the provider refuses it at apply.",
      });
    } else if (was === undefined) yield finding("table-added", place, { tenants: "every" });
    else yield* compareTable(was, is);
  }
}
