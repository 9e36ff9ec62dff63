import { checkChange } from "../../../evolution/plan/check-change";
import { PlannedChange } from "../../../evolution/plan/planned-change";
import { plannedDataset, resourceChange } from "../../support/plan";

const DATASET = "google_bigquery_dataset";

test.each<readonly [what: string, change: Record<string, unknown>, expected: readonly (readonly string[])[]]>([
  [
    "a member of everyone",
    resourceChange("google_bigquery_table_iam_member", ["create"], null, {
      table_id: "step_logs",
      role: "roles/bigquery.dataViewer",
      member: "allUsers",
    }),
    [["access-opened-to-everyone", "in-place", "member"]],
  ],
  [
    "a binding that gains everyone with an account",
    resourceChange(
      "google_bigquery_dataset_iam_binding",
      ["update"],
      { members: ["user:a@example.com"] },
      { members: ["user:a@example.com", "allAuthenticatedUsers"] },
    ),
    [["access-opened-to-everyone", "in-place", "members"]],
  ],
  [
    "a binding that had everyone before",
    resourceChange(
      "google_bigquery_dataset_iam_binding",
      ["update"],
      { members: ["allUsers"] },
      { members: ["allUsers", "user:a@example.com"] },
    ),
    [],
  ],
  [
    "a policy",
    resourceChange("google_bigquery_dataset_iam_policy", ["create"], null, {
      policy_data: '{"bindings":[{"members":["allUsers"]}]}',
    }),
    [["access-opened-to-everyone", "in-place", "policy_data"]],
  ],
  [
    "an access entry",
    resourceChange("google_bigquery_dataset_access", ["create"], null, { special_group: "allAuthenticatedUsers" }),
    [["access-opened-to-everyone", "in-place", "special_group"]],
  ],
  [
    "access blocks of a dataset",
    resourceChange(
      DATASET,
      ["update"],
      plannedDataset(),
      plannedDataset({ access: [{ role: "READER", iam_member: "allUsers" }] }),
    ),
    [["access-opened-to-everyone", "in-place", "access"]],
  ],
  [
    "a user called allUsers-like",
    resourceChange("google_bigquery_table_iam_member", ["create"], null, { member: "user:notallusers@example.com" }),
    [],
  ],
])("judges %s", (_, change, expected) => {
  const found = checkChange(PlannedChange.parse(change));
  expect(found.map(({ code, effect, path }) => [code, effect, path])).toEqual(expected);
  expect(found.every(({ needsAllowance }) => needsAllowance)).toBe(true);
});
