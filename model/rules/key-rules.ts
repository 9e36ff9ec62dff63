import type { Column, ColumnType, TableDefinition } from "../formats/table-definition";
import { pickOne } from "../problems";
import type { RuleFinding } from "./finding";
import { columnReference } from "./column-reference";

const KEY_TYPES: readonly ColumnType[] = [
  "BIGNUMERIC",
  "BOOLEAN",
  "DATE",
  "DATETIME",
  "INTEGER",
  "NUMERIC",
  "STRING",
  "TIMESTAMP",
];

/**
 * The columns of a table's own keys: of a type that keys may have, once each in a key; and no two foreign keys of one name.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/primary-foreign-keys
 */
export function* keyColumnRules({ schema, tableConstraints }: TableDefinition): Generator<RuleFinding> {
  const primary = tableConstraints?.primaryKey?.columns ?? [];
  for (const [index, name] of primary.entries()) {
    const path = ["tableConstraints", "primaryKey", "columns", index];
    yield* keyColumn(schema.fields, name, path);
    if (primary.indexOf(name) !== index) yield twice(path, "The column", name);
  }
  const foreignKeys = tableConstraints?.foreignKeys ?? [];
  const names = foreignKeys.map(({ name }) => name?.toLowerCase());
  for (const [index, { name }] of foreignKeys.entries()) {
    const path = ["tableConstraints", "foreignKeys", index, "name"];
    if (name !== undefined && names.indexOf(name.toLowerCase()) !== index) yield twice(path, "The name", name);
  }
}

function twice(path: readonly PropertyKey[], what: string, received: string): RuleFinding {
  return { path, message: `${what} is listed twice`, received, remedy: "Keep one of the two" };
}

function* keyColumn(
  columns: readonly Column[],
  name: string,
  path: readonly PropertyKey[],
): Generator<RuleFinding, Column | undefined> {
  const column = yield* columnReference(columns, name, path);
  if (column === undefined || KEY_TYPES.includes(column.type)) return column;
  yield {
    path,
    message: `${column.name} is ${column.type}, which no key can hold`,
    allowed: KEY_TYPES.join(", "),
    remedy: "Name a column of one of these types",
  };
  return undefined;
}

/**
 * Foreign keys refer to another table, to its whole primary key, with columns of the same type, and never in a circle.
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
    if (tableId === table.tableId || reaches(referenced, table.tableId, tables)) {
      yield {
        path: [...path, "referencedTable", "tableId"],
        message:
          tableId === table.tableId
            ? "A foreign key cannot refer to its own table"
            : `The foreign keys lead from ${tableId} back to ${table.tableId}`,
        received: tableId,
        remedy: "Remove one of the keys",
      };
      continue;
    }
    const primaryKey = referenced.tableConstraints?.primaryKey?.columns ?? [];
    for (const [at, reference] of key.columnReferences.entries()) {
      const pair = [...path, "columnReferences", at];
      const from = yield* keyColumn(table.schema.fields, reference.referencingColumn, [...pair, "referencingColumn"]);
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

/** Whether foreign keys lead from one table to another, over however many tables. */
function reaches(from: TableDefinition, to: string, tables: ReadonlyMap<string, TableDefinition>): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let table = open.pop(); table !== undefined; table = open.pop()) {
    for (const { referencedTable } of table.tableConstraints?.foreignKeys ?? []) {
      if (referencedTable.tableId === to) return true;
      const next = tables.get(referencedTable.tableId);
      if (next === undefined || seen.has(next.tableId)) continue;
      seen.add(next.tableId);
      open.push(next);
    }
  }
  return false;
}
