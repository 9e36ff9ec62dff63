import type { TableDefinition } from "../formats/table-definition";
import { pickOne } from "../problems";
import type { RuleFinding } from "./finding";
import { columnReference } from "./table-rules";

/**
 * Foreign keys refer to an existing table, to its whole primary key, with columns of the same type.
 *
 * @param tableIds - every table that has a file; one that is not in `tables` did not parse and is not judged.
 */
export function* foreignKeyRules(
  table: TableDefinition,
  tables: ReadonlyMap<string, TableDefinition>,
  tableIds: readonly string[],
): Generator<RuleFinding> {
  for (const [index, key] of (table.tableConstraints?.foreignKeys ?? []).entries()) {
    const path = ["tableConstraints", "foreignKeys", index];
    const { tableId } = key.referencedTable;
    const referenced = tables.get(tableId);
    if (referenced === undefined && tableIds.includes(tableId)) continue;
    if (referenced === undefined) {
      yield {
        path: [...path, "referencedTable", "tableId"],
        message: "There is no definition of this table",
        received: tableId,
        allowed: tableIds.join(", "),
        remedy: pickOne(tableId, tableIds, "Name a defined table"),
      };
      continue;
    }
    const primaryKey = referenced.tableConstraints?.primaryKey?.columns ?? [];
    for (const [at, reference] of key.columnReferences.entries()) {
      const pair = [...path, "columnReferences", at];
      const from = yield* columnReference(table.schema.fields, reference.referencingColumn, [
        ...pair,
        "referencingColumn",
      ]);
      const to = yield* columnReference(referenced.schema.fields, reference.referencedColumn, [
        ...pair,
        "referencedColumn",
      ]);
      if (from === undefined || to === undefined) continue;
      if (!primaryKey.includes(to.name) || primaryKey.length !== key.columnReferences.length) {
        yield {
          path: [...pair, "referencedColumn"],
          message: `A foreign key refers to a primary key, and that of ${tableId} is (${primaryKey.join(", ")})`,
          received: to.name,
          remedy: "Refer to the primary key, or declare it there",
        };
      } else if (from.type !== to.type) {
        yield {
          path: pair,
          message: `${from.name} is ${from.type}, but ${tableId}.${to.name} is ${to.type}`,
          remedy: "Give both columns the same type",
        };
      }
    }
  }
}
