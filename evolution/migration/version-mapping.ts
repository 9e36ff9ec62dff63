import { isDeepStrictEqual } from "node:util";
import { UsageError } from "../../model/errors";
import { isSameTypeToBigQuery } from "../../model/columns/column-types";
import { type ComparableColumn, type ComparableTable, modeOf } from "../../model/columns/comparable";
import { pairRenames } from "./renames";
import { quoteName, sqlType } from "./sql";

/** A column of the new version and the SQL expression over the old one that fills it. */
export interface MappedColumn {
  readonly name: string;
  readonly expression: string;
}

/**
 * Says how each column of a new version is filled from the old one.
 *
 * In this order: the expression given; the column of the same name, or the one renamed to it, cast when its type differs;
 * the default; NULL or an empty array.
 *
 * @param values - SQL expressions over the old table's columns, by column of the new version.
 * @throws {@link UsageError} naming every column that cannot be filled, and how to say what it holds.
 */
export function mapVersion(
  old: ComparableTable,
  now: ComparableTable,
  values: ReadonlyMap<string, string>,
): readonly MappedColumn[] {
  const before = new Map(old.schema.fields.map((column) => [column.name, column]));
  const renamed = new Map(pairRenames(old.schema.fields, now.schema.fields).map(({ from, to }) => [to, from]));
  const names = new Set(now.schema.fields.map(({ name }) => name));
  const unknown = [...values.keys()].find((name) => !names.has(name));
  if (unknown !== undefined) throw new UsageError(`--value: ${now.tableId} has no column ${unknown}.`);
  const missing: string[] = [];
  const mapped = now.schema.fields.map((column) => {
    const source = before.get(renamed.get(column.name) ?? column.name);
    const expression = values.get(column.name) ?? (source === undefined ? fresh(column) : fromSource(source, column));
    if (expression === undefined) missing.push(column.name);
    return { name: column.name, expression: expression ?? "" };
  });
  if (missing.length > 0) {
    throw new UsageError(
      `${now.tableId}: what shall old rows hold in ${missing.join(", ")}? Say it in SQL over ${old.tableId}: ${missing.map((name) => `--value ${name}='…'`).join(" ")}`,
    );
  }
  return mapped;
}

function fromSource(source: ComparableColumn, column: ComparableColumn): string | undefined {
  const name = quoteName(source.name);
  const tightened = modeOf(source) === "NULLABLE" && modeOf(column) === "REQUIRED";
  if (tightened && column.defaultValueExpression === undefined) return undefined;
  const filled = tightened ? `IFNULL(${name}, ${column.defaultValueExpression ?? ""})` : name;
  if (
    isSameTypeToBigQuery(source.type, column.type) &&
    (modeOf(source) === "REPEATED") === (modeOf(column) === "REPEATED")
  ) {
    return isDeepStrictEqual(source.fields ?? [], column.fields ?? []) ? filled : undefined;
  }
  // Arrays and structures are not cast as a whole: only the user knows what becomes of their parts.
  const isPlain = [source, column].every((side) => modeOf(side) !== "REPEATED" && side.fields === undefined);
  return isPlain ? `CAST(${filled} AS ${sqlType(column)})` : undefined;
}

function fresh(column: ComparableColumn): string | undefined {
  if (column.defaultValueExpression !== undefined) return column.defaultValueExpression;
  if (modeOf(column) === "REQUIRED") return undefined;
  return modeOf(column) === "REPEATED" ? "[]" : `CAST(NULL AS ${sqlType(column)})`;
}
