import type { Column } from "../formats/table-definition";
import { DEFAULT_VALUE_ALLOWED, defaultValueProblem } from "./default-value";
import type { RuleFinding } from "./finding";

const COLUMN_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,299}$/;
/** @see https://docs.cloud.google.com/bigquery/docs/schemas#column_names */
const RESERVED_PREFIXES = [
  "_TABLE_",
  "_FILE_",
  "_PARTITION",
  "_ROW_TIMESTAMP",
  "__ROOT__",
  "_COLIDENTIFIER",
  "_CHANGE_SEQUENCE_NUMBER",
  "_CHANGE_TYPE",
  "_CHANGE_TIMESTAMP",
];
const POLICY_TAG =
  /^projects\/[a-z0-9][a-z0-9.:-]{0,93}\/locations\/[a-z0-9-]{1,63}\/taxonomies\/[\w-]{1,63}\/policyTags\/[\w-]{1,63}$/;
const MAX_NESTING = 15;
const MAX_COLUMNS = 10_000;

type Path = readonly PropertyKey[];

/**
 * BigQuery's rules for the columns of a table, at every depth.
 *
 * @see https://cloud.google.com/bigquery/docs/schemas
 */
export function* columnRules(columns: readonly Column[], path: Path): Generator<RuleFinding> {
  const total = countColumns(columns);
  if (total > MAX_COLUMNS) {
    yield {
      path,
      message: "The table has too many columns, nested ones included",
      received: total,
      allowed: `at most ${MAX_COLUMNS}`,
      remedy: "Split the table, or keep variable parts in a JSON column",
    };
  }
  yield* columnList(columns, path, 1);
}

function* columnList(columns: readonly Column[], path: Path, depth: number): Generator<RuleFinding> {
  if (depth > MAX_NESTING) {
    yield {
      path,
      message: "RECORD columns are nested too deeply",
      allowed: `at most ${MAX_NESTING} levels`,
      remedy: "Flatten the record, or use a JSON column",
    };
    return;
  }
  const firstAt = new Map<string, number>();
  for (const [index, column] of columns.entries()) {
    const at = [...path, index];
    yield* columnName(column, at);
    const earlier = firstAt.get(column.name.toLowerCase());
    if (earlier !== undefined) {
      yield {
        path: [...at, "name"],
        message: `Column names are unique without regard to case; the column at index ${earlier} has this name already`,
        received: column.name,
        remedy: "Rename or remove one of the two",
      };
    }
    firstAt.set(column.name.toLowerCase(), earlier ?? index);
    yield* columnAttributes(column, at);
    yield* columnDefault(column, at, depth);
    if (column.fields !== undefined) yield* columnList(column.fields, [...at, "fields"], depth + 1);
  }
}

function* columnName({ name }: Column, at: Path): Generator<RuleFinding> {
  const path = [...at, "name"];
  if (!COLUMN_NAME.test(name)) {
    yield {
      path,
      message: "The column name is not valid",
      received: name,
      allowed: "at most 300 letters, digits and _, starting with a letter or _",
      remedy: "Rename the column, for example start_time",
    };
  }
  const reserved = RESERVED_PREFIXES.find((prefix) => name.toUpperCase().startsWith(prefix));
  if (reserved !== undefined) {
    yield {
      path,
      message: `Names that start with ${reserved} are reserved by BigQuery`,
      received: name,
      remedy: "Rename the column",
    };
  }
}

function* columnAttributes(column: Column, at: Path): Generator<RuleFinding> {
  if (column.type === "RECORD" && column.fields === undefined) {
    yield {
      path: at,
      message: `The RECORD column ${column.name} has no columns of its own`,
      remedy: "List them in `fields`, or use type JSON",
    };
  }
  if (column.type !== "RECORD" && column.fields !== undefined) {
    yield {
      path: [...at, "fields"],
      message: `Only RECORD columns have \`fields\`; ${column.name} is ${column.type}`,
      remedy: "Make the column a RECORD, or remove `fields`",
    };
  }
  if (column.allowedValues !== undefined && column.type !== "STRING") {
    yield {
      path: [...at, "allowedValues"],
      message: `Only STRING columns have \`allowedValues\`; ${column.name} is ${column.type}`,
      remedy: "Make the column a STRING, or remove `allowedValues`",
    };
  }
  const repeated = column.allowedValues?.findIndex((value, index, all) => all.indexOf(value) !== index) ?? -1;
  if (repeated !== -1) {
    yield {
      path: [...at, "allowedValues", repeated],
      message: "The value is listed twice",
      received: column.allowedValues?.[repeated],
      remedy: "Keep one of the two",
    };
  }
  for (const [index, tag] of (column.policyTags?.names ?? []).entries()) {
    if (POLICY_TAG.test(tag)) continue;
    yield {
      path: [...at, "policyTags", "names", index],
      message: "The policy tag is not a full resource name",
      received: tag,
      allowed: "projects/<project>/locations/<location>/taxonomies/<id>/policyTags/<id>",
      remedy: "Copy the resource name from the taxonomy",
    };
  }
}

function* columnDefault(column: Column, at: Path, depth: number): Generator<RuleFinding> {
  const { name, defaultValueExpression: expression } = column;
  if (expression === undefined) return;
  const path = [...at, "defaultValueExpression"];
  if (depth > 1) {
    yield {
      path,
      message: `Only top-level columns have a default, and ${name} is part of a RECORD`,
      remedy: "Remove it, or give the RECORD a default as a whole, for example (1, 'a')",
    };
    return;
  }
  const message = defaultValueProblem(expression, column);
  if (message === undefined) return;
  yield {
    path,
    message,
    received: expression,
    allowed: DEFAULT_VALUE_ALLOWED,
    remedy: "Write a value of the column's type, or remove the default",
  };
}

function countColumns(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + 1 + countColumns(column.fields ?? []), 0);
}
