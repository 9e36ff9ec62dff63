import type { ComparableColumn } from "../../model/columns/comparable";
import { titleInSentence } from "../catalogue/codes";
import { compareTable } from "../definitions/compare-table";
import { type Finding, finding, withEffect } from "../catalogue/finding";
import { checkDeletionPolicy } from "./check-protection";
import { destroyed, isMovedOrTriggered } from "./destroyed";
import { isWithoutRows, tableOf, text } from "./plan-table";
import { type Action, type Attributes, isMarked, type PlannedChange } from "./planned-change";

/** Judges a change of an existing `google_bigquery_table`. */
export function checkTable(planned: PlannedChange, action: Action): readonly Finding[] {
  const before = planned.change.before ?? {};
  const after = planned.change.after ?? {};
  const table = text(before["table_id"]) ?? text(after["table_id"]) ?? "*";
  if (action === "update") return isWithoutRows(before) ? [] : checkUpdate(planned, before, after, table);
  if (action !== "delete" && action !== "replace") return [];
  if (isWithoutRows(before)) {
    return [finding("view-changed", { table, path: "" })];
  }
  const findings = action === "replace" ? checkReplaced(planned, before, after, table) : [];
  // What explains the replacement has the code that the definitions' comparison gives it, so that one allowance serves both.
  const isExplained = findings.some(({ effect }) => effect === "replace-table") && !isMovedOrTriggered(planned);
  return [...(isExplained ? [] : destroyed(planned, action, table)), ...findings];
}

function checkUpdate(planned: PlannedChange, before: Attributes, after: Attributes, table: string): readonly Finding[] {
  const findings = compareAttributes(planned, before, after).flatMap((found) => {
    if (found.effect === "replace-table") {
      return [
        withEffect(
          found,
          "rejected",
          `The plan says in place where google provider 6.50 would replace the table, and BigQuery refuses it at apply: ${titleInSentence(found.code)}.`,
        ),
      ];
    }
    if (found.code === "column-dropped" && after["ignore_auto_generated_schema"] === true) {
      const place = { table, path: found.path };
      const name = found.path.split(".").at(-1) ?? found.path;
      return [finding("column-drop-refused", place), finding("column-kept", place, { name })];
    }
    return [found];
  });
  const tags = new Set(findings.filter(({ code }) => code === "policy-tag-removed").map(({ path }) => path));
  return [
    ...findings,
    ...checkTags(planned, before, after, table).filter(({ path }) => !tags.has(path)),
    ...checkRest(before, after, table),
  ];
}

function checkRest(before: Attributes, after: Attributes, table: string): readonly Finding[] {
  return [
    ...checkExpirationTime(before, after, table),
    ...checkProtection(before, after, table),
    ...checkDeletionPolicy(before, after, table),
  ];
}

/** Columns that lose what keeps some readers from their values. */
function checkTags(planned: PlannedChange, before: Attributes, after: Attributes, table: string): readonly Finding[] {
  if (isUnknown(planned.change.after_unknown, "schema")) return [];
  const [old, now] = [before, after].map((side) => taggedColumns(tableOf(side, planned.address).schema.fields));
  const kept = columnNames(tableOf(after, planned.address).schema.fields);
  return [...(old ?? [])].flatMap(([name, tags]) => {
    const left = now?.get(name) ?? [];
    if (!kept.has(name) || tags.every((tag) => left.includes(tag))) return [];
    return [finding("policy-tag-removed", { table, path: `schema.fields.${name}` }, { name, isByHand: false })];
  });
}

/** What guards each column, at any depth: policy tags by name, data policies as they are. */
export function taggedColumns(
  columns: readonly ComparableColumn[],
  prefix = "",
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    columns.flatMap((column): (readonly [string, readonly string[]])[] => {
      const { dataPolicies = [] } = column as { readonly dataPolicies?: readonly unknown[] };
      const tags = [
        ...(column.policyTags?.names ?? []),
        ...[dataPolicies].flat().map((policy) => JSON.stringify(policy)),
      ];
      const name = prefix + column.name;
      return [...(tags.length === 0 ? [] : [[name, tags] as const]), ...taggedColumns(column.fields ?? [], `${name}.`)];
    }),
  );
}

function columnNames(columns: readonly ComparableColumn[], prefix = ""): ReadonlySet<string> {
  return new Set(
    columns.flatMap((column) => [
      prefix + column.name,
      ...columnNames(column.fields ?? [], `${prefix}${column.name}.`),
    ]),
  );
}

/** Why the table is replaced, and what else changes with it. */
function checkReplaced(
  planned: PlannedChange,
  before: Attributes,
  after: Attributes,
  table: string,
): readonly Finding[] {
  return [
    ...compareAttributes(planned, before, after).map((found) =>
      found.effect === "rejected" ? withEffect(found, "replace-table") : found,
    ),
    ...checkTags(planned, before, after, table),
    ...checkRest(before, after, table),
  ];
}

function compareAttributes(
  { address, change }: PlannedChange,
  before: Attributes,
  after: Attributes,
): readonly Finding[] {
  // What is known only at apply is taken as it was; the closed reading reports it.
  const known = Object.fromEntries(
    Object.entries({ ...before, ...after }).filter(
      ([name]) => change.after_unknown === true || !isUnknown(change.after_unknown, name),
    ),
  );
  const unknown = Object.fromEntries(Object.entries(before).filter(([name]) => !(name in known)));
  return compareTable(tableOf(before, address), tableOf({ ...known, ...unknown }, address));
}

/** Whether the attribute as a whole is unknown; a part of a block may be computed, such as its expiration. */
function isUnknown(marks: unknown, name: string): boolean {
  return isMarked(marks, name) && (marks === true || (marks as Attributes)[name] === true);
}

/** An expiration of the table as a whole that it gets, or an earlier one. */
export function checkExpirationTime(before: Attributes, after: Attributes, table: string): readonly Finding[] {
  const [from, to] = [before, after].map(({ expiration_time: time }) =>
    typeof time === "number" && time > 0 ? time : Infinity,
  );
  if (from === undefined || to === undefined || to >= from) return [];
  return [finding("table-expiration-shortened", { table, path: "expiration_time" }, { at: new Date(to) })];
}

/** Deletion protection turned on or off; it is on where nothing says so. */
export function checkProtection(before: Attributes, after: Attributes, table: string): readonly Finding[] {
  const [from, to] = [before["deletion_protection"] !== false, after["deletion_protection"] !== false];
  if (from === to) return [];
  return [finding(to ? "protection-raised" : "protection-lowered", { table, path: "deletion_protection" })];
}
