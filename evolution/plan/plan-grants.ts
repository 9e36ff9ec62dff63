import { defined } from "../../model/defined";
import { own } from "../../model/own";
import { AUTHORIZED_ROLE, canonicalRole, type Grant } from "../access/grant";
import { isEmpty } from "./changed-attributes";
import { type Attributes, isRecord } from "./planned-change";

/** Where the grants of a resource hold. */
export type GrantScope = Pick<Grant, "reach" | "table" | "tenant" | "environment">;

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
  return IAM.test(type) || own(WITH_GRANTEES, type) !== undefined || Object.hasOwn(ACCESS_ENTRIES, type);
}

/** Whether the comparison of grants judges an attribute, so that its order and spelling do not matter. */
export function isGrantAttribute(type: string, path: string): boolean {
  const root = path.split(".", 1)[0] ?? path;
  if (type === "google_bigquery_dataset") return root === "access";
  if (own(WITH_GRANTEES, type) !== undefined) return root === "grantees" || root === "filter_predicate";
  return isAccessType(type) && GRANT_ATTRIBUTES.has(root);
}

/** What grants of a resource reach: a table, everything in a dataset, or all of a project or something larger. */
export function reachOf(type: string): Grant["reach"] {
  if (/^google_bigquery_(?:table|routine|row_access|datapolicy)/.test(type)) return "table";
  return type.startsWith("google_bigquery_dataset") ? "dataset" : "project";
}

/** The grants that a resource's attributes state, in any of the forms that the provider knows. */
export function grantsOf(type: string, attributes: Attributes, place: GrantScope): readonly Grant[] {
  if (type === "google_bigquery_dataset") {
    return list(attributes["access"]).flatMap((entry) => accessEntry(isRecord(entry) ? entry : {}, place));
  }
  if (type === "google_bigquery_dataset_access")
    return Object.keys(attributes).length === 0 ? [] : accessEntry(attributes, place);
  const grantees = own(WITH_GRANTEES, type);
  if (grantees !== undefined) {
    const rows = isEmpty(attributes["filter_predicate"]) ? undefined : nameOf(attributes["filter_predicate"]);
    return list(attributes["grantees"]).map((member) => grant(member, grantees, rows, place));
  }
  const condition = conditionOf(attributes["condition"]);
  switch (IAM.exec(type)?.[1]) {
    case "member":
      return Object.keys(attributes).length === 0
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

function grant(member: unknown, role: unknown, condition: string | undefined, place: GrantScope): Grant {
  return defined({
    ...place,
    member: isEmpty(member) ? "an unknown member" : nameOf(member),
    role: isEmpty(role) ? "an unknown role" : canonicalRole(nameOf(role)),
    condition,
  });
}

/** A member under each of the names that an access entry may give it; one entry names one. */
const MEMBERS: readonly (readonly [attribute: string, prefix: string])[] = [
  ["user_by_email", "user:"],
  ["group_by_email", "group:"],
  ["domain", "domain:"],
  ["special_group", ""],
  ["iam_member", ""],
];

/** What an entry authorizes instead of a member: it reads all of the dataset's tables. */
const AUTHORIZED = ["view", "routine", "dataset"];

/** An entry names one member or authorizes one object; whatever else it names is a grant as well. */
function accessEntry(entry: Attributes, place: GrantScope): readonly Grant[] {
  const condition = conditionOf(entry["condition"]);
  const members = [
    ...MEMBERS.flatMap(([attribute, prefix]) => (isEmpty(entry[attribute]) ? [] : [prefix + nameOf(entry[attribute])])),
    ...AUTHORIZED.flatMap((kind) => list(entry[kind]).map((authorized) => `${kind}:${valuesOf(authorized).join(".")}`)),
  ];
  const isAuthorization = isEmpty(entry["role"]) && AUTHORIZED.some((kind) => !isEmpty(entry[kind]));
  const role = isAuthorization ? AUTHORIZED_ROLE : entry["role"];
  return (members.length === 0 ? [undefined] : members).map((member) => grant(member, role, condition, place));
}

/** The values of an object of any depth, in the order of their names: a view's project, dataset and id. */
function valuesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(valuesOf);
  if (!isRecord(value)) return isEmpty(value) ? [] : [nameOf(value)];
  const names = Object.keys(value).sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return names.flatMap((name) => valuesOf(value[name]));
}

const ORDER = ["project_id", "dataset_id", "table_id", "routine_id", "target_types"];

function nameOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A condition's title is part of the grant's identity for IAM; its expression says what it means. */
function conditionOf(condition: unknown): string | undefined {
  const [block] = list(condition);
  if (!isRecord(block)) return undefined;
  return [block["title"], block["expression"]].map((part) => (isEmpty(part) ? "" : nameOf(part))).join(": ");
}

/** A policy that cannot be read grants something unknown: the check then says so. */
function bindingsOf(policy: unknown): readonly Attributes[] {
  if (policy === null || policy === undefined || policy === "") return [];
  const unreadable = [{ members: [undefined], condition: { title: "unreadable", expression: policy } }];
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
