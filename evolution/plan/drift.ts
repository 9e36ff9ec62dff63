import { type Finding, finding } from "../catalogue/finding";
import { CLASSIFIED_TYPES } from "./attributes/classified-types";
import { changedAttributes } from "./changed-attributes";
import { rootOf } from "./check-attributes";
import { taggedColumns } from "./check-table";
import { tableOf } from "./plan-table";
import { actionOf, type PlannedChange } from "./planned-change";

/** What happened to a resource outside Terraform since the last apply. */
export interface Drift {
  readonly isGone: boolean;
  /** Attributes that were changed, without those inside blocks. */
  readonly roots: ReadonlySet<string>;
  /** Columns that were given a policy tag or data policy. */
  readonly tagged: ReadonlySet<string>;
}

/** Reads an entry of `resource_drift`; `undefined` when nothing of weight happened. */
export function driftOf(drifted: PlannedChange): Drift | undefined {
  const described = CLASSIFIED_TYPES.get(drifted.type);
  if (actionOf(drifted) === "delete") return { isGone: true, roots: new Set(), tagged: new Set() };
  if (described === undefined) return undefined;
  const { before, after } = drifted.change;
  const roots = changedAttributes(described, { before, after, unknown: {} })
    .filter(({ class: touches }) => touches !== "harmless")
    .map(({ path }) => rootOf(path));
  if (roots.length === 0) return undefined;
  return { isGone: false, roots: new Set(roots), tagged: roots.includes("schema") ? newlyTagged(drifted) : new Set() };
}

function newlyTagged({ type, address, change: { before, after } }: PlannedChange): ReadonlySet<string> {
  if (type !== "google_bigquery_table") return new Set();
  const [old, now] = [before, after].map((side) => taggedColumns(tableOf(side ?? {}, address).schema.fields));
  return new Set(
    [...(now ?? [])].filter(([name, tags]) => tags.some((tag) => !old?.get(name)?.includes(tag))).map(([name]) => name),
  );
}

/** A finding in the light of what happened outside Terraform: a table that is gone is not just created. */
export function inLightOf(found: Finding, drift: Drift | undefined): Finding {
  if (drift === undefined) return found;
  const again = (code: "table-vanished" | "dataset-vanished") => ({ ...found, ...finding(code, place(found)) });
  if (drift.isGone && found.code === "table-added") return again("table-vanished");
  if (drift.isGone && found.code === "dataset-added") return again("dataset-vanished");
  const column = found.path.replace(/^schema\.fields\./, "");
  if (found.code !== "policy-tag-removed" || !drift.tagged.has(column)) return found;
  return { ...found, ...finding("policy-tag-removed", place(found), { name: column, isByHand: true }) };
}

function place({ table, path }: Finding): Pick<Finding, "table" | "path"> {
  return { table, path };
}
