import { unreachable } from "../../model/errors";
import type { ColumnSource, MappedColumn, NewVersion } from "../../model/columns/column-source";
import { sqlSpelling } from "../../model/columns/column-types";
import { modeOf } from "../../model/columns/comparable";
import { type DatasetName, unionViewId } from "../../model/names";
import { quoteName, quoteTable, quoteText } from "./quote";
import { sqlType } from "./sql-type";

/**
 * The script that copies a tenant's rows to the new version, one partition at a time.
 *
 * Rows that are there already, by key, are passed over: it may be run again, and while writers use the new version.
 */
export function backfillScript(dataset: DatasetName, version: NewVersion): string {
  const { old } = version;
  const field = old.timePartitioning?.field;
  const column = old.schema.fields.find(({ name }) => name === field);
  if (old.timePartitioning === undefined || field === undefined || column === undefined) {
    return `${mergeStatement(dataset, version)};\n`;
  }
  const unit = old.timePartitioning.type;
  const type = sqlSpelling(column.type);
  const name = quoteName(field);
  const inPartition = `${name} >= part.begins AND ${name} < ${partitionEnd(type, unit)}`;
  return [
    `FOR part IN (SELECT DISTINCT ${type}_TRUNC(${name}, ${unit}) AS begins FROM ${quoteTable(dataset, old.tableId)} WHERE ${name} IS NOT NULL ORDER BY begins) DO`,
    `  ${mergeStatement(dataset, version, inPartition).replaceAll("\n", "\n  ")};`,
    "END FOR;",
    ...(column.mode === "REQUIRED" ? [] : [`${mergeStatement(dataset, version, `${name} IS NULL`)};`]),
    "",
  ].join("\n");
}

/** The view that shows rows of both versions, each once, in the columns of the new one. */
export function unionViewStatement(dataset: DatasetName, version: NewVersion): string {
  const { old, now, columns } = version;
  const names = columns.map(({ name }) => quoteName(name)).join(", ");
  return [
    `CREATE OR REPLACE VIEW ${quoteTable(dataset, unionViewId(now.tableId))}`,
    `OPTIONS (description = ${quoteText(`Rows of ${old.tableId} and ${now.tableId}, each once.`)}) AS`,
    `SELECT ${names} FROM ${quoteTable(dataset, now.tableId)}`,
    "UNION ALL",
    `SELECT ${names} ${fromMissingRows(dataset, version)};`,
    "",
  ].join("\n");
}

/** Counts the rows of the old version that the new one still lacks: 0 when the backfill is done. */
export function missingRowsQuery(dataset: DatasetName, version: NewVersion): string {
  return `SELECT COUNT(*) AS missing ${fromMissingRows(dataset, version)};`;
}

/** The old version's rows, in the columns of the new one, that the new one lacks by key. */
function fromMissingRows(dataset: DatasetName, { old, now, columns, key }: NewVersion): string {
  // Inside the subquery a bare name would be the newer table's: the older one's columns need a name of their own.
  const same = key.map((name) => `newer.${quoteName(name)} = older.${quoteName(name)}`);
  return [
    `FROM (SELECT ${selectList(columns)} FROM ${quoteTable(dataset, old.tableId)}) AS older`,
    `WHERE NOT EXISTS (SELECT 1 FROM ${quoteTable(dataset, now.tableId)} AS newer WHERE ${same.join(" AND ")})`,
  ].join("\n");
}

function mergeStatement(dataset: DatasetName, { old, now, columns, key }: NewVersion, condition?: string): string {
  const names = columns.map(({ name }) => quoteName(name));
  const on = key.map((name) => `target.${quoteName(name)} = source.${quoteName(name)}`);
  return [
    `MERGE ${quoteTable(dataset, now.tableId)} AS target`,
    `USING (SELECT ${selectList(columns)} FROM ${quoteTable(dataset, old.tableId)}${condition === undefined ? "" : ` WHERE ${condition}`}) AS source`,
    `ON ${on.join(" AND ")}`,
    `WHEN NOT MATCHED THEN INSERT (${names.join(", ")})`,
    `VALUES (${names.map((name) => `source.${name}`).join(", ")})`,
  ].join("\n");
}

/** TIMESTAMP_ADD knows no months and years, which differ in length. */
function partitionEnd(type: string, unit: string): string {
  return type === "TIMESTAMP" && (unit === "MONTH" || unit === "YEAR")
    ? `TIMESTAMP(DATE_ADD(DATE(part.begins), INTERVAL 1 ${unit}))`
    : `${type}_ADD(part.begins, INTERVAL 1 ${unit})`;
}

function selectList(columns: readonly MappedColumn[]): string {
  return columns
    .map(({ name, source }) => {
      const [expression, quoted] = [sourceExpression(source), quoteName(name)];
      return expression === quoted ? expression : `${expression} AS ${quoted}`;
    })
    .join(", ");
}

function sourceExpression(source: ColumnSource): string {
  switch (source.kind) {
    case "expression":
      return source.sql;
    case "empty":
      return modeOf(source.column) === "REPEATED" ? "[]" : `CAST(NULL AS ${sqlType(source.column)})`;
    case "column": {
      const name = quoteName(source.name);
      const filled = source.ifNull === undefined ? name : `IFNULL(${name}, ${source.ifNull})`;
      return source.castTo === undefined ? filled : `CAST(${filled} AS ${sqlType(source.castTo)})`;
    }
    default:
      return unreachable(source);
  }
}
