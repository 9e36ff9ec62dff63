import { defined } from "../../model/defined";
import { isSameTypeToBigQuery } from "../../model/columns/column-types";
import { type ComparableColumn, type ComparableTable, modeOf } from "../../model/columns/comparable";
import { quoteName, quoteText, sqlType } from "./sql";

/** Where a step stands on a live table. */
export type StepState = "pending" | "done" | "impossible";

/** One ALTER TABLE statement, with what tells whether it still has to run. */
export interface MigrationStep {
  /** For people: `rename error_message to error_text`. */
  readonly title: string;
  /** What follows ``ALTER TABLE `project.dataset.table` ``. */
  readonly clause: string;
  /** A condition on `INFORMATION_SCHEMA.COLUMNS` that holds while the step is pending; absent when running it twice is harmless. */
  readonly guard?: string;
  /** Looks at the live table. */
  readonly stateOn: (live: ComparableTable) => StepState;
  /** The table after the step. */
  readonly applyTo: (table: ComparableTable) => ComparableTable;
}

export function renameStep(from: string, to: string): MigrationStep {
  return {
    title: `rename ${from} to ${to}`,
    clause: `RENAME COLUMN ${quoteName(from)} TO ${quoteName(to)}`,
    guard: `column_name = ${quoteText(from)}`,
    stateOn: (live) => {
      const [hasFrom, hasTo] = [has(live, from), has(live, to)];
      if (hasFrom === hasTo) return "impossible";
      return hasFrom ? "pending" : "done";
    },
    applyTo: (table) => mapColumns(table, (column) => (column.name === from ? { ...column, name: to } : column)),
  };
}

/** @param column - the column as it shall be; a REQUIRED one must say so, since the statement may not change the mode. */
export function widenStep(column: ComparableColumn, oldType: string): MigrationStep {
  const { name, type } = column;
  const notNull = modeOf(column) === "REQUIRED" ? " NOT NULL" : "";
  return {
    title: `widen ${name} from ${oldType} to ${type}`,
    clause: `ALTER COLUMN ${quoteName(name)} SET DATA TYPE ${sqlType(column)}${notNull}`,
    guard: `column_name = ${quoteText(name)} AND data_type = ${quoteText(sqlType({ ...column, type: oldType }))}`,
    stateOn: columnState(name, (live) => {
      if (isSameTypeToBigQuery(live.type, type)) return "done";
      return isSameTypeToBigQuery(live.type, oldType) ? "pending" : "impossible";
    }),
    applyTo: setColumn(name, { type }),
  };
}

export function relaxStep(name: string): MigrationStep {
  return {
    title: `let ${name} be NULL`,
    clause: `ALTER COLUMN ${quoteName(name)} DROP NOT NULL`,
    guard: `column_name = ${quoteText(name)} AND is_nullable = 'NO'`,
    stateOn: columnState(name, (live) => (modeOf(live) === "REQUIRED" ? "pending" : "done")),
    applyTo: setColumn(name, { mode: "NULLABLE" }),
  };
}

/** Adds a column without description and default, which have steps of their own: not every form of ADD COLUMN takes them. */
export function addStep(column: ComparableColumn): MigrationStep {
  const { name, type, mode, fields } = column;
  return {
    title: `add ${name}`,
    clause: `ADD COLUMN IF NOT EXISTS ${quoteName(name)} ${sqlType(column)}`,
    stateOn: (live) => (has(live, name) ? "done" : "pending"),
    applyTo: (table) => ({
      ...table,
      schema: {
        fields: [...table.schema.fields, defined({ name, type, mode, fields })],
      },
    }),
  };
}

export function defaultStep(name: string, expression: string | undefined): MigrationStep {
  const column = quoteName(name);
  return {
    title: `${expression === undefined ? "remove" : "set"} the default of ${name}`,
    clause: `ALTER COLUMN ${column} ${expression === undefined ? "DROP DEFAULT" : `SET DEFAULT ${expression}`}`,
    stateOn: columnState(name, (live) => (live.defaultValueExpression === expression ? "done" : "pending")),
    applyTo: setColumn(name, { defaultValueExpression: expression }),
  };
}

export function describeColumnStep(name: string, description: string): MigrationStep {
  const value = description === "" ? "NULL" : quoteText(description);
  return {
    title: `describe ${name}`,
    clause: `ALTER COLUMN ${quoteName(name)} SET OPTIONS (description = ${value})`,
    stateOn: columnState(name, (live) => ((live.description ?? "") === description ? "done" : "pending")),
    applyTo: setColumn(name, { description }),
  };
}

export function describeTableStep(description: string): MigrationStep {
  return {
    title: "describe the table",
    clause: `SET OPTIONS (description = ${description === "" ? "NULL" : quoteText(description)})`,
    stateOn: (live) => ((live.description ?? "") === description ? "done" : "pending"),
    applyTo: (table) => ({ ...table, description }),
  };
}

export function dropStep(name: string): MigrationStep {
  return {
    title: `drop ${name}: its data is lost`,
    clause: `DROP COLUMN IF EXISTS ${quoteName(name)}`,
    stateOn: (live) => (has(live, name) ? "pending" : "done"),
    applyTo: (table) => ({
      ...table,
      schema: { fields: table.schema.fields.filter((column) => column.name !== name) },
    }),
  };
}

function has(table: ComparableTable, name: string): boolean {
  return table.schema.fields.some((column) => column.name === name);
}

/** State by the live column; a column that is not there yet may be the result of an earlier step of the same migration. */
function columnState(name: string, state: (live: ComparableColumn) => StepState): MigrationStep["stateOn"] {
  return (table) => {
    const live = table.schema.fields.find((column) => column.name === name);
    return live === undefined ? "impossible" : state(live);
  };
}

function setColumn(
  name: string,
  values: { readonly [K in keyof ComparableColumn]?: ComparableColumn[K] | undefined },
): MigrationStep["applyTo"] {
  return (table) =>
    mapColumns(table, (column) => {
      if (column.name !== name) return column;
      const merged = Object.entries({ ...column, ...values }).filter(([, value]) => value !== undefined);
      return Object.fromEntries(merged) as unknown as ComparableColumn;
    });
}

function mapColumns(table: ComparableTable, change: (column: ComparableColumn) => ComparableColumn): ComparableTable {
  return { ...table, schema: { fields: table.schema.fields.map(change) } };
}
