import { UsageError } from "../../model/errors";
import { type Finding, finding } from "../catalogue/finding";
import { checkAccess } from "./check-access";
import { checkDataset } from "./check-dataset";
import { checkTable } from "./check-table";
import { placeOf } from "./place";
import { type Action, actionOf, isMarked, type PlannedChange } from "./planned-change";

/** What the check is told about a plan. */
export interface PlanContext {
  /** Environment that the plan is for; else the label `environment` of each resource. */
  readonly environment?: string;
}

/**
 * Judges one planned change; resources that are neither BigQuery's nor grants give nothing.
 *
 * @throws {@link UsageError} for an action that this version does not know, which may be one that loses data.
 */
export function checkChange(change: PlannedChange, context: PlanContext = {}): readonly Finding[] {
  const isTable = change.type === "google_bigquery_table";
  const isDataset = change.type === "google_bigquery_dataset";
  if (!isTable && !isDataset && !/^google_.*_(?:iam_(?:member|binding|policy)|access)$/.test(change.type)) return [];
  const action = actionOf(change);
  if (action === undefined) {
    throw new UsageError(
      `${change.address}: unknown actions ${JSON.stringify(change.change.actions)}. Update tenant-metadata before you rely on this plan.`,
    );
  }
  const findings = [
    ...(isTable ? checkTable(change, action) : isDataset ? checkDataset(change, action) : []),
    ...checkAccess(change, action),
    ...(isTable || isDataset ? checkIdentity(change, action) : []),
  ];
  if (findings.length === 0) return findings;
  const place = placeOf(change, context.environment);
  return findings.map((found) => ({ ...redact(found, change), ...place }));
}

/** Moves and imports: harmless by themselves, worth a line for the reviewer. */
function* checkIdentity(change: PlannedChange, action: Action): Generator<Finding> {
  const place = { table: placeOf(change).table, path: "" };
  const { address: to, previous_address: from = to } = change;
  if (from !== to) yield finding("resource-renamed", place, { from, to });
  if (change.change.importing !== undefined && change.change.importing !== null) {
    yield finding("resource-imported", place, { isChanged: action === "update" });
  }
  if (action === "forget") yield finding("resource-forgotten", place);
}

/** Terraform's names of what findings name as definitions do. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  timePartitioning: "time_partitioning",
  requirePartitionFilter: "require_partition_filter",
  tableConstraints: "table_constraints",
  encryptionConfiguration: "encryption_configuration",
  projectId: "project",
  datasetId: "dataset_id",
  friendlyName: "friendly_name",
  defaultPartitionExpirationMs: "default_partition_expiration_ms",
  defaultTableExpirationMs: "default_table_expiration_ms",
  maxTimeTravelHours: "max_time_travel_hours",
  defaultEncryptionConfiguration: "default_encryption_configuration",
};

/** `terraform show -json` holds sensitive values in plain text: a finding about one names neither value nor column. */
function redact(found: Finding, { change }: PlannedChange): Finding {
  const [root = ""] = found.path.split(".");
  const attribute = ATTRIBUTES[root] ?? root;
  if (
    attribute === "" ||
    !(isMarked(change.before_sensitive, attribute) || isMarked(change.after_sensitive, attribute))
  ) {
    return found;
  }
  return {
    ...found,
    path: root,
    message: `The plan changes ${attribute}, whose value is sensitive and not shown here.`,
    remedy: "Look at the plan where you may, and judge it by the code's description in docs/schema-evolution.md.",
  };
}
