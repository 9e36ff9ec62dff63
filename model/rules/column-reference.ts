import type { Column } from "../formats/table-definition";
import { pickOne } from "../problems";
import type { RuleFinding } from "./finding";

/** Yields what is wrong with a reference to a column; returns the column when it is usable as partition, cluster or key. */
export function* columnReference(
  columns: readonly Column[],
  name: string,
  path: readonly PropertyKey[],
): Generator<RuleFinding, Column | undefined> {
  const column = columns.find((candidate) => candidate.name === name);
  if (column === undefined) {
    const names = columns.map((candidate) => candidate.name);
    yield {
      path,
      message: "There is no top-level column of this name",
      received: name,
      allowed: names.join(", "),
      remedy: pickOne(name, names, "Name one of the table's columns"),
    };
    return undefined;
  }
  if (column.mode === "REPEATED") {
    yield { path, message: `The column ${name} is REPEATED`, remedy: "Name a column that holds one value a row" };
    return undefined;
  }
  return column;
}
