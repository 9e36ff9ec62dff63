import { own } from "../../model/own";
import { type Finding, finding } from "../catalogue/finding";
import { CLASSIFIED_TYPES } from "./attributes/classified-types";
import { type AttributeFindings, checkAttributes, rootOf } from "./check-attributes";
import { checkAccess } from "./check-access";
import { checkCreatedDataset, checkCreatedTable } from "./check-created";
import { checkDataset } from "./check-dataset";
import { deletionPolicyOf } from "./check-protection";
import { checkTable } from "./check-table";
import { because } from "./destroyed";
import { locationOf } from "./resource-location";
import { isAccessType } from "./plan-grants";
import { isKnownSource } from "./provider-version";
import { type Action, actionOf, isMarked, type PlannedChange } from "./planned-change";

/** A change as its own rules and the closed reading of its attributes judge it; grants aside. */
export interface CheckedResource extends AttributeFindings {
  readonly action: Action;
}

/**
 * Judges one planned change by itself, without what the rest of the plan says.
 *
 * @throws UsageError for an action that this version does not know, which may be one that loses data.
 */
export function checkResource(change: PlannedChange): CheckedResource {
  const planned = actionOf(change);
  const action = isAbandoned(change, planned) ? "forget" : planned;
  const { table } = locationOf(change);
  const ruled = [...ownRules(change, action, table), ...checkIdentity(change, action, table)];
  const attributes = checkAttributes(change, action, table, ruled);
  return {
    action,
    findings: [...ruled, ...attributes.findings].map((found) => redact(found, change)),
    unknown: attributes.unknown,
    roots: attributes.roots,
  };
}

/** With `deletion_policy` ABANDON the provider leaves what it would destroy as it is. */
function isAbandoned({ change }: PlannedChange, action: Action): boolean {
  return action === "delete" && deletionPolicyOf(change.before ?? {}) === "ABANDON";
}

function ownRules(change: PlannedChange, action: Action, table: string): readonly Finding[] {
  if (change.type === "google_bigquery_table") {
    return action === "create" ? checkCreatedTable(change, table) : checkTable(change, action);
  }
  if (change.type === "google_bigquery_dataset") {
    return action === "create" ? checkCreatedDataset(change) : checkDataset(change, action);
  }
  const place = { table, path: "" };
  if (action === "delete" || action === "replace") {
    if (change.type === "terraform_data") return [finding("state-value-destroyed", place)];
    if (isAccessType(change.type) && !isRestriction(change.type)) {
      if (action === "replace") return [finding("grant-renewed", place)];
      // Who loses access by it is said grant by grant.
      if (checkAccess(change, action).length > 0) return [];
    }
    const details = { type: change.type, comesBack: action === "replace", because: because(change) };
    return [finding("resource-destroyed", place, details)];
  }
  if (CLASSIFIED_TYPES.has(change.type) || action === "no-op" || action === "read" || action === "forget") return [];
  return [finding("resource-unclassified", place, { type: change.type })];
}

/** What keeps readers from rows or values: without it they see more. */
function isRestriction(type: string): boolean {
  return type === "google_bigquery_row_access_policy" || type.endsWith("_data_policy");
}

/** Whose resource it is; moves and imports, harmless by themselves, worth a line for the reviewer. */
function* checkIdentity(change: PlannedChange, action: Action, table: string): Generator<Finding> {
  const place = { table, path: "" };
  const { address: to, previous_address: from = to } = change;
  const { provider_name: source } = change;
  if (change.type.startsWith("google_") && source !== undefined && !isKnownSource(source)) {
    yield finding("provider-foreign", place, { source });
  }
  if (from !== to) yield finding("resource-renamed", place, { from, to });
  if (change.change.importing !== undefined && change.change.importing !== null) {
    yield finding("resource-imported", place, { isChanged: action === "update" });
  }
  if (action === "forget") yield finding("resource-forgotten", place);
}

/** Terraform's names of what findings name as definitions do; more than one where a finding speaks of several. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  timePartitioning: ["time_partitioning", "range_partitioning"],
  requirePartitionFilter: ["require_partition_filter", "time_partitioning"],
  tableConstraints: ["table_constraints"],
  encryptionConfiguration: ["encryption_configuration"],
  projectId: ["project"],
  datasetId: ["dataset_id"],
  friendlyName: ["friendly_name"],
  defaultPartitionExpirationMs: ["default_partition_expiration_ms"],
  defaultTableExpirationMs: ["default_table_expiration_ms"],
  maxTimeTravelHours: ["max_time_travel_hours"],
  defaultEncryptionConfiguration: ["default_encryption_configuration"],
  deletionProtection: ["delete_contents_on_destroy"],
};

/** `terraform show -json` holds sensitive values in plain text: a finding about one names neither value nor column. */
function redact(found: Finding, { change }: PlannedChange): Finding {
  const root = rootOf(found.path);
  const secret = (own(ATTRIBUTES, root) ?? [root]).find(
    (name) => name !== "" && (isMarked(change.before_sensitive, name) || isMarked(change.after_sensitive, name)),
  );
  if (secret === undefined) return found;
  return {
    ...found,
    path: root,
    message: `The plan changes ${secret}, whose value is sensitive and not shown here.`,
    remedy: "Look at the plan where you may, and judge it by the code's description in docs/schema-evolution.md.",
  };
}
