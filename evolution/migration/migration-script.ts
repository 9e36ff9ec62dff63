import type { DatasetName } from "../../model/names";
import type { TableMigration } from "./plan-migration";
import { quoteName, quoteText } from "./sql";

/** The statement of a step for one table, without a semicolon. */
export function statementOf({ projectId, datasetId }: DatasetName, table: string, clause: string): string {
  return `ALTER TABLE IF EXISTS ${quoteName(`${projectId}.${datasetId}.${table}`)} ${clause}`;
}

/**
 * A GoogleSQL script of one table's migration in one dataset.
 *
 * Every statement runs only while it is still needed, so the script may be run again, also after it stopped half-way; a
 * table that does not exist is passed over.
 */
export function migrationScript(dataset: DatasetName, { table, steps }: TableMigration): string {
  const columns = `${quoteName(`${dataset.projectId}.${dataset.datasetId}`)}.INFORMATION_SCHEMA.COLUMNS`;
  return steps
    .map(({ title, clause, guard }) => {
      const statement = statementOf(dataset, table, clause);
      const body =
        guard === undefined
          ? `${statement};`
          : [
              `IF EXISTS (SELECT 1 FROM ${columns} WHERE table_name = ${quoteText(table)} AND ${guard}) THEN`,
              `  ${statement};`,
              "END IF;",
            ].join("\n");
      return `-- ${table}: ${title.replaceAll(/\s+/g, " ")}\n${body}\n`;
    })
    .join("");
}
