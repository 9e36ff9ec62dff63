import { isDeepStrictEqual } from "node:util";
import { isSameTypeToBigQuery, isSameTypeToProvider, isWidening } from "../../model/columns/column-types";
import { type ComparableColumn, modeOf } from "../../model/columns/comparable";
import { own } from "../../model/own";
import { type Finding, finding, type FindingLocation } from "../catalogue/finding";

/** Compares one column with what it was, nested fields aside. */
export function* compareColumn(
  old: ComparableColumn,
  now: ComparableColumn,
  place: FindingLocation,
  level: "top" | "nested",
): Generator<Finding> {
  yield* compareType(old, now, place, level);
  yield* compareMode(old, now, place);
  yield* compareDefault(old, now, place);
  yield* compareAllowedValues(old, now, place);
  yield* compareOthers(old, now, place);
  if ((old.description ?? "") !== (now.description ?? "")) yield finding("column-description-changed", place, now);
  if (policyTag(old) !== policyTag(now)) {
    yield finding("policy-tags-changed", place, { name: now.name, isRemoved: policyTag(now) === "" });
    // Whoever could not see behind the old tag may see behind another.
    if (policyTag(old) !== "") yield finding("policy-tag-removed", place, { name: now.name, isByHand: false });
  }
}

function* compareType(
  old: ComparableColumn,
  now: ComparableColumn,
  place: FindingLocation,
  level: "top" | "nested",
): Generator<Finding> {
  const { type: from } = old;
  const { type: to } = now;
  if (isSameTypeToProvider(from, to)) return;
  if (isSameTypeToBigQuery(from, to)) yield finding("column-type-respelled", place, { from, to });
  else if (isWidening(from, to) && modeOf(old) !== "REPEATED" && level === "top") {
    yield finding("column-type-widened", place, { from, to });
  } else yield finding("column-type-changed", place, { from, to });
}

function* compareMode(old: ComparableColumn, now: ComparableColumn, place: FindingLocation): Generator<Finding> {
  const [from, to] = [modeOf(old), modeOf(now)];
  if (from === to) return;
  const change = { name: now.name, from, to, isRecord: now.fields !== undefined };
  if (from === "REQUIRED" && to === "NULLABLE") yield finding("column-mode-relaxed", place, now);
  else if (from === "NULLABLE" && to === "REQUIRED") yield finding("column-mode-tightened", place, change);
  else yield finding("column-repetition-changed", place, change);
}

function* compareDefault(old: ComparableColumn, now: ComparableColumn, place: FindingLocation): Generator<Finding> {
  const [before, after] = [old.defaultValueExpression ?? "", now.defaultValueExpression ?? ""];
  if (before === after) return;
  if (after === "" && modeOf(now) === "REQUIRED") yield finding("required-column-default-removed", place, now);
  else yield finding("column-default-changed", place, { name: now.name, isRemoved: after === "" });
}

function* compareAllowedValues(
  { allowedValues: before }: ComparableColumn,
  { name, allowedValues: after }: ComparableColumn,
  place: FindingLocation,
): Generator<Finding> {
  const removed = after === undefined ? [] : (before ?? ["any other value"]).filter((value) => !after.includes(value));
  const added = before === undefined ? [] : (after ?? ["any value"]).filter((value) => !before.includes(value));
  if (removed.length > 0) yield finding("allowed-value-removed", place, { name, values: removed });
  if (added.length > 0) yield finding("allowed-value-added", place, { name, values: added });
}

/** What has a code of its own. */
const JUDGED: Readonly<Record<keyof ComparableColumn, true>> = {
  name: true,
  type: true,
  mode: true,
  description: true,
  fields: true,
  policyTags: true,
  defaultValueExpression: true,
  allowedValues: true,
};

/** What a definition of ours cannot hold, but a plan of another program can: `maxLength`, `precision`, `collation`… */
function* compareOthers(old: ComparableColumn, now: ComparableColumn, place: FindingLocation): Generator<Finding> {
  for (const attribute of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (Object.hasOwn(JUDGED, attribute)) continue;
    const [before, after]: readonly unknown[] = [old, now].map((column) => own({ ...column }, attribute));
    if (isDeepStrictEqual(before, after)) continue;
    const inside = { table: place.table, path: `${place.path}.${attribute}` };
    yield finding("column-attribute-changed", inside, { name: now.name, attribute });
  }
}

/** The column's policy tag; an empty object or list is none, as it is for the provider. */
function policyTag({ policyTags }: ComparableColumn): string {
  return policyTags?.names?.join() ?? "";
}
