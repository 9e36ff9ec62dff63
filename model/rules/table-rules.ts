import type { Column, ColumnType, TableDefinition } from "../formats/table-definition";
import { columnReference } from "./column-reference";
import { columnRules } from "./column-rules";
import type { RuleFinding } from "./finding";
import { keyColumnRules } from "./key-rules";

const PARTITION_TYPES: readonly ColumnType[] = ["DATE", "TIMESTAMP", "DATETIME"];
const CLUSTERING_TYPES: readonly ColumnType[] = [
  "DATE",
  "BOOLEAN",
  "GEOGRAPHY",
  "INTEGER",
  "NUMERIC",
  "BIGNUMERIC",
  "STRING",
  "TIMESTAMP",
  "DATETIME",
];
const RESERVED_LABELS = ["environment", "tenant", "managed_by"];

/**
 * BigQuery's rules for one table. An emulator accepts much that BigQuery refuses, so they are checked here.
 *
 * @see https://cloud.google.com/bigquery/docs/partitioned-tables
 * @see https://cloud.google.com/bigquery/docs/clustered-tables
 */
export function* tableRules(table: TableDefinition): Generator<RuleFinding> {
  const columns = table.schema.fields;
  yield* columnRules(columns, ["schema", "fields"]);
  yield* partitioningRules(table, columns);
  yield* clusteringRules(table, columns);
  yield* keyColumnRules(table);
  yield* labelRules(table.labels ?? {}, ["labels"]);
}

function* partitioningRules(table: TableDefinition, columns: readonly Column[]): Generator<RuleFinding> {
  const partitioning = table.timePartitioning;
  if (partitioning === undefined) {
    if (table.requirePartitionFilter === true) {
      yield {
        path: ["requirePartitionFilter"],
        message: "A table without partitions cannot require a partition filter",
        remedy: "Add `timePartitioning`, or remove `requirePartitionFilter`",
      };
    }
    return;
  }
  const path = ["timePartitioning", "field"];
  const column = yield* columnReference(columns, partitioning.field, path);
  if (column === undefined) return;
  if (!PARTITION_TYPES.includes(column.type)) {
    yield {
      path,
      message: `BigQuery cannot partition by ${column.name}, which is ${column.type}`,
      allowed: PARTITION_TYPES.join(", "),
      remedy: "Name a column of one of these types",
    };
  } else if (column.type === "DATE" && partitioning.type === "HOUR") {
    yield {
      path: ["timePartitioning", "type"],
      message: `A DATE column has no hours to partition by`,
      received: partitioning.type,
      allowed: "DAY, MONTH, YEAR",
      remedy: "Use DAY, or partition by a TIMESTAMP column",
    };
  }
}

function* clusteringRules(table: TableDefinition, columns: readonly Column[]): Generator<RuleFinding> {
  const names = table.clustering?.fields ?? [];
  for (const [index, name] of names.entries()) {
    const path = ["clustering", "fields", index];
    const column = yield* columnReference(columns, name, path);
    if (column === undefined) continue;
    if (names.indexOf(name) !== index) {
      yield { path, message: "The column is listed twice", received: name, remedy: "Keep one of the two" };
    }
    if (!CLUSTERING_TYPES.includes(column.type)) {
      yield {
        path,
        message: `BigQuery cannot cluster by ${column.name}, which is ${column.type}`,
        allowed: CLUSTERING_TYPES.join(", "),
        remedy: "Name a column of one of these types",
      };
    }
  }
}

/** Labels that this package sets itself, on every dataset and table, cannot be configured. */
export function* labelRules(
  labels: Readonly<Record<string, string>>,
  path: readonly PropertyKey[],
): Generator<RuleFinding> {
  for (const key of Object.keys(labels)) {
    if (!RESERVED_LABELS.includes(key)) continue;
    yield {
      path: [...path, key],
      message: `The label ${key} is set by this package`,
      remedy: "Remove it, or choose another key",
    };
  }
}

/** BigQuery allows 64 labels; three of them are ours. */
export function* labelCountRule(
  labels: Readonly<Record<string, string>>,
  path: readonly PropertyKey[],
): Generator<RuleFinding> {
  const most = 64 - RESERVED_LABELS.length;
  const count = Object.keys(labels).length;
  if (count <= most) return;
  yield {
    path,
    message: "There are too many labels",
    received: count,
    allowed: `at most ${most} besides ${RESERVED_LABELS.join(", ")}`,
    remedy: "Remove some",
  };
}
