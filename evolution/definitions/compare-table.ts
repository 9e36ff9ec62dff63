import { isDeepStrictEqual } from "node:util";
import type { ComparableTable } from "../../model/columns/comparable";
import { titleInSentence } from "../catalogue/codes";
import { type Finding, finding, withEffect } from "../catalogue/finding";
import { compareColumns } from "./compare-columns";
import { compareEncryption } from "./compare-encryption";
import { comparePartitioning } from "./compare-partitioning";

/**
 * Says what Terraform and BigQuery do to a table when its definition changes from `old` to `now`.
 *
 * The order of columns does not matter to the result's effects; nothing but `tableId` is compared by name.
 */
export function compareTable(old: ComparableTable, now: ComparableTable): readonly Finding[] {
  const findings = [...compareParts(old, now)];
  return findings.some(({ effect }) => effect === "replace-table")
    ? findings.map(inReplacedTable)
    : clusteredDrops(old, findings);
}

function* compareParts(old: ComparableTable, now: ComparableTable): Generator<Finding> {
  const table = now.tableId;
  yield* compareColumns(table, old.schema.fields, now.schema.fields);
  yield* comparePartitioning(old, now);
  const clustering = [[...(old.clustering?.fields ?? [])], [...(now.clustering?.fields ?? [])]] as const;
  if (!isSame(...clustering)) {
    const [from, to] = clustering.map((columns) => (columns.length === 0 ? "none" : columns.join(", ")));
    yield finding("clustering-changed", { table, path: "clustering.fields" }, { from: from ?? "", to: to ?? "" });
  }
  if (!isSame(old.tableConstraints?.primaryKey, now.tableConstraints?.primaryKey)) {
    yield finding("primary-key-changed", { table, path: "tableConstraints.primaryKey" });
  }
  if (!isSame(old.tableConstraints?.foreignKeys, now.tableConstraints?.foreignKeys)) {
    yield finding("foreign-keys-changed", { table, path: "tableConstraints.foreignKeys" });
  }
  yield* compareEncryption(
    old.encryptionConfiguration?.kmsKeyName,
    now.encryptionConfiguration?.kmsKeyName,
    { table, path: "encryptionConfiguration.kmsKeyName" },
    "table",
  );
  if ((old.access ?? "tenant") !== (now.access ?? "tenant")) {
    yield finding(now.access === "keyAdmins" ? "key-table-closed" : "key-table-opened", { table, path: "access" });
  }
  if ((old.description ?? "") !== (now.description ?? "")) {
    const place = { table, path: "description" };
    yield finding("description-changed", place, { of: "table", attribute: "description" });
  }
  if (!isSame(old.labels ?? {}, now.labels ?? {})) yield finding("labels-changed", { table, path: "labels" });
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
    const name = columnOf(found);
    return found.code === "column-dropped" && layout.has(name)
      ? finding("clustered-column-dropped", { table: found.table, path: found.path }, { name })
      : found;
  });
  if (!judged.some(({ effect }) => effect === "rejected")) return judged;
  return judged.map((found) =>
    found.code === "column-dropped"
      ? finding(
          "column-dropped",
          { table: found.table, path: found.path },
          { name: columnOf(found), isRestRefused: true },
        )
      : found,
  );
}

/** The top-level column that a finding is about. */
function columnOf({ path }: Finding): string {
  return path.slice("schema.fields.".length);
}

/** Equality of JSON values, where an absent value equals an empty list. */
function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a ?? [], b ?? []);
}
