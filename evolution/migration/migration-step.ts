import { unreachable } from "../../model/errors";
import { isSameTypeToBigQuery } from "../../model/columns/column-types";
import { type ComparableColumn, type ComparableTable, modeOf } from "../../model/columns/comparable";
import type { TableAlteration } from "../../model/columns/table-alteration";
import { defined } from "../../model/defined";

/** How far a step has got on a live table. */
export type StepState = "pending" | "done" | "impossible";

/** One alteration of a migration, named for people. */
export interface MigrationStep {
  /** `rename error_message to error_text` */
  readonly title: string;
  readonly alteration: TableAlteration;
}

export function stepOf(alteration: TableAlteration): MigrationStep {
  return { title: titleOf(alteration), alteration };
}

/** Looks at the live table. A column that is not there yet may be the result of an earlier step of the same migration. */
export function stateOn(live: ComparableTable, alteration: TableAlteration): StepState {
  switch (alteration.kind) {
    case "rename-column": {
      const [hasFrom, hasTo] = [has(live, alteration.from), has(live, alteration.to)];
      if (hasFrom === hasTo) return "impossible";
      return hasFrom ? "pending" : "done";
    }
    case "widen-column":
      return ofColumn(live, alteration.column.name, ({ type }) => {
        if (isSameTypeToBigQuery(type, alteration.column.type)) return "done";
        return isSameTypeToBigQuery(type, alteration.oldType) ? "pending" : "impossible";
      });
    case "relax-column":
      return ofColumn(live, alteration.name, (column) => (modeOf(column) === "REQUIRED" ? "pending" : "done"));
    case "add-column":
      return has(live, alteration.column.name) ? "done" : "pending";
    case "set-default":
      return ofColumn(live, alteration.name, ({ defaultValueExpression }) =>
        defaultValueExpression === alteration.expression ? "done" : "pending",
      );
    case "drop-default":
      return ofColumn(live, alteration.name, ({ defaultValueExpression }) =>
        defaultValueExpression === undefined ? "done" : "pending",
      );
    case "describe-column":
      return ofColumn(live, alteration.name, ({ description = "" }) =>
        description === alteration.description ? "done" : "pending",
      );
    case "describe-table":
      return (live.description ?? "") === alteration.description ? "done" : "pending";
    case "drop-column":
      return has(live, alteration.name) ? "pending" : "done";
    default:
      return unreachable(alteration);
  }
}

/** The table after the alteration. */
export function altered(table: ComparableTable, alteration: TableAlteration): ComparableTable {
  const { fields } = table.schema;
  switch (alteration.kind) {
    case "rename-column":
      return withColumn(table, alteration.from, { name: alteration.to });
    case "widen-column":
      return withColumn(table, alteration.column.name, { type: alteration.column.type });
    case "relax-column":
      return withColumn(table, alteration.name, { mode: "NULLABLE" });
    case "add-column": {
      const { name, type, mode, fields: nested } = alteration.column;
      return { ...table, schema: { fields: [...fields, defined({ name, type, mode, fields: nested })] } };
    }
    case "set-default":
      return withColumn(table, alteration.name, { defaultValueExpression: alteration.expression });
    case "drop-default":
      return {
        ...table,
        schema: {
          fields: fields.map((column) => {
            if (column.name !== alteration.name) return column;
            const { defaultValueExpression: _, ...rest } = column;
            return rest;
          }),
        },
      };
    case "describe-column":
      return withColumn(table, alteration.name, { description: alteration.description });
    case "describe-table":
      return { ...table, description: alteration.description };
    case "drop-column":
      return { ...table, schema: { fields: fields.filter(({ name }) => name !== alteration.name) } };
    default:
      return unreachable(alteration);
  }
}

function titleOf(alteration: TableAlteration): string {
  switch (alteration.kind) {
    case "rename-column":
      return `rename ${alteration.from} to ${alteration.to}`;
    case "widen-column":
      return `widen ${alteration.column.name} from ${alteration.oldType} to ${alteration.column.type}`;
    case "relax-column":
      return `let ${alteration.name} be NULL`;
    case "add-column":
      return `add ${alteration.column.name}`;
    case "set-default":
      return `set the default of ${alteration.name}`;
    case "drop-default":
      return `remove the default of ${alteration.name}`;
    case "describe-column":
      return `describe ${alteration.name}`;
    case "describe-table":
      return "describe the table";
    case "drop-column":
      return `drop ${alteration.name}: its data is lost`;
    default:
      return unreachable(alteration);
  }
}

function has(table: ComparableTable, name: string): boolean {
  return table.schema.fields.some((column) => column.name === name);
}

function ofColumn(table: ComparableTable, name: string, state: (live: ComparableColumn) => StepState): StepState {
  const live = table.schema.fields.find((column) => column.name === name);
  return live === undefined ? "impossible" : state(live);
}

function withColumn(table: ComparableTable, name: string, change: Partial<ComparableColumn>): ComparableTable {
  const fields = table.schema.fields.map((column) => (column.name === name ? { ...column, ...change } : column));
  return { ...table, schema: { fields } };
}
