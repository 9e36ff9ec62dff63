import type { Column } from "../../model/formats/table-definition";
import { utcDate } from "../encoding/civil-time";

type Row = Readonly<Record<string, unknown>>;

/** A row as JSON holds it: every value in a spelling that its column takes again. The row was accepted before. */
export function toSpooled(columns: readonly Column[], row: Row): Row {
  return convert(columns, row, toJson);
}

/** The row that {@link toSpooled} was given, or one with equal values. */
export function fromSpooled(columns: readonly Column[], row: Row): Row {
  return convert(columns, row, fromJson);
}

function convert(columns: readonly Column[], row: Row, convertValue: (column: Column, value: unknown) => unknown): Row {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const one = (column: Column, value: unknown): unknown =>
    column.type === "RECORD" ? convert(column.fields ?? [], value as Row, convertValue) : convertValue(column, value);
  const entries = Object.entries(row)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => {
      const column = byName.get(name);
      // A column that the definition has lost since: the row is refused, with its name.
      if (column === undefined) return [name, value];
      return [
        name,
        column.mode === "REPEATED" ? (value as unknown[]).map((item) => one(column, item)) : one(column, value),
      ];
    });
  return Object.fromEntries(entries) as Row;
}

function toJson({ type }: Column, value: unknown): unknown {
  if (type === "JSON") return value;
  if (type === "FLOAT") return Object.is(value, -0) ? "-0" : String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Date) return type === "DATE" ? utcDate(value) : value.toISOString();
  return typeof value === "bigint" ? String(value) : value;
}

function fromJson({ type }: Column, value: unknown): unknown {
  if (type === "FLOAT") return Number(value);
  return type === "BYTES" ? Buffer.from(String(value), "base64") : value;
}
