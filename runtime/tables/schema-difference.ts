import { own } from "../../model/own";
import type { Column } from "../../model/formats/table-definition";

/** A column of a table as it is in BigQuery, in the spelling of the definitions. */
export interface LiveColumn {
  readonly name: string;
  readonly type: string;
  readonly mode: string;
  readonly fields: readonly LiveColumn[];
}

/** One way in which a live table differs from its definition. */
export interface SchemaDifference {
  /** The table, e.g. `step_logs`. */
  readonly tableId: string;
  /** Path of the column, e.g. `metadata` or `lines.amount`. */
  readonly column: string;
  /** `missing` from the table, `extra` in it, or of another `type` or `mode`. */
  readonly kind: "missing" | "extra" | "type" | "mode";
  /** What the definition says: `STRING REQUIRED`, or `no such column`. */
  readonly expected: string;
  /** What the table has. */
  readonly found: string;
}

/** Which rows fit a live table that differs from its definition. */
export interface TableFit {
  readonly differences: readonly SchemaDifference[];
  /** Columns in which no value can be written; a row fits when it has none there. */
  readonly unwritable: ReadonlySet<string>;
  /** Columns that must have a value, against the definition. */
  readonly required: readonly string[];
  /** REQUIRED columns the definition lacks; when there is one, no row fits. */
  readonly unknownRequired: readonly string[];
}

/** How the API spells a type that the definitions spell otherwise. */
const SPELLINGS: Readonly<Record<string, string>> = {
  INT64: "INTEGER",
  DOUBLE: "FLOAT",
  FLOAT64: "FLOAT",
  BOOL: "BOOLEAN",
  STRUCT: "RECORD",
};

interface ApiColumn {
  readonly name?: string | null | undefined;
  readonly type?: string | number | null | undefined;
  readonly mode?: string | number | null | undefined;
  readonly fields?: readonly ApiColumn[] | null | undefined;
}

/** Reads columns as the REST API and the Storage Write API give them. */
export function liveColumns(columns: readonly ApiColumn[]): readonly LiveColumn[] {
  return columns.map(({ name, type, mode, fields }) => ({
    name: name ?? "",
    type: own(SPELLINGS, String(type)) ?? String(type),
    mode: typeof mode === "string" && mode !== "MODE_UNSPECIFIED" ? mode : "NULLABLE",
    fields: liveColumns(fields ?? []),
  }));
}

/** Compares a definition with its live table and says what can still be written. */
export function fitTable(tableId: string, columns: readonly Column[], live: readonly LiveColumn[]): TableFit {
  const liveByName = byName(live);
  const known = byName(columns);
  return {
    differences: compareColumns(tableId, columns, live, ""),
    unwritable: new Set(
      columns.filter((column) => !takesValues(column, liveByName.get(key(column)))).map(({ name }) => name),
    ),
    required: columns
      .filter((column) => column.mode === "NULLABLE" && liveByName.get(key(column))?.mode === "REQUIRED")
      .map(({ name }) => name),
    unknownRequired: live
      .filter((column) => column.mode === "REQUIRED" && !known.has(key(column)))
      .map(({ name }) => name),
  };
}

/**
 * One line for people: `step_logs.metadata: expected JSON NULLABLE, found no such column`.
 *
 * @example
 * ```ts
 * import { formatDifference } from "tenant-metadata/runtime";
 *
 * const found = { tableId: "step_logs", column: "metadata", kind: "missing", expected: "JSON NULLABLE", found: "no such column" } as const;
 * console.log(formatDifference(found)); // step_logs.metadata: expected JSON NULLABLE, found no such column
 * ```
 */
export function formatDifference({ tableId, column, expected, found }: SchemaDifference): string {
  return `${tableId}.${column}: expected ${expected}, found ${found}`;
}

function compareColumns(
  tableId: string,
  columns: readonly Column[],
  live: readonly LiveColumn[],
  prefix: string,
): readonly SchemaDifference[] {
  const liveByName = byName(live);
  const known = byName(columns);
  const difference = (kind: SchemaDifference["kind"], name: string, expected: string, found: string) => [
    { tableId, column: prefix + name, kind, expected, found },
  ];
  return [
    ...columns.flatMap((column) => {
      const found = liveByName.get(key(column));
      if (found === undefined) return difference("missing", column.name, describe(column), "no such column");
      if (found.type !== column.type) return difference("type", column.name, describe(column), describe(found));
      return [
        ...(found.mode === column.mode ? [] : difference("mode", column.name, describe(column), describe(found))),
        ...compareColumns(tableId, column.fields ?? [], found.fields, `${prefix}${column.name}.`),
      ];
    }),
    ...live
      .filter((column) => !known.has(key(column)))
      .flatMap((column) => difference("extra", column.name, "no such column", describe(column))),
  ];
}

/** A RECORD is written as a whole, so any difference inside it that loses a value makes it unwritable. */
function takesValues(column: Column, live: LiveColumn | undefined): boolean {
  if (live === undefined || live.type !== column.type) return false;
  if ((live.mode === "REPEATED") !== (column.mode === "REPEATED")) return false;
  const liveByName = byName(live.fields);
  const known = byName(column.fields ?? []);
  return (
    (column.fields ?? []).every((field) => {
      const found = liveByName.get(key(field));
      return takesValues(field, found) && (found?.mode === "REQUIRED") <= (field.mode === "REQUIRED");
    }) && live.fields.every((field) => field.mode !== "REQUIRED" || known.has(key(field)))
  );
}

function describe({ type, mode }: { readonly type: string; readonly mode: string }): string {
  return `${type} ${mode}`;
}

/** BigQuery's column names are unique without regard to case. */
function key({ name }: { readonly name: string }): string {
  return name.toLowerCase();
}

function byName<T extends { readonly name: string }>(columns: readonly T[]): ReadonlyMap<string, T> {
  return new Map(columns.map((column) => [key(column), column]));
}
