import { titleInSentence } from "../catalogue/codes";
import { compareTable } from "../definitions/compare-table";
import { type Finding, finding, withEffect } from "../catalogue/finding";
import { destroyed, isMovedOrTriggered } from "./destroyed";
import { isWithoutRows, tableOf, text } from "./plan-table";
import { type Action, type Attributes, isMarked, type PlannedChange } from "./planned-change";

/** Judges a change of a `google_bigquery_table`. */
export function checkTable(planned: PlannedChange, action: Action): readonly Finding[] {
  const before = planned.change.before ?? {};
  const after = planned.change.after ?? {};
  const table = text(before["table_id"]) ?? text(after["table_id"]) ?? "*";
  if (action === "create") {
    return [finding("table-added", { table, path: "" }, { tenants: "one" })];
  }
  if (action === "update") return isWithoutRows(before) ? [] : checkUpdate(planned, before, after, table);
  if (action !== "delete" && action !== "replace") return [];
  if (isWithoutRows(before)) {
    return [finding("view-changed", { table, path: "" })];
  }
  const findings = action === "replace" ? checkReplaced(planned, before, after) : [];
  // What explains the replacement has the code that the definitions' comparison gives it, so that one allowance serves both.
  const isExplained = findings.some(({ effect }) => effect === "replace-table") && !isMovedOrTriggered(planned);
  return [...(isExplained ? [] : destroyed(planned, action, table)), ...findings];
}

function checkUpdate(planned: PlannedChange, before: Attributes, after: Attributes, table: string): readonly Finding[] {
  const findings = compareAttributes(planned, before, after).map((found) => {
    if (found.effect === "replace-table") {
      return withEffect(
        found,
        "rejected",
        `The plan says in place where google provider 6.50 would replace the table, and BigQuery refuses it at apply: ${titleInSentence(found.code)}.`,
      );
    }
    if (found.code === "column-dropped" && after["ignore_auto_generated_schema"] === true) {
      return finding("column-drop-refused", { table, path: found.path });
    }
    return found;
  });
  return [
    ...findings,
    ...checkUnknown(planned, table),
    ...checkExpirationTime(before, after, table),
    ...checkProtection(before, after, table),
  ];
}

/** Why the table is replaced, and what else changes with it. */
function checkReplaced(planned: PlannedChange, before: Attributes, after: Attributes): readonly Finding[] {
  return compareAttributes(planned, before, after).map((found) =>
    found.effect === "rejected" ? withEffect(found, "replace-table") : found,
  );
}

function compareAttributes(
  { address, change }: PlannedChange,
  before: Attributes,
  after: Attributes,
): readonly Finding[] {
  // What is known only at apply is taken as it was; checkUnknown reports it.
  const known = Object.fromEntries(
    Object.entries({ ...before, ...after }).filter(
      ([name]) => change.after_unknown === true || !isUnknown(change.after_unknown, name),
    ),
  );
  const unknown = Object.fromEntries(Object.entries(before).filter(([name]) => !(name in known)));
  return compareTable(tableOf(before, address), tableOf({ ...known, ...unknown }, address));
}

const DECISIVE = ["schema", "time_partitioning", "deletion_protection"] as const;

function checkUnknown({ change }: PlannedChange, table: string): readonly Finding[] {
  return DECISIVE.filter((name) => isUnknown(change.after_unknown, name)).map((name) =>
    finding("value-unknown", { table, path: name }, { attribute: name }),
  );
}

/** Whether the attribute as a whole is unknown; a part of a block may be computed, such as its expiration. */
function isUnknown(marks: unknown, name: string): boolean {
  return isMarked(marks, name) && (marks === true || (marks as Attributes)[name] === true);
}

function checkExpirationTime(before: Attributes, after: Attributes, table: string): readonly Finding[] {
  const [from, to] = [before, after].map(({ expiration_time: time }) =>
    typeof time === "number" && time > 0 ? time : Infinity,
  );
  if (from === undefined || to === undefined || to >= from) return [];
  return [finding("table-expiration-shortened", { table, path: "expiration_time" }, { at: new Date(to) })];
}

function checkProtection(before: Attributes, after: Attributes, table: string): readonly Finding[] {
  const [from, to] = [before["deletion_protection"] !== false, after["deletion_protection"] !== false];
  if (from === to) return [];
  return [finding(to ? "protection-raised" : "protection-lowered", { table, path: "deletion_protection" })];
}
