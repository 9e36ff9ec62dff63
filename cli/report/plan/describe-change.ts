import type { JudgedFinding } from "../../../evolution/allowances/judge";
import { isWorse, worstEffect } from "../../../evolution/catalogue/effect";
import { own } from "../../../model/own";
import { type ColumnChange, diffColumns } from "./column-diff";
import { isWithoutRows, tableOf, text } from "../../../evolution/plan/plan-table";
import {
  type Action,
  type Attributes,
  isMarked,
  isRecord,
  type PlannedChange,
} from "../../../evolution/plan/planned-change";

/** What happens to a resource, in the words of the page and the comment. */
export const OUTCOMES = [
  "rejected",
  "destroyed",
  "replaced",
  "column dropped",
  "changed",
  "forgotten",
  "created",
] as const;

/** In order from worst to harmless; `column dropped` is an update in place that loses a column's data. */
export type Outcome = (typeof OUTCOMES)[number];

/** What a resource is to a reader of the plan. */
export type ResourceKind = "dataset" | "table" | "grant" | "other";

/** One attribute that changes, its values ready to print. */
export interface AttributeChange {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** One planned change, described without the names that differ from tenant to tenant. */
export interface DescribedChange {
  readonly kind: ResourceKind;
  readonly outcome: Outcome;
  /** Table id; `*` for a dataset, the state address for what is neither. */
  readonly table: string;
  /** Of a grant: who may do what, e.g. `group:auditors@example.com` and `reads`. */
  readonly grant?: { readonly member: string; readonly verb: string };
  /** What is created or destroyed, in a line: `13 columns, by DAY of start_time, clustered by tenant_id, status`. */
  readonly shape: string;
  readonly columns: readonly ColumnChange[];
  readonly attributes: readonly AttributeChange[];
}

/** Describes a change; `undefined` when nothing happens. */
export function describeChange(
  planned: PlannedChange,
  action: Action,
  findings: readonly JudgedFinding[],
): DescribedChange | undefined {
  if (action === "no-op" || action === "read") return undefined;
  const { before, after } = planned.change;
  const [old, now] = [before ?? {}, after ?? {}];
  const kind = kindOf(planned.type);
  const isUpdate = action === "update" || action === "replace";
  const table = kind === "dataset" ? "*" : kind === "other" ? planned.address : tableId(now, old);
  return {
    kind,
    outcome: outcomeOf(action, findings),
    table,
    ...(kind === "grant" ? { grant: grantOf(action === "delete" || action === "forget" ? old : now) } : {}),
    shape: shapeOf(kind, action === "delete" || action === "forget" ? old : now, planned.address),
    columns: kind === "table" && isUpdate ? columnsOf(planned, old, now) : [],
    attributes: isUpdate ? attributesOf(planned, old, now) : [],
  };
}

function kindOf(type: string): ResourceKind {
  if (type === "google_bigquery_dataset") return "dataset";
  if (type === "google_bigquery_table") return "table";
  return type.startsWith("google_bigquery_") && type.endsWith("_iam_member") ? "grant" : "other";
}

function tableId(now: Attributes, old: Attributes): string {
  return (text(now["table_id"]) ?? text(old["table_id"]))?.split("/").at(-1) ?? "*";
}

function outcomeOf(action: Action, findings: readonly JudgedFinding[]): Outcome {
  const simple: Partial<Record<Action, Outcome>> = {
    create: "created",
    delete: "destroyed",
    replace: "replaced",
    forget: "forgotten",
  };
  const worst = worstEffect(findings);
  if (worst === "rejected") return "rejected";
  return simple[action] ?? (isWorse(worst, "in-place") ? "column dropped" : "changed");
}

const VERBS: Readonly<Record<string, string>> = {
  "roles/bigquery.dataViewer": "reads",
  "roles/bigquery.dataEditor": "writes",
};

function grantOf(attributes: Attributes): NonNullable<DescribedChange["grant"]> {
  const role = text(attributes["role"]) ?? "an unknown role";
  return { member: text(attributes["member"]) ?? "someone", verb: own(VERBS, role) ?? `has ${role} on` };
}

function shapeOf(kind: ResourceKind, attributes: Attributes, address: string): string {
  if (kind === "dataset") {
    const location = text(attributes["location"]);
    return location === undefined ? "" : `in ${location}`;
  }
  if (kind !== "table") return "";
  if (isWithoutRows(attributes)) return "a view or external table";
  if (typeof attributes["schema"] !== "string") return "columns known after apply";
  const { schema, timePartitioning, clustering } = tableOf(attributes, address);
  return [
    `${schema.fields.length} columns`,
    ...(timePartitioning === undefined
      ? ["not partitioned"]
      : [`by ${timePartitioning.type} of ${timePartitioning.field ?? "ingestion"}`]),
    ...(clustering === undefined ? [] : [`clustered by ${clustering.fields.join(", ")}`]),
  ].join(", ");
}

function columnsOf({ address, change }: PlannedChange, old: Attributes, now: Attributes): readonly ColumnChange[] {
  const isSecret = isMarked(change.before_sensitive, "schema") || isMarked(change.after_sensitive, "schema");
  if (isSecret || typeof now["schema"] !== "string") return [];
  return diffColumns(tableOf(old, address).schema.fields, tableOf(now, address).schema.fields);
}

/** Shown elsewhere, or the provider's own bookkeeping. */
const NOT_SHOWN = new Set(["schema", "effective_labels", "terraform_labels", "etag", "last_modified_time", "id"]);

function attributesOf({ change }: PlannedChange, old: Attributes, now: Attributes): readonly AttributeChange[] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((name) => !NOT_SHOWN.has(name)).sort();
  return names.flatMap((name) => {
    const unknown = isRecord(change.after_unknown) && isMarked(change.after_unknown, name);
    // A computed value that is only not known yet is no change worth a reader's time.
    if (unknown && now[name] === undefined) return [];
    const [before, after] = [JSON.stringify(old[name] ?? null), JSON.stringify(now[name] ?? null)];
    if (before === after) return [];
    const isSecret = isMarked(change.before_sensitive, name) || isMarked(change.after_sensitive, name);
    const print = (value: string): string => (isSecret ? "(sensitive)" : shorten(value));
    return [{ name, before: print(before), after: print(after) }];
  });
}

const MAX_VALUE = 120;

function shorten(json: string): string {
  if (json === "null") return "none";
  return json.length > MAX_VALUE ? `${json.slice(0, MAX_VALUE - 1)}…` : json;
}
