import { isDeepStrictEqual } from "node:util";
import type { ComparableTable } from "../../model/columns/comparable";
import { compareColumns } from "./compare-columns";
import { titleInSentence } from "../catalogue/codes";
import { comparePartitioning } from "./compare-partitioning";
import { type Finding, finding, withEffect } from "../catalogue/finding";

/**
 * Says what Terraform and BigQuery do to a table when its definition changes from `old` to `now`.
 *
 * The order of columns does not matter to the result's effects; nothing but `tableId` is compared by name.
 */
export function compareTable(old: ComparableTable, now: ComparableTable): readonly Finding[] {
  const table = now.tableId;
  const findings = [
    ...compareColumns(old.schema.fields, now.schema.fields, { table, path: "schema.fields" }),
    ...comparePartitioning(old, now),
    ...compareClustering(old, now),
    ...compareKeys(old, now),
    ...compareEncryption(old, now),
    ...compareText(old, now),
  ];
  return findings.some(({ effect }) => effect === "replace-table")
    ? findings.map(inReplacedTable)
    : clusteredDrops(old, findings);
}

/** A table that is recreated takes any definition: what would be in place, or refused, is then part of the new table. */
function inReplacedTable(found: Finding): Finding {
  if (found.effect === "replace-table" || found.effect === "none") return found;
  const message = `Part of the new, empty table: ${titleInSentence(found.code)}.`;
  return withEffect(found, found.effect === "rejected" ? "replace-table" : found.effect, message);
}

/** BigQuery refuses to drop a column that the live table is clustered or partitioned by, whatever else changes. */
function clusteredDrops(old: ComparableTable, findings: readonly Finding[]): readonly Finding[] {
  const layout = new Set([...(old.clustering?.fields ?? []), old.timePartitioning?.field]);
  const judged = findings.map((found) => {
    const name = found.path.slice("schema.fields.".length);
    if (found.code !== "column-dropped" || !layout.has(name)) return found;
    return finding("clustered-column-dropped", {
      table: found.table,
      path: found.path,
      message: `Terraform plans to drop ${name} in place, and BigQuery refuses it, because the table is clustered or partitioned by it. The layout is changed only after the drop, so changing both at once does not help.`,
      remedy: "Change the clustering in one release and drop the column in a later one.",
    });
  });
  // The provider drops columns first and updates the table after: a refusal then leaves the columns dropped.
  if (!judged.some(({ effect }) => effect === "rejected")) return judged;
  return judged.map((found) =>
    found.code === "column-dropped"
      ? { ...found, message: `${found.message} It is dropped before the rest of the change is refused.` }
      : found,
  );
}

function compareClustering(old: ComparableTable, now: ComparableTable): readonly Finding[] {
  const [before, after] = [old.clustering?.fields ?? [], now.clustering?.fields ?? []];
  if (isDeepStrictEqual([...before], [...after])) return [];
  return [
    finding("clustering-changed", {
      table: now.tableId,
      path: "clustering.fields",
      message: `Terraform changes the clustering in place from ${names(before)} to ${names(after)}; only rows written from now on follow it.`,
      remedy: "Rewrite old partitions with an UPDATE of a column to itself if their queries became slow.",
    }),
  ];
}

function compareKeys(old: ComparableTable, now: ComparableTable): readonly Finding[] {
  const place = {
    table: now.tableId,
    remedy: "Make sure the rows agree: BigQuery does not enforce keys, yet trusts them.",
  };
  const message = "Terraform changes it in place where `declareConstraints` is on, and plans nothing elsewhere.";
  const [before, after] = [old.tableConstraints ?? {}, now.tableConstraints ?? {}];
  return [
    ...(isSame(before.primaryKey, after.primaryKey)
      ? []
      : [finding("primary-key-changed", { ...place, path: "tableConstraints.primaryKey", message })]),
    ...(isSame(before.foreignKeys, after.foreignKeys)
      ? []
      : [finding("foreign-keys-changed", { ...place, path: "tableConstraints.foreignKeys", message })]),
  ];
}

function compareEncryption(old: ComparableTable, now: ComparableTable): readonly Finding[] {
  const [before, after] = [old.encryptionConfiguration?.kmsKeyName, now.encryptionConfiguration?.kmsKeyName];
  if (before === after) return [];
  const place = { table: now.tableId, path: "encryptionConfiguration.kmsKeyName" };
  if (before !== undefined && after !== undefined) {
    return [
      finding("encryption-key-changed", {
        ...place,
        message: "Terraform changes the key in place; BigQuery encrypts the table anew.",
        remedy: "Keep the old key until it is done.",
      }),
    ];
  }
  return [
    finding("encryption-added-or-removed", {
      ...place,
      message: `Terraform replaces the table, because it ${after === undefined ? "loses its" : "gets a"} customer-managed key: all rows are lost.`,
      remedy: "Decide on a key before the first deployment, or copy the rows to a new version of the table.",
    }),
  ];
}

function compareText(old: ComparableTable, now: ComparableTable): readonly Finding[] {
  const place = { table: now.tableId, remedy: "Nothing to do." };
  return [
    ...((old.description ?? "") === (now.description ?? "")
      ? []
      : [
          finding("description-changed", {
            ...place,
            path: "description",
            message: "Terraform changes the table's description in place.",
          }),
        ]),
    ...(isSame(old.labels ?? {}, now.labels ?? {})
      ? []
      : [finding("labels-changed", { ...place, path: "labels", message: "Terraform changes labels in place." })]),
  ];
}

/** Equality of JSON values, where an absent value equals an empty list. */
function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a ?? [], b ?? []);
}

function names(columns: readonly string[]): string {
  return columns.length === 0 ? "none" : columns.join(", ");
}
