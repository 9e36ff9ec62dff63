import type { AccessPolicy } from "../../../evolution/access/policy";
import { checkChange } from "../../../evolution/plan/check-change";
import { PlannedChange } from "../../../evolution/plan/planned-change";
import { PlanReview } from "../../../evolution/plan/review-plan";
import { plannedDataset, resourceChange } from "../../support/plan";

const DATASET = "google_bigquery_dataset";

const VIEWER = "roles/bigquery.dataViewer";
const member = (name: string, more: object = {}) =>
  resourceChange("google_bigquery_table_iam_member", ["create"], null, {
    table_id: "step_logs",
    dataset_id: "acme_metadata",
    role: VIEWER,
    member: name,
    ...more,
  });
const access = (before: readonly object[], after: readonly object[]) =>
  resourceChange(DATASET, ["update"], plannedDataset({ access: before }), plannedDataset({ access: after }));
const binding = (before: object, after: object) =>
  resourceChange(
    "google_bigquery_table_iam_binding",
    ["update"],
    { table_id: "step_logs", role: VIEWER, ...before },
    { table_id: "step_logs", role: VIEWER, ...after },
  );
const policyData = (...bindings: readonly object[]) => ({
  table_id: "step_logs",
  policy_data: JSON.stringify({ bindings }),
});

test.each<readonly [what: string, change: Record<string, unknown>, expected: readonly string[]]>([
  ["everyone on the internet", member("allUsers"), ["access-opened-to-everyone member"]],
  ["everyone in other letters", member("AllUsers"), ["access-opened-to-everyone member"]],
  ["a group that is only called so", member("group:allusers@example.com"), ["grant-added member"]],
  ["a user called notallusers", member("user:notallusers@example.com"), ["grant-added member"]],
  ["a whole domain", member("domain:example.com"), ["access-opened-broadly member"]],
  ["a set of federated identities", member("principalSet://iam.googleapis.com/x/*"), ["access-opened-broadly member"]],
  ["a project's viewers", member("projectViewer:example-dev"), ["access-opened-broadly member"]],
  ["a principal of a kind that is not known", member("gaggle:geese"), ["access-opened-broadly member"]],
  ["one federated identity", member("principal://iam.googleapis.com/x/subject/y"), ["grant-added member"]],
  [
    "a role that may do anything",
    member("user:a@example.com", { role: "roles/bigquery.admin" }),
    ["powerful-role-granted member"],
  ],
  [
    "a role that is not known",
    member("user:a@example.com", { role: "projects/p/roles/x" }),
    ["powerful-role-granted member"],
  ],
  ["anyone on a key table", member("user:a@example.com", { table_id: "api_keys" }), ["key-table-exposed member"]],
  [
    "anyone on a later version of a key table",
    member("user:a@example.com", { table_id: "api_keys_v2" }),
    ["key-table-exposed member"],
  ],
  [
    "the columns of a key table, not its rows",
    member("user:a@example.com", { table_id: "api_keys", role: "roles/bigquery.metadataViewer" }),
    ["grant-added member"],
  ],
  [
    "a binding that gains everyone with an account",
    binding({ members: ["user:a@example.com"] }, { members: ["user:a@example.com", "allAuthenticatedUsers"] }),
    ["access-opened-to-everyone members"],
  ],
  [
    "a binding that had everyone before",
    binding({ members: ["allUsers"] }, { members: ["allUsers", "user:a@example.com"] }),
    ["grant-added members"],
  ],
  [
    "a binding in another order",
    binding({ members: ["user:a@x.org", "user:b@x.org"] }, { members: ["user:b@x.org", "user:A@x.org"] }),
    [],
  ],
  [
    "a binding of another role",
    binding({ members: ["user:a@x.org"] }, { members: ["user:a@x.org"], role: "roles/bigquery.dataEditor" }),
    ["grant-widened members", "grant-removed members"],
  ],
  [
    "a condition that is lifted",
    binding(
      { members: ["user:a@x.org"], condition: [{ title: "t", expression: "false" }] },
      { members: ["user:a@x.org"] },
    ),
    ["grant-widened members", "grant-removed members"],
  ],
  [
    "a policy for everyone",
    resourceChange(
      "google_bigquery_table_iam_policy",
      ["create"],
      null,
      policyData({ role: VIEWER, members: ["allUsers"] }),
    ),
    ["grants-replaced ", "access-opened-to-everyone policy_data"],
  ],
  [
    "a policy in other words",
    resourceChange(
      "google_bigquery_table_iam_policy",
      ["update"],
      policyData(
        { role: VIEWER, members: ["user:a@x.org"] },
        { role: "roles/bigquery.dataEditor", members: ["user:b@x.org"] },
      ),
      policyData(
        { members: ["user:b@x.org"], role: "roles/bigquery.dataEditor" },
        { role: VIEWER, members: ["user:a@x.org"] },
      ),
    ),
    [],
  ],
  [
    "a policy that cannot be read",
    resourceChange("google_bigquery_table_iam_policy", ["create"], null, { table_id: "step_logs", policy_data: "{" }),
    ["grants-replaced ", "access-opened-broadly policy_data", "powerful-role-granted policy_data"],
  ],
  [
    "an access entry for everyone",
    resourceChange("google_bigquery_dataset_access", ["create"], null, {
      special_group: "allAuthenticatedUsers",
      role: "READER",
    }),
    ["access-opened-to-everyone special_group", "key-table-exposed special_group"],
  ],
  [
    "a dataset opened to everyone",
    access([], [{ role: "READER", iam_member: "allUsers" }]),
    ["access-opened-to-everyone access", "key-table-exposed access"],
  ],
  [
    "a dataset opened to the project's readers",
    access([], [{ role: "READER", special_group: "projectReaders" }]),
    ["access-opened-broadly access", "key-table-exposed access"],
  ],
  [
    "a READER who becomes OWNER",
    access([{ role: "READER", user_by_email: "a@x.org" }], [{ role: "OWNER", user_by_email: "a@x.org" }]),
    ["key-table-exposed access", "powerful-role-granted access", "grant-removed access"],
  ],
  [
    "READER in its other spelling",
    access(
      [{ role: "READER", user_by_email: "a@x.org" }],
      [{ role: "roles/bigquery.dataViewer", iam_member: "user:A@x.org" }],
    ),
    [],
  ],
  [
    "a view that is authorized",
    access([], [{ view: [{ project_id: "p", dataset_id: "d", table_id: "t" }] }]),
    ["key-table-exposed access"],
  ],
  [
    "a dataset that is authorized",
    access([], [{ dataset: [{ dataset: [{ project_id: "p", dataset_id: "d" }], target_types: ["VIEWS"] }] }]),
    ["key-table-exposed access"],
  ],
  [
    "an entry that names nobody known",
    access([], [{ role: "READER" }]),
    ["access-opened-broadly access", "key-table-exposed access"],
  ],
  [
    "a grant on the dataset",
    resourceChange("google_bigquery_dataset_iam_member", ["create"], null, {
      dataset_id: "d",
      role: VIEWER,
      member: "user:a@x.org",
    }),
    ["key-table-exposed member"],
  ],
  [
    "a grant on the project",
    resourceChange("google_project_iam_member", ["create"], null, { role: VIEWER, member: "user:a@x.org" }),
    ["resource-unclassified ", "key-table-exposed member"],
  ],
  [
    "a row access policy that lets more in",
    resourceChange(
      "google_bigquery_row_access_policy",
      ["update"],
      { table_id: "step_logs", policy_id: "p", grantees: ["user:a@x.org"], filter_predicate: "region = 'EU'" },
      { table_id: "step_logs", policy_id: "p", grantees: ["user:a@x.org"], filter_predicate: "TRUE" },
    ),
    ["grant-widened grantees", "grant-removed grantees"],
  ],
  [
    "a grant that goes",
    resourceChange(
      "google_bigquery_table_iam_member",
      ["delete"],
      { table_id: "t", role: VIEWER, member: "user:a@x.org" },
      null,
    ),
    ["grant-removed member"],
  ],
  [
    "a binding of nobody that goes",
    resourceChange("google_bigquery_table_iam_binding", ["delete"], { table_id: "t", role: VIEWER, members: [] }, null),
    ["resource-destroyed "],
  ],
  [
    "a grant made anew with its table",
    resourceChange(
      "google_bigquery_table_iam_member",
      ["delete", "create"],
      { table_id: "step_logs", role: VIEWER, member: "user:a@x.org" },
      { table_id: "step_logs", role: VIEWER, member: "user:a@x.org" },
    ),
    ["grant-renewed "],
  ],
  [
    "a grant beside one that is forgotten",
    resourceChange(
      "google_bigquery_table_iam_member",
      ["create", "forget"],
      { table_id: "step_logs", role: VIEWER, member: "user:a@x.org" },
      { table_id: "step_logs", role: VIEWER, member: "domain:x.org" },
    ),
    ["resource-forgotten ", "access-opened-broadly member", "grant-removed member"],
  ],
])("judges %s", (_, change, expected) => {
  const found = checkChange(PlannedChange.parse(change)).filter(({ code }) => code !== "dataset-access-rewritten");
  expect(found.map(({ code, path }) => `${code} ${path}`)).toEqual(expected);
  const harmless = ["grant-added", "grant-renewed", "grant-removed", "resource-forgotten"];
  expect(found.filter(({ needsAllowance }) => !needsAllowance).every(({ code }) => harmless.includes(code))).toBe(true);
});

const NEW_TABLE = resourceChange("google_bigquery_table", ["create"], null, {
  table_id: "secrets",
  dataset_id: "acme_metadata",
});

describe("with a policy", () => {
  const policy: AccessPolicy = {
    isKeyTable: (tableId) => tableId === "secrets",
    isKeyAdmin: (grant) => grant.member === "group:keys@example.com",
    memberDomains: (environment) => (environment === "prod" ? ["example.com", "Example.ORG"] : undefined),
  };
  const codes = (environment: string, ...changes: readonly Record<string, unknown>[]) => {
    const review = new PlanReview({ environment, policy });
    for (const change of changes) review.add(PlannedChange.parse(change));
    return review.finish().findings.map(({ code, needsAllowance }) => `${code}${needsAllowance ? " !" : ""}`);
  };
  test("a key admin of a table that exists needs an allowance, one of a new table none", () => {
    const grant = member("group:keys@example.com", { table_id: "secrets" });
    expect(codes("prod", grant)).toEqual(["key-admin-added !"]);
    expect(codes("prod", grant, NEW_TABLE)).toEqual(["table-added", "grant-added"]);
  });

  test("anyone else on a new key table needs one", () => {
    expect(codes("prod", NEW_TABLE, member("group:others@example.com", { table_id: "secrets" }))).toEqual([
      "table-added",
      "key-table-exposed !",
    ]);
  });

  test.each([
    ["user:a@example.com", "grant-added"],
    ["serviceAccount:a@EXAMPLE.org", "grant-added"],
    ["user:a@sub.example.com", "member-outside-domains !"],
    ["user:a@notexample.com", "member-outside-domains !"],
    ["serviceAccount:p.svc.id.goog[ns/name]", "member-outside-domains !"],
    ["principal://iam.googleapis.com/x/subject/a@example.com", "member-outside-domains !"],
    ["deleted:user:a@elsewhere.org?uid=1", "member-outside-domains !"],
  ])("%s is %s", (name, expected) => {
    expect(codes("prod", member(name))).toEqual([expected]);
    expect(codes("dev", member(name))).toEqual(["grant-added"]);
  });
});

test("neither findings nor lines on access name a sensitive member", () => {
  const review = new PlanReview({ environment: "prod" });
  review.add(
    PlannedChange.parse(
      resourceChange(
        "google_bigquery_table_iam_member",
        ["create"],
        null,
        { table_id: "step_logs", role: VIEWER, member: "domain:s3cret.example.com" },
        { change: { after_sensitive: { member: true } } },
      ),
    ),
  );
  const { findings, grants } = review.finish();
  expect(findings.map(({ code }) => code)).toEqual(["access-opened-broadly"]);
  expect(JSON.stringify([findings, grants])).not.toContain("s3cret");
});
