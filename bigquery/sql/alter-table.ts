import { unreachable } from "../../model/errors";
import { modeOf } from "../../model/columns/comparable";
import type { TableAlteration } from "../../model/columns/table-alteration";
import type { DatasetName } from "../../model/names";
import { commentText, quoteName, quoteTable, quoteText } from "./quote";
import { sqlType } from "./sql-type";

/** The statement that alters one table, without a semicolon; a table that does not exist is skipped. */
export function alterTable(dataset: DatasetName, tableId: string, alteration: TableAlteration): string {
  return `ALTER TABLE IF EXISTS ${quoteTable(dataset, tableId)} ${clause(alteration)}`;
}

/**
 * A GoogleSQL script that alters one table.
 *
 * Every statement runs only while it is still needed, so the script may be run again, also after it stopped half-way.
 */
export function alterTableScript(
  dataset: DatasetName,
  tableId: string,
  steps: readonly { readonly title: string; readonly alteration: TableAlteration }[],
): string {
  const columns = `${quoteName(`${dataset.projectId}.${dataset.datasetId}`)}.INFORMATION_SCHEMA.COLUMNS`;
  return steps
    .map(({ title, alteration }) => {
      const statement = alterTable(dataset, tableId, alteration);
      const condition = pendingCondition(alteration);
      const body =
        condition === undefined
          ? `${statement};`
          : [
              `IF EXISTS (SELECT 1 FROM ${columns} WHERE table_name = ${quoteText(tableId)} AND ${condition}) THEN`,
              `  ${statement};`,
              "END IF;",
            ].join("\n");
      return `-- ${tableId}: ${commentText(title)}\n${body}\n`;
    })
    .join("");
}

function clause(alteration: TableAlteration): string {
  switch (alteration.kind) {
    case "rename-column":
      return `RENAME COLUMN ${quoteName(alteration.from)} TO ${quoteName(alteration.to)}`;
    case "widen-column": {
      const { column } = alteration;
      const notNull = modeOf(column) === "REQUIRED" ? " NOT NULL" : "";
      return `ALTER COLUMN ${quoteName(column.name)} SET DATA TYPE ${sqlType(column)}${notNull}`;
    }
    case "relax-column":
      return `ALTER COLUMN ${quoteName(alteration.name)} DROP NOT NULL`;
    case "add-column":
      return `ADD COLUMN IF NOT EXISTS ${quoteName(alteration.column.name)} ${sqlType(alteration.column)}`;
    case "set-default":
      return `ALTER COLUMN ${quoteName(alteration.name)} SET DEFAULT ${alteration.expression}`;
    case "drop-default":
      return `ALTER COLUMN ${quoteName(alteration.name)} DROP DEFAULT`;
    case "describe-column":
      return `ALTER COLUMN ${quoteName(alteration.name)} SET OPTIONS (description = ${descriptionOf(alteration)})`;
    case "describe-table":
      return `SET OPTIONS (description = ${descriptionOf(alteration)})`;
    case "drop-column":
      return `DROP COLUMN IF EXISTS ${quoteName(alteration.name)}`;
    default:
      return unreachable(alteration);
  }
}

/** A condition on `INFORMATION_SCHEMA.COLUMNS` that holds while the alteration is pending; absent when repeating it is harmless. */
function pendingCondition(alteration: TableAlteration): string | undefined {
  switch (alteration.kind) {
    case "rename-column":
      return `column_name = ${quoteText(alteration.from)}`;
    case "widen-column": {
      const { column, oldType } = alteration;
      return `column_name = ${quoteText(column.name)} AND data_type = ${quoteText(sqlType({ ...column, type: oldType }))}`;
    }
    case "relax-column":
      return `column_name = ${quoteText(alteration.name)} AND is_nullable = 'NO'`;
    default:
      return undefined;
  }
}

function descriptionOf({ description }: { readonly description: string }): string {
  return description === "" ? "NULL" : quoteText(description);
}
