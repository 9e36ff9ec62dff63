import { defined } from "../../model/defined";
import { compareGrants, type GrantChange } from "../access/grant";
import { locationOf } from "./resource-location";
import { grantsOf, isAccessType, reachOf } from "./plan-grants";
import { type Action, type Attributes, holdsTrue, isMarked, type PlannedChange } from "./planned-change";

/** A permission that a planned change gives or takes. */
export interface PlannedGrant extends GrantChange {
  /** Attribute that says it. */
  readonly path: string;
  /** The plan marks it as sensitive: neither member nor role may be shown. */
  readonly isSensitive: boolean;
}

/** Attributes by which the resources say who may do what; the first that is set is where a finding points. */
const PATHS = ["member", "members", "policy_data", "access", "grantees", "special_group", "iam_member", "domain"];

/** Says which permissions a change gives and takes, whatever the form of the resource. */
export function checkAccess(planned: PlannedChange, action: Action): readonly PlannedGrant[] {
  if (!isAccessType(planned.type) || action === "no-op" || action === "read") return [];
  const { before, after } = planned.change;
  // A dataset that goes takes its whole access list with it, which its own finding says.
  if (!isPresent(after) && (action === "forget" || planned.type === "google_bigquery_dataset")) return [];
  const { table, tenant, environment } = locationOf(planned);
  const place = defined({ reach: reachOf(planned.type), table, tenant, environment });
  const [old, now] = [before, after].map((side) => grantsOf(planned.type, side ?? {}, place));
  const path = PATHS.find((name) => isSet(after, name) || isSet(before, name)) ?? "";
  const isSensitive = [planned.change.before_sensitive, planned.change.after_sensitive].some((marks) =>
    planned.type === "google_bigquery_dataset" ? isMarked(marks, "access") : holdsTrue(marks),
  );
  return compareGrants(old ?? [], now ?? []).map((change) => ({ ...change, path, isSensitive }));
}

function isPresent(attributes: Attributes | null | undefined): boolean {
  return attributes !== null && attributes !== undefined;
}

function isSet(attributes: Attributes | null | undefined, name: string): boolean {
  const value = attributes?.[name];
  return value !== undefined && value !== null && value !== "";
}
