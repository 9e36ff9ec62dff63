import { restSpelling } from "../../model/columns/column-types";
import { type ComparableColumn, modeOf } from "../../model/columns/comparable";

/** Quotes a name as GoogleSQL does: `` `step_logs` ``. Definitions' names hold no backtick; one is escaped all the same. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``;
}

/** A string literal: `'it\'s'`. */
export function quoteText(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
  return `'${escaped}'`;
}

const SQL_NAMES: Readonly<Record<string, string>> = { INTEGER: "INT64", FLOAT: "FLOAT64", BOOLEAN: "BOOL" };

/** The type of a column in SQL, its mode but for NOT NULL included: `ARRAY<STRUCT<sku STRING, amount NUMERIC>>`. */
export function sqlType(column: ComparableColumn): string {
  const spelling = restSpelling(column.type);
  const type =
    spelling === "RECORD"
      ? `STRUCT<${(column.fields ?? []).map((field) => `${quoteName(field.name)} ${sqlType(field)}${notNull(field)}`).join(", ")}>`
      : (SQL_NAMES[spelling] ?? spelling);
  return modeOf(column) === "REPEATED" ? `ARRAY<${type}>` : type;
}

function notNull(field: ComparableColumn): string {
  return modeOf(field) === "REQUIRED" ? " NOT NULL" : "";
}
