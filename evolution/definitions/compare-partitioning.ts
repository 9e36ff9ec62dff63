import type { ComparableTable } from "../../model/columns/comparable";
import { type Finding, finding } from "../catalogue/finding";

type Partitioning = NonNullable<ComparableTable["timePartitioning"]>;

const NEW_VERSION = "Make a new version of the table: `tenant-metadata schema new-version`.";
const MS_PER_DAY = 86_400_000;

/** Compares how a table is partitioned, how long it keeps partitions and whether queries must name them. */
export function comparePartitioning(old: ComparableTable, now: ComparableTable): readonly Finding[] {
  const table = now.tableId;
  const { timePartitioning: before } = old;
  const { timePartitioning: after } = now;
  return [
    ...compareLayout(table, before, after),
    ...(before !== undefined && after !== undefined ? compareExpiration(table, before, after) : []),
    ...((old.requirePartitionFilter ?? false) === (now.requirePartitionFilter ?? false)
      ? []
      : [
          finding("partition-filter-changed", {
            table,
            path: "requirePartitionFilter",
            message:
              now.requirePartitionFilter === true
                ? "Terraform changes it in place: queries without a filter on the partition column fail from then on."
                : "Terraform changes it in place: queries may read all partitions.",
            remedy: "Check the queries of this table first.",
          }),
        ]),
  ];
}

function compareLayout(table: string, before: Partitioning | undefined, after: Partitioning | undefined) {
  if (before === undefined && after === undefined) return [];
  if (before?.field !== after?.field) {
    const code =
      before === undefined
        ? "partitioning-added"
        : after === undefined
          ? "partitioning-removed"
          : "partition-field-changed";
    return [
      finding(code, {
        table,
        path: "timePartitioning.field",
        message: `Terraform replaces the table to partition it by ${describe(after)} instead of ${describe(before)}: all rows are lost.`,
        remedy: NEW_VERSION,
      }),
    ];
  }
  if (before?.type === after?.type) return [];
  return [
    finding("partition-type-changed", {
      table,
      path: "timePartitioning.type",
      message: `Terraform plans to change the partitioning in place from ${describe(before)} to ${describe(after)}, and BigQuery refuses it: the partitioning of a table is fixed.`,
      remedy: NEW_VERSION,
    }),
  ];
}

function compareExpiration(table: string, before: Partitioning, after: Partitioning): readonly Finding[] {
  const place = { table, path: "timePartitioning.expirationMs" };
  const [from, to] = [lifetime(before), lifetime(after)];
  if (from === to) return [];
  if (after.expirationMs === undefined) {
    return [
      finding("partition-expiration-removed", {
        ...place,
        message: `Terraform plans nothing: partitions still expire ${when(from)}.`,
        remedy: "To keep them for good, run ALTER TABLE … SET OPTIONS (partition_expiration_days = NULL).",
      }),
    ];
  }
  if (to < from) {
    return [
      finding("partition-expiration-shortened", {
        ...place,
        message: `Terraform changes it in place: partitions expire ${when(to)} instead of ${when(from)}, and BigQuery deletes those already older with their rows.`,
        remedy: "Export what must be kept, then allow the change.",
      }),
    ];
  }
  return [
    finding("partition-expiration-extended", {
      ...place,
      message: `Terraform changes it in place: partitions expire ${when(to)} instead of ${when(from)}.`,
      remedy: "Nothing to do.",
    }),
  ];
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
