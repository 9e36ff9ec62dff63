import { checkChange } from "../../../evolution/plan/check-change";
import { PlannedChange } from "../../../evolution/plan/planned-change";
import { columnsJson, plannedDataset, plannedTable, resourceChange } from "../../support/plan";

type Row = readonly [what: string, change: Record<string, unknown>, expected: readonly (readonly string[])[]];

const TABLE = "google_bigquery_table";
const DATASET = "google_bigquery_dataset";
const update = (before: object, after: object, change: object = {}) =>
  resourceChange(TABLE, ["update"], plannedTable({ ...before }), plannedTable({ ...after }), { change });
const partitioned = (more: object) => ({ time_partitioning: [{ type: "DAY", field: "start_time", ...more }] });

const ROWS: readonly Row[] = [
  [
    "a view that becomes a table",
    update({ view: [{ query: "SELECT 1" }] }, { view: [] }),
    [["attribute-changed", "in-place", "view.query"]],
  ],
  [
    "an attribute that nobody has classified",
    update({}, { shred_on_full_moon: true }),
    [["attribute-unclassified", "in-place", "shred_on_full_moon"]],
  ],
  [
    "an attribute inside a block that nobody has classified",
    update(partitioned({}), partitioned({ shred: [1] })),
    [["attribute-unclassified", "in-place", "time_partitioning.shred"]],
  ],
  [
    "an attribute of something new that nobody has classified",
    resourceChange(TABLE, ["create"], null, plannedTable({ shred: true })),
    [
      ["table-added", "in-place", ""],
      ["attribute-unclassified", "in-place", "shred"],
    ],
  ],
  [
    "a deletion policy that lets go of the table later",
    update({ deletion_policy: "PREVENT" }, { deletion_policy: "DELETE" }),
    [["protection-lowered", "in-place", "deletion_policy"]],
  ],
  [
    "a deletion policy that is not known",
    update({ deletion_policy: "PREVENT" }, { deletion_policy: "SHRED" }),
    [["protection-lowered", "in-place", "deletion_policy"]],
  ],
  [
    "a deletion policy that keeps more",
    update({ deletion_policy: null }, { deletion_policy: "ABANDON" }),
    [["protection-raised", "in-place", "deletion_policy"]],
  ],
  [
    "a deletion policy of a dataset that protects less",
    resourceChange(
      DATASET,
      ["update"],
      plannedDataset({ deletion_policy: "ABANDON" }),
      plannedDataset({ deletion_policy: "DELETE" }),
    ),
    [
      ["protection-lowered", "in-place", "deletion_policy"],
      ["dataset-access-rewritten", "in-place", "access"],
    ],
  ],
  [
    "a table let go of by its deletion policy",
    resourceChange(TABLE, ["delete"], plannedTable({ deletion_policy: "ABANDON" }), null),
    [["resource-forgotten", "none", ""]],
  ],
  [
    "a policy tag that goes",
    update(
      {
        schema: columnsJson({
          without: "error_message",
          plus: { name: "error_message", type: "STRING", policyTags: { names: ["tags/1"] } },
        }),
      },
      {},
    ),
    [
      ["policy-tags-changed", "in-place", "schema.fields.error_message"],
      ["policy-tag-removed", "in-place", "schema.fields.error_message"],
    ],
  ],
  [
    "a data policy that goes",
    update(
      {
        schema: columnsJson({
          without: "error_message",
          plus: { name: "error_message", type: "STRING", dataPolicies: [{ name: "p" }] },
        }),
      },
      {},
    ),
    [
      ["column-attribute-changed", "in-place", "schema.fields.error_message.dataPolicies"],
      ["policy-tag-removed", "in-place", "schema.fields.error_message"],
    ],
  ],
  [
    "columns in another order and spelling",
    update(
      {
        schema: JSON.stringify([
          { name: "a", type: "INT64" },
          { name: "b", type: "BOOL" },
        ]),
      },
      {
        schema: JSON.stringify([
          { mode: "NULLABLE", name: "b", type: "BOOLEAN", description: "" },
          { name: "a", type: "INTEGER" },
        ]),
      },
    ),
    [["column-order-changed", "none", "schema.fields"]],
  ],
  [
    "a key that is destroyed",
    resourceChange("google_kms_crypto_key", ["delete"], { name: "x" }, null),
    [["resource-destroyed", "replace-table", ""]],
  ],
  [
    "a project that is replaced",
    resourceChange("google_project", ["delete", "create"], { name: "x" }, { name: "y" }),
    [["resource-destroyed", "replace-table", ""]],
  ],
  [
    "a row access policy that is destroyed",
    resourceChange(
      "google_bigquery_row_access_policy",
      ["delete"],
      { policy_id: "p", table_id: "step_logs", grantees: ["group:a@example.com"], filter_predicate: "TRUE" },
      null,
    ),
    [
      ["resource-destroyed", "replace-table", ""],
      ["grant-removed", "in-place", "grantees"],
    ],
  ],
  [
    "a value of Terraform's own that is destroyed",
    resourceChange("terraform_data", ["delete"], { input: 1 }, null),
    [["state-value-destroyed", "none", ""]],
  ],
  [
    "a value of Terraform's own that changes",
    resourceChange("terraform_data", ["update"], { input: 1 }, { input: 2 }),
    [],
  ],
  [
    "a type that nobody has classified",
    resourceChange("google_storage_bucket", ["update"], { name: "x" }, { name: "y" }),
    [["resource-unclassified", "in-place", ""]],
  ],
  ["a type that nobody has classified, left as it is", resourceChange("x_y", ["no-op"], { a: 1 }, { a: 1 }), []],
];

test.each(ROWS)("judges %s", (_, change, expected) => {
  const found = checkChange(PlannedChange.parse(change));
  expect(found.map(({ code, effect, path }) => [code, effect, path])).toEqual(expected);
});
