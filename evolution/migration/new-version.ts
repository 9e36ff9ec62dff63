import { UsageError } from "../../model/errors";
import type { ComparableTable } from "../../model/columns/comparable";
import { restSpelling } from "../../model/columns/column-types";
import { type DatasetName, unionViewId } from "../../model/names";
import { quoteName, quoteText } from "./sql";
import type { MappedColumn } from "./version-mapping";

/** A table, the version that follows it, and how rows come over. */
export interface NewVersion {
  readonly old: ComparableTable;
  readonly now: ComparableTable;
  readonly columns: readonly MappedColumn[];
}

/**
 * The script that copies a tenant's rows to the new version, one partition at a time.
 *
 * Rows that are there already, by primary key, are passed over: it may be run again, and while writers use the new version.
 */
export function backfillScript(dataset: DatasetName, version: NewVersion): string {
  const { old } = version;
  const field = old.timePartitioning?.field;
  const column = old.schema.fields.find(({ name }) => name === field);
  if (old.timePartitioning === undefined || field === undefined || column === undefined) {
    return `${mergeStatement(dataset, version)};\n`;
  }
  const unit = old.timePartitioning.type;
  const type = restSpelling(column.type);
  const name = quoteName(field);
  const inPartition = `${name} >= part.begins AND ${name} < ${partitionEnd(type, unit)}`;
  return [
    `FOR part IN (SELECT DISTINCT ${type}_TRUNC(${name}, ${unit}) AS begins FROM ${tableName(dataset, old)} WHERE ${name} IS NOT NULL ORDER BY begins) DO`,
    `  ${mergeStatement(dataset, version, inPartition).replaceAll("\n", "\n  ")};`,
    "END FOR;",
    ...(column.mode === "REQUIRED" ? [] : [`${mergeStatement(dataset, version, `${name} IS NULL`)};`]),
    "",
  ].join("\n");
}

/** The view that shows rows of both versions, each once, in the columns of the new one. */
export function unionViewStatement(dataset: DatasetName, version: NewVersion): string {
  const { old, now, columns } = version;
  const view = quoteName(`${dataset.projectId}.${dataset.datasetId}.${unionViewId(now.tableId)}`);
  const names = columns.map(({ name }) => quoteName(name)).join(", ");
  return [
    `CREATE OR REPLACE VIEW ${view}`,
    `OPTIONS (description = ${quoteText(`Rows of ${old.tableId} and ${now.tableId}, each once.`)}) AS`,
    `SELECT ${names} FROM ${tableName(dataset, now)}`,
    "UNION ALL",
    `SELECT ${names} ${fromMissingRows(dataset, version)};`,
    "",
  ].join("\n");
}

/** Counts the rows of the old version that the new one still lacks: 0 when the backfill is done. */
export function missingRowsQuery(dataset: DatasetName, version: NewVersion): string {
  return `SELECT COUNT(*) AS missing ${fromMissingRows(dataset, version)};`;
}

/** The old version's rows, in the columns of the new one, that the new one lacks by primary key. */
function fromMissingRows(dataset: DatasetName, version: NewVersion): string {
  // Inside the subquery a bare name would be the newer table's: the older one's columns need a name of their own.
  const same = primaryKey(version).map((key) => `newer.${quoteName(key)} = older.${quoteName(key)}`);
  return [
    `FROM (SELECT ${selectList(version.columns)} FROM ${tableName(dataset, version.old)}) AS older`,
    `WHERE NOT EXISTS (SELECT 1 FROM ${tableName(dataset, version.now)} AS newer WHERE ${same.join(" AND ")})`,
  ].join("\n");
}

/**
 * The primary key by which rows of both versions are told apart.
 *
 * @throws {@link UsageError} when the new version has none.
 */
function primaryKey({ old, now }: NewVersion): readonly string[] {
  const columns = now.tableConstraints?.primaryKey?.columns ?? old.tableConstraints?.primaryKey?.columns;
  if (columns !== undefined) return columns;
  throw new UsageError(
    `${now.tableId} has no primary key, so rows that were copied already could not be told. Add tableConstraints.primaryKey to its definition.`,
  );
}

function mergeStatement(dataset: DatasetName, version: NewVersion, condition?: string): string {
  const names = version.columns.map(({ name }) => quoteName(name));
  const on = primaryKey(version).map((key) => `target.${quoteName(key)} = source.${quoteName(key)}`);
  return [
    `MERGE ${tableName(dataset, version.now)} AS target`,
    `USING (SELECT ${selectList(version.columns)} FROM ${tableName(dataset, version.old)}${condition === undefined ? "" : ` WHERE ${condition}`}) AS source`,
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
    .map(({ name, expression }) =>
      expression === quoteName(name) ? expression : `${expression} AS ${quoteName(name)}`,
    )
    .join(", ");
}

function tableName({ projectId, datasetId }: DatasetName, { tableId }: ComparableTable): string {
  return quoteName(`${projectId}.${datasetId}.${tableId}`);
}
