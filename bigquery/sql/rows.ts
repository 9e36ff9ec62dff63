import type { DatasetName } from "../../model/names";
import { quoteName, quoteTable } from "./quote";

/** The column that a table is partitioned by. */
export interface PartitionColumn {
  readonly name: string;
  /** `DATE`, `DATETIME` or `TIMESTAMP`. */
  readonly type: string;
}

/** A table, the column by which its rows are looked for, and its partitions: cheaper, and a table may require them. */
export interface RowSearch {
  readonly tableId: string;
  readonly column: string;
  /** Absent: the whole table is searched. */
  readonly partition?: PartitionColumn | undefined;
}

/**
 * Those of the ids in the parameter `ids`, a JSON array, that a row holds.
 *
 * Where the table has partitions, those from the parameter `earliest` to `latest` are searched, in microseconds since 1970.
 */
export function findIds(dataset: DatasetName, { tableId, column, partition }: RowSearch): string {
  const id = quoteName(column);
  const inPartitions =
    partition &&
    ` AND ${quoteName(partition.name)} BETWEEN ${time(partition, "earliest")} AND ${time(partition, "latest")}`;
  return `SELECT DISTINCT ${id} AS id FROM ${quoteTable(dataset, tableId)}
WHERE ${id} IN (SELECT JSON_VALUE(id) FROM UNNEST(JSON_QUERY_ARRAY(@ids)) AS id)${inPartitions ?? ""}`;
}

/** How many rows of the last day hold the parameter `id`. */
export function countRecent(dataset: DatasetName, search: RowSearch): string {
  return `SELECT COUNT(*) AS found ${fromRecent(dataset, search)}`;
}

/** Deletes the rows of the last day that hold the parameter `id`. */
export function deleteRecent(dataset: DatasetName, search: RowSearch): string {
  return `DELETE ${fromRecent(dataset, search)}`;
}

function fromRecent(dataset: DatasetName, { tableId, column, partition }: RowSearch): string {
  const inPartitions =
    partition &&
    ` AND ${quoteName(partition.name)} >= CAST(TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 DAY) AS ${partition.type})`;
  return `FROM ${quoteTable(dataset, tableId)} WHERE ${quoteName(column)} = @id${inPartitions ?? ""}`;
}

function time({ type }: PartitionColumn, parameter: string): string {
  return `CAST(TIMESTAMP_MICROS(CAST(@${parameter} AS INT64)) AS ${type})`;
}
