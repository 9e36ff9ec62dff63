import type { ComparableTable } from "../../model/columns/comparable";
import { type Finding, finding } from "../catalogue/finding";

type Partitioning = NonNullable<ComparableTable["timePartitioning"]>;

const MS_PER_DAY = 86_400_000;

/** Compares how a table is partitioned, how long it keeps partitions and whether queries must name them. */
export function* comparePartitioning(old: ComparableTable, now: ComparableTable): Generator<Finding> {
  const table = now.tableId;
  const { timePartitioning: before } = old;
  const { timePartitioning: after } = now;
  yield* compareLayout(table, before, after);
  if (before !== undefined && after !== undefined) yield* compareExpiration(table, before, after);
  const isRequired = now.requirePartitionFilter ?? false;
  if ((old.requirePartitionFilter ?? false) !== isRequired) {
    yield finding("partition-filter-changed", { table, path: "requirePartitionFilter" }, { isRequired });
  }
}

function* compareLayout(
  table: string,
  before: Partitioning | undefined,
  after: Partitioning | undefined,
): Generator<Finding> {
  const change = { from: describe(before), to: describe(after) };
  if (before?.field !== after?.field) {
    const place = { table, path: "timePartitioning.field" };
    if (before === undefined) yield finding("partitioning-added", place, change);
    else if (after === undefined) yield finding("partitioning-removed", place, change);
    else yield finding("partition-field-changed", place, change);
  } else if (before?.type !== after?.type) {
    yield finding("partition-type-changed", { table, path: "timePartitioning.type" }, change);
  }
}

function* compareExpiration(table: string, before: Partitioning, after: Partitioning): Generator<Finding> {
  const place = { table, path: "timePartitioning.expirationMs" };
  const [from, to] = [lifetime(before), lifetime(after)];
  if (from === to) return;
  const change = { from: when(from), to: when(to) };
  if (after.expirationMs === undefined) yield finding("partition-expiration-removed", place, change);
  else if (to < from) yield finding("partition-expiration-shortened", place, change);
  else yield finding("partition-expiration-extended", place, change);
}

/** Milliseconds; `Infinity` when partitions are kept. */
function lifetime({ expirationMs }: Partitioning): number {
  return Number(expirationMs ?? 0) || Infinity;
}

function when(ms: number): string {
  if (ms === Infinity) return "never";
  const count = Number((ms / MS_PER_DAY).toFixed(2));
  return `after ${count} ${count === 1 ? "day" : "days"}`;
}

function describe(partitioning: Partitioning | undefined): string {
  return partitioning === undefined ? "nothing" : `${partitioning.type} of ${partitioning.field ?? "ingestion time"}`;
}
