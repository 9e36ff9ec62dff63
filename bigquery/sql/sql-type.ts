import { sqlSpelling } from "../../model/columns/column-types";
import { type ComparableColumn, modeOf } from "../../model/columns/comparable";
import { quoteName } from "./quote";

/** The type of a column in SQL, its mode but for NOT NULL included: `ARRAY<STRUCT<sku STRING, amount NUMERIC>>`. */
export function sqlType(column: ComparableColumn): string {
  const spelling = sqlSpelling(column.type);
  const type = spelling === "STRUCT" ? `STRUCT<${(column.fields ?? []).map(sqlField).join(", ")}>` : spelling;
  return modeOf(column) === "REPEATED" ? `ARRAY<${type}>` : type;
}

function sqlField(field: ComparableColumn): string {
  return `${quoteName(field.name)} ${sqlType(field)}${modeOf(field) === "REQUIRED" ? " NOT NULL" : ""}`;
}
