import { canonicalRole, type Grant } from "../access/grant";
import { text } from "./plan-table";
import { type Attributes, isRecord } from "./planned-change";

/** Where the grants of a resource hold. */
export type GrantPlace = Pick<Grant, "reach" | "table" | "tenant" | "environment">;

const IAM = /_iam_(member|binding|policy)$/;

/** Resources that name who may read what they let through, with the role that being named is. */
const WITH_GRANTEES: Readonly<Record<string, string>> = {
  google_bigquery_row_access_policy: "roles/bigquery.filteredDataViewer",
  google_bigquery_datapolicyv2_data_policy: "roles/bigquerydatapolicy.maskedReader",
};
const ACCESS_ENTRIES = { google_bigquery_dataset: true, google_bigquery_dataset_access: true };
const GRANT_ATTRIBUTES = new Set([
  "condition",
  "dataset",
  "domain",
  "group_by_email",
  "iam_member",
  "member",
  "members",
  "policy_data",
  "role",
  "routine",
  "special_group",
  "user_by_email",
  "view",
]);

/** Whether a resource of this type says who may do what. */
export function isAccessType(type: string): boolean {
  return IAM.test(type) || WITH_GRANTEES[type] !== undefined || Object.hasOwn(ACCESS_ENTRIES, type);
}

/** Whether the comparison of grants judges an attribute, so that its order and spelling do not matter. */
export function isGrantAttribute(type: string, path: string): boolean {
  const root = path.split(".", 1)[0] ?? path;
  if (type === "google_bigquery_dataset") return root === "access";
  if (WITH_GRANTEES[type] !== undefined) return root === "grantees" || root === "filter_predicate";
  return isAccessType(type) && GRANT_ATTRIBUTES.has(root);
}

/** What grants of a resource reach: a table, everything in a dataset, or all of a project or something larger. */
export function reachOf(type: string): Grant["reach"] {
  if (/^google_bigquery_(?:table|routine|row_access|datapolicy)/.test(type)) return "table";
  return type.startsWith("google_bigquery_dataset") ? "dataset" : "project";
}

/** The grants that a resource's attributes state, in any of the forms that the provider knows. */
export function grantsOf(type: string, attributes: Attributes, place: GrantPlace): readonly Grant[] {
  if (type === "google_bigquery_dataset") {
    return list(attributes["access"]).map((entry) => accessEntry(isRecord(entry) ? entry : {}, place));
  }
  if (type === "google_bigquery_dataset_access")
    return Object.keys(attributes).length === 0 ? [] : [accessEntry(attributes, place)];
  const grantees = WITH_GRANTEES[type];
  if (grantees !== undefined) {
    const rows = text(attributes["filter_predicate"]);
    return list(attributes["grantees"]).map((member) => grant(member, grantees, rows, place));
  }
  const condition = conditionOf(attributes["condition"]);
  switch (IAM.exec(type)?.[1]) {
    case "member":
      return text(attributes["member"]) === undefined
        ? []
        : [grant(attributes["member"], attributes["role"], condition, place)];
    case "binding":
      return list(attributes["members"]).map((member) => grant(member, attributes["role"], condition, place));
    case "policy":
      return bindingsOf(attributes["policy_data"]).flatMap((binding) =>
        list(binding["members"]).map((member) =>
          grant(member, binding["role"], conditionOf(binding["condition"]), place),
        ),
      );
    default:
      return [];
  }
}

function grant(member: unknown, role: unknown, condition: string | undefined, place: GrantPlace): Grant {
  return {
    ...place,
    member: text(member) ?? "an unknown member",
    role: canonicalRole(text(role) ?? "an unknown role"),
    ...(condition === undefined ? {} : { condition }),
  };
}

/** A member under each of the names that an access entry may give it; one entry names one. */
const MEMBERS: readonly (readonly [attribute: string, prefix: string])[] = [
  ["user_by_email", "user:"],
  ["group_by_email", "group:"],
  ["domain", "domain:"],
  ["special_group", ""],
  ["iam_member", ""],
];

function accessEntry(entry: Attributes, place: GrantPlace): Grant {
  const condition = conditionOf(entry["condition"]);
  for (const [attribute, prefix] of MEMBERS) {
    const value = text(entry[attribute]);
    if (value !== undefined) return grant(prefix + value, entry["role"], condition, place);
  }
  // What a dataset authorizes reads all of its tables, whatever the role column says.
  for (const kind of ["view", "routine", "dataset"]) {
    const [authorized] = list(entry[kind]);
    if (isRecord(authorized)) {
      const { dataset } = authorized;
      const [named = authorized] = list(dataset);
      const parts = isRecord(named)
        ? ["project_id", "dataset_id", "table_id", "routine_id"].flatMap((name) => text(named[name]) ?? [])
        : [];
      return grant(`${kind}:${parts.join(".")}`, "roles/bigquery.dataViewer", condition, place);
    }
  }
  return grant(undefined, entry["role"], condition, place);
}

/** A condition's title is part of the grant's identity for IAM; its expression says what it means. */
function conditionOf(condition: unknown): string | undefined {
  const [block] = list(condition);
  if (!isRecord(block)) return undefined;
  return `${text(block["title"]) ?? ""}: ${text(block["expression"]) ?? ""}`;
}

/** A policy that cannot be read grants something unknown: the check then says so. */
function bindingsOf(policy: unknown): readonly Attributes[] {
  if (policy === null || policy === undefined || policy === "") return [];
  const unreadable = [{ members: [undefined] }];
  if (typeof policy !== "string") return unreadable;
  try {
    const parsed: unknown = JSON.parse(policy);
    if (!isRecord(parsed)) return unreadable;
    const { bindings = [] } = parsed;
    return Array.isArray(bindings) && bindings.every(isRecord) ? bindings : unreadable;
  } catch {
    return unreadable;
  }
}

function list(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
