import { isDeepStrictEqual } from "node:util";
import type { ComparableColumn } from "../../model/columns/comparable";
import { own } from "../../model/own";
import { type Finding, finding } from "../catalogue/finding";
import { CLASSIFIED_TYPES } from "./attributes/classified-types";
import { type ChangedAttribute, changedAttributes } from "./changed-attributes";
import { grantsOf, isGrantAttribute } from "./plan-grants";
import { tableOf } from "./plan-table";
import type { Action, PlannedChange } from "./planned-change";

/** An attribute whose value the plan does not know, as a finding that the configuration may explain. */
export interface UnknownValue {
  /** `time_partitioning.expiration_ms`. */
  readonly path: string;
  readonly finding: Finding;
}

/** What the closed reading of a change adds to what its own rules found. */
export interface AttributeFindings {
  readonly findings: readonly Finding[];
  readonly unknown: readonly UnknownValue[];
  /** Names of the attributes that change, without those inside blocks. */
  readonly roots: readonly string[];
}

/**
 * Judges every attribute that no rule of its own has spoken of, so that none is ever passed over in silence.
 *
 * @param spoken - findings of the resource's own rules.
 */
export function checkAttributes(
  planned: PlannedChange,
  action: Action,
  table: string,
  spoken: readonly Finding[],
): AttributeFindings {
  const described = CLASSIFIED_TYPES.get(planned.type);
  if (described === undefined || !["create", "update", "replace", "forget"].includes(action)) {
    return { findings: [], unknown: [], roots: [] };
  }
  const { before, after, after_unknown: unknown } = planned.change;
  // Nothing is lost or opened by giving something new the values that its reviewers see.
  const isNew = action === "create" || (action === "forget" && after !== null && after !== undefined);
  if (action === "forget" && !isNew) return { findings: [], unknown: [], roots: [] };
  const sides = { before: isNew ? {} : before, after, unknown: unknown === true ? allUnknown(described) : unknown };
  const changed = changedAttributes(described, sides);
  const unclear = changed.filter(({ isUnknown, class: touches }) => isUnknown && touches !== "harmless");
  return {
    findings: changed
      .filter((attribute) => !attribute.isUnknown || attribute.class === undefined)
      .filter((attribute) => attribute.class === undefined || (!isNew && !isSpokenOf(planned, attribute, spoken)))
      .map(({ path, class: touches }) =>
        touches === undefined
          ? finding("attribute-unclassified", { table, path }, { attribute: path, type: planned.type })
          : finding("attribute-changed", { table, path }, { attribute: path, touches }),
      ),
    unknown: unclear
      .filter(({ class: touches }) => touches !== undefined)
      .map(({ path }) => ({ path, finding: finding("value-unknown", { table, path }, { attribute: path }) })),
    roots: [...new Set(changed.map(({ path }) => rootOf(path)))],
  };
}

function allUnknown(described: object): object {
  return Object.fromEntries(Object.keys(described).map((name) => [name, true]));
}

/** The first name of a path. */
export function rootOf(path: string): string {
  return path.split(".", 1)[0] ?? path;
}

/** Where the findings of a table's and a dataset's own rules are, by the attributes that they judge. */
const SPOKEN: Readonly<Record<string, string>> = {
  clustering: "clustering",
  deletion_policy: "deletion_policy",
  deletion_protection: "deletion_protection",
  encryption_configuration: "encryptionConfiguration",
  expiration_time: "expiration_time",
  range_partitioning: "timePartitioning",
  require_partition_filter: "requirePartitionFilter",
  schema: "schema",
  "table_constraints.foreign_keys": "tableConstraints.foreignKeys",
  "table_constraints.primary_key": "tableConstraints.primaryKey",
  "time_partitioning.expiration_ms": "timePartitioning.expirationMs",
  "time_partitioning.field": "timePartitioning.field",
  "time_partitioning.require_partition_filter": "requirePartitionFilter",
  "time_partitioning.type": "timePartitioning.type",
  dataset_id: "dataset_id",
  project: "project",
  table_id: "table_id",
  location: "location",
  default_encryption_configuration: "defaultEncryptionConfiguration",
  default_partition_expiration_ms: "defaultPartitionExpirationMs",
  default_table_expiration_ms: "defaultTableExpirationMs",
  delete_contents_on_destroy: "deletionProtection",
  max_time_travel_hours: "maxTimeTravelHours",
};

function isSpokenOf(
  planned: PlannedChange,
  { path, class: touches }: ChangedAttribute,
  spoken: readonly Finding[],
): boolean {
  if (touches === "harmless") return true;
  if (isGrantAttribute(planned.type, path)) return hasGrants(planned);
  const place = Object.entries(SPOKEN).find(([attribute]) => isWithin(path, attribute))?.[1];
  const isSpoken = place !== undefined && spoken.some(({ path: at }) => isWithin(at, place) || isWithin(place, at));
  return isSpoken || isSameInOtherWords(planned, path);
}

/** Whether there is a grant on either side, so that the comparison of grants speaks of it. */
function hasGrants({ type, change }: PlannedChange): boolean {
  const place = { reach: "table", table: "" } as const;
  return [change.before, change.after].some((side) => grantsOf(type, side ?? {}, place).length > 0);
}

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || (outer !== "" && inner.startsWith(`${outer}.`));
}

/** Differences that the provider suppresses: JSON written differently, the order of columns, `EU` and `eu`. */
function isSameInOtherWords({ address, change }: PlannedChange, path: string): boolean {
  const [before, after] = [change.before?.[path], change.after?.[path]];
  if (path === "location") return String(before).toUpperCase() === String(after).toUpperCase();
  if (path !== "schema") return false;
  return isDeepStrictEqual(
    canonicalColumns(tableOf({ schema: before }, address).schema.fields),
    canonicalColumns(tableOf({ schema: after }, address).schema.fields),
  );
}

const ALIASES: Readonly<Record<string, string>> = { INT64: "INTEGER", FLOAT64: "FLOAT", BOOL: "BOOLEAN" };

function canonicalColumns(columns: readonly ComparableColumn[]): unknown {
  return new Map(
    columns
      .map((column): [string, unknown] => {
        const type = column.type.toUpperCase();
        const { fields = [], description = "", mode = "NULLABLE", policyTags, ...rest } = column;
        const tags = policyTags?.names ?? [];
        return [
          column.name,
          { ...rest, type: own(ALIASES, type) ?? type, mode, description, tags, fields: canonicalColumns(fields) },
        ];
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
