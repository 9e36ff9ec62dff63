import { isDeepStrictEqual } from "node:util";
import type { ColumnSource, NewVersion } from "../../model/columns/column-source";
import { isSameTypeToBigQuery } from "../../model/columns/column-types";
import { type ComparableColumn, type ComparableTable, modeOf } from "../../model/columns/comparable";
import { defined } from "../../model/defined";
import { UsageError } from "../../model/errors";
import { pairRenames } from "./renames";

/**
 * Says how each column of a new version is filled from the old one.
 *
 * In this order: the expression given; the column of the same name, or the one renamed to it, cast when its type differs;
 * the default; NULL or an empty array.
 *
 * @param values - SQL expressions over the old table's columns, by column of the new version.
 * @throws {@link UsageError} naming every column that cannot be filled, and how to say what it holds; or when there is no
 *   primary key by which rows that were copied already could be told.
 */
export function mapVersion(
  old: ComparableTable,
  now: ComparableTable,
  values: ReadonlyMap<string, string>,
): NewVersion {
  const before = new Map(old.schema.fields.map((column) => [column.name, column]));
  const renamed = new Map(pairRenames(old.schema.fields, now.schema.fields).map(({ from, to }) => [to, from]));
  const names = new Set(now.schema.fields.map(({ name }) => name));
  const unknown = [...values.keys()].find((name) => !names.has(name));
  if (unknown !== undefined) throw new UsageError(`--value: ${now.tableId} has no column ${unknown}.`);
  const missing: string[] = [];
  const columns = now.schema.fields.flatMap((column) => {
    const given = values.get(column.name);
    const counterpart = before.get(renamed.get(column.name) ?? column.name);
    const source: ColumnSource | undefined =
      given === undefined
        ? counterpart === undefined
          ? fresh(column)
          : fromColumn(counterpart, column)
        : { kind: "expression", sql: given };
    if (source !== undefined) return [{ name: column.name, source }];
    missing.push(column.name);
    return [];
  });
  if (missing.length > 0) {
    throw new UsageError(
      `${now.tableId}: which value do old rows get in ${missing.join(", ")}? Say it in SQL over ${old.tableId}: ${missing.map((name) => `--value ${name}='…'`).join(" ")}`,
    );
  }
  const key = now.tableConstraints?.primaryKey?.columns ?? old.tableConstraints?.primaryKey?.columns;
  if (key === undefined) {
    throw new UsageError(
      `${now.tableId} has no primary key, so rows that were copied already cannot be recognized. Add tableConstraints.primaryKey to its definition.`,
    );
  }
  return { old, now, columns, key };
}

function fromColumn(source: ComparableColumn, column: ComparableColumn): ColumnSource | undefined {
  const tightened = modeOf(source) === "NULLABLE" && modeOf(column) === "REQUIRED";
  if (tightened && column.defaultValueExpression === undefined) return undefined;
  const filled = defined({
    kind: "column" as const,
    name: source.name,
    ifNull: tightened ? column.defaultValueExpression : undefined,
  });
  if (
    isSameTypeToBigQuery(source.type, column.type) &&
    (modeOf(source) === "REPEATED") === (modeOf(column) === "REPEATED")
  ) {
    return isDeepStrictEqual(source.fields ?? [], column.fields ?? []) ? filled : undefined;
  }
  // Arrays and structures are not cast as a whole: only the user knows how to convert their parts.
  const isPlain = [source, column].every((side) => modeOf(side) !== "REPEATED" && side.fields === undefined);
  return isPlain ? { ...filled, castTo: column } : undefined;
}

function fresh(column: ComparableColumn): ColumnSource | undefined {
  if (column.defaultValueExpression !== undefined) return { kind: "expression", sql: column.defaultValueExpression };
  return modeOf(column) === "REQUIRED" ? undefined : { kind: "empty", column };
}
