import { restSpelling } from "../../model/columns/column-types";
import { caselessName, matchColumns } from "../../model/columns/match-columns";
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
    type: restSpelling(String(type)),
    mode: typeof mode === "string" && mode !== "MODE_UNSPECIFIED" ? mode : "NULLABLE",
    fields: liveColumns(fields ?? []),
  }));
}

const NO_COLUMN = "no such column";

/** Compares a definition with its live table and says what can still be written. */
export function fitTable(tableId: string, columns: readonly Column[], live: readonly LiveColumn[]): TableFit {
  const { kept, added: extra } = matchColumns(columns, live, caselessName);
  const writable = new Set<Column>(
    kept.filter(([column, found]) => takesValues(column, found)).map(([column]) => column),
  );
  return {
    differences: [...compareColumns(tableId, columns, live, "")],
    unwritable: new Set(columns.filter((column) => !writable.has(column)).map(({ name }) => name)),
    required: kept
      .filter(([column, found]) => column.mode === "NULLABLE" && found.mode === "REQUIRED")
      .map(([{ name }]) => name),
    unknownRequired: extra.filter(({ mode }) => mode === "REQUIRED").map(({ name }) => name),
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

/** Differences in the order of the definition, then what only the live table has. */
function* compareColumns(
  tableId: string,
  columns: readonly Column[],
  live: readonly LiveColumn[],
  prefix: string,
): Generator<SchemaDifference> {
  const { kept, added: extra } = matchColumns(columns, live, caselessName);
  const liveColumn = new Map<Column, LiveColumn>(kept);
  for (const column of columns) {
    const found = liveColumn.get(column);
    const difference = { tableId, column: prefix + column.name, expected: describe(column) };
    if (found === undefined) yield { ...difference, kind: "missing", found: NO_COLUMN };
    else if (found.type !== column.type) yield { ...difference, kind: "type", found: describe(found) };
    else {
      if (found.mode !== column.mode) yield { ...difference, kind: "mode", found: describe(found) };
      yield* compareColumns(tableId, column.fields ?? [], found.fields, `${prefix}${column.name}.`);
    }
  }
  for (const column of extra) {
    yield { tableId, column: prefix + column.name, kind: "extra", expected: NO_COLUMN, found: describe(column) };
  }
}

/** A RECORD is written as a whole, so any difference inside it that loses a value makes it unwritable. */
function takesValues(column: Column, live: LiveColumn): boolean {
  if (live.type !== column.type) return false;
  if ((live.mode === "REPEATED") !== (column.mode === "REPEATED")) return false;
  const { kept, dropped: missing, added: extra } = matchColumns(column.fields ?? [], live.fields, caselessName);
  return (
    missing.length === 0 &&
    extra.every(({ mode }) => mode !== "REQUIRED") &&
    kept.every(
      ([field, found]) => takesValues(field, found) && (found.mode !== "REQUIRED" || field.mode === "REQUIRED"),
    )
  );
}

function describe({ type, mode }: { readonly type: string; readonly mode: string }): string {
  return `${type} ${mode}`;
}
