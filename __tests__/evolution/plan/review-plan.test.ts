import { Configured } from "../../../evolution/plan/configured";
import { PlannedChange } from "../../../evolution/plan/planned-change";
import { PlanReview } from "../../../evolution/plan/review-plan";
import { columnsJson, plannedDataset, plannedTable, resourceChange } from "../../support/plan";

const TABLE = "google_bigquery_table";
const DATASET = "google_bigquery_dataset";
const ADDRESS = `${TABLE}.acme__step_logs`;

interface Parts {
  readonly changes: readonly Record<string, unknown>[];
  readonly drift?: readonly Record<string, unknown>[];
  readonly expressions?: Record<string, unknown>;
  readonly version?: string;
}

/** Findings of a plan, as code and path, those that need an allowance marked. */
function review({ changes, drift = [], expressions, version }: Parts): readonly string[] {
  const plan = new PlanReview();
  for (const one of drift) plan.addDrift(PlannedChange.parse(one));
  for (const one of changes) plan.add(PlannedChange.parse(one));
  if (expressions !== undefined) plan.addConfigured(Configured.parse({ address: ADDRESS, expressions }));
  if (version !== undefined) plan.addProviderVersion(version);
  return plan.finish().findings.map(({ code, path, needsAllowance }) => `${code} ${path}${needsAllowance ? " !" : ""}`);
}

const tagged = (...names: readonly string[]) =>
  columnsJson({ without: "error_message", plus: { name: "error_message", type: "STRING", policyTags: { names } } });
const untagged = columnsJson({ without: "error_message", plus: { name: "error_message", type: "STRING" } });

describe("what happened outside Terraform", () => {
  test.each([
    [TABLE, plannedTable(), "table-vanished  !", "table-added "],
    [DATASET, plannedDataset(), "dataset-vanished  !", "dataset-added "],
  ])("a %s that vanished is not just created", (type, attributes, vanished, added) => {
    const changes = [resourceChange(type, ["create"], null, attributes)];
    expect(review({ changes, drift: [resourceChange(type, ["delete"], attributes, null)] })).toEqual([vanished]);
    expect(review({ changes })).toEqual([added]);
  });

  test("is said when the plan undoes it, and only then", () => {
    const drift = [resourceChange(TABLE, ["update"], plannedTable(), plannedTable({ clustering: ["start_time"] }))];
    const undo = resourceChange(TABLE, ["update"], plannedTable({ clustering: ["start_time"] }), plannedTable());
    expect(review({ changes: [undo], drift })).toEqual([
      "clustering-changed clustering.fields",
      "changed-outside-terraform clustering",
    ]);
    const other = resourceChange(TABLE, ["update"], plannedTable(), plannedTable({ description: "Other" }));
    expect(review({ changes: [other], drift })).toEqual(["description-changed description"]);
    expect(review({ changes: [undo] })).toEqual(["clustering-changed clustering.fields"]);
  });

  test("a column that somebody added and the plan drops says so", () => {
    const live = plannedTable({ schema: columnsJson({ plus: { name: "extra", type: "STRING" } }) });
    const changes = [resourceChange(TABLE, ["update"], live, plannedTable())];
    expect(review({ changes, drift: [resourceChange(TABLE, ["update"], plannedTable(), live)] })).toEqual([
      "column-dropped schema.fields.extra !",
      "changed-outside-terraform schema",
    ]);
  });

  test("a policy tag set by hand needs an allowance to go, and is said to have been set by hand", () => {
    const [before, after] = [plannedTable({ schema: tagged("tags/1") }), plannedTable({ schema: untagged })];
    const plan = new PlanReview();
    plan.addDrift(PlannedChange.parse(resourceChange(TABLE, ["update"], after, before)));
    plan.add(PlannedChange.parse(resourceChange(TABLE, ["update"], before, after)));
    expect(plan.finish().findings.find(({ code }) => code === "policy-tag-removed")).toMatchObject({
      path: "schema.fields.error_message",
      needsAllowance: true,
      message:
        "Terraform removes the policy tag of error_message, which was set outside Terraform: every reader of the table then sees its values.",
    });
  });
});

const unknown = (marks: object, actions: readonly string[]) => [
  resourceChange(TABLE, actions, actions[0] === "create" ? null : plannedTable(), plannedTable(), {
    change: { after_unknown: marks },
  }),
];

describe("what is known only at apply", () => {
  test("is no matter where something new leaves it to the provider", () => {
    const changes = unknown({ expiration_time: true, time_partitioning: [{ expiration_ms: true }], etag: true }, [
      "create",
    ]);
    expect(review({ changes, expressions: { time_partitioning: [{ type: { constant_value: "DAY" } }] } })).toEqual([
      "table-added ",
    ]);
    expect(review({ changes })).toHaveLength(3);
  });

  test.each<[string, object, readonly string[], Record<string, unknown>]>([
    ["is set by an expression", { expiration_time: true }, ["create"], { expiration_time: { references: ["x.y"] } }],
    ["is an attribute of something that exists", { expiration_time: true }, ["update"], {}],
    [
      "is set inside a block",
      { time_partitioning: [{ expiration_ms: true }] },
      ["update"],
      { time_partitioning: [{ expiration_ms: { references: ["x.y"] } }] },
    ],
    [
      "is inside a block that is an expression",
      { time_partitioning: [{ expiration_ms: true }] },
      ["create"],
      { time_partitioning: { references: ["x.y"] } },
    ],
  ])("is a finding where it %s", (_, marks, actions, expressions) => {
    const found = review({ changes: unknown(marks, actions), expressions });
    expect(found.filter((one) => one.startsWith("value-unknown"))).toHaveLength(1);
  });

  test("is no matter inside a block of something that exists, where the configuration leaves it out", () => {
    const changes = unknown({ time_partitioning: [{ expiration_ms: true }] }, ["update"]);
    expect(review({ changes, expressions: { time_partitioning: [{ type: { constant_value: "DAY" } }] } })).toEqual([]);
  });

  test("is looked up for each of count and for_each by its block", () => {
    const [change] = unknown({ expiration_time: true }, ["create"]);
    const changes = ['["a"]', "[0]"].map((index) => ({ ...change, address: ADDRESS + index }));
    expect(review({ changes, expressions: {} })).toEqual(["table-added ", "table-added "]);
  });
});

describe("the version of the provider", () => {
  const keep = [
    resourceChange(
      TABLE,
      ["update"],
      plannedTable({ ignore_auto_generated_schema: true }),
      plannedTable({ ignore_auto_generated_schema: true, schema: columnsJson({ without: "error_message" }) }),
    ),
  ];
  const relabel = [resourceChange(DATASET, ["update"], plannedDataset(), plannedDataset({ labels: { a: "b" } }))];
  const [REFUSED, KEPT] = [
    "column-drop-refused schema.fields.error_message !",
    "column-kept schema.fields.error_message",
  ];

  test.each<[string | undefined, readonly string[]]>([
    ["6.50.0", [REFUSED]],
    ["= 7.30.1", [REFUSED]],
    ["7.31.0", [KEPT]],
    ["~> 7.31.0", [KEPT]],
    ["~> 7.29", [REFUSED, KEPT, "provider-unread "]],
    [">= 6.50, < 7.31", [REFUSED]],
    [">= 7.40.0, != 7.41.0, <= 7.45.0", [KEPT]],
    ["> 5", [REFUSED, KEPT, "provider-unread "]],
    ["8.0.0", [KEPT, "provider-unread "]],
    ["nonsense", [REFUSED, KEPT, "provider-unread "]],
    [undefined, [REFUSED, KEPT]],
  ])("%s decides which rules hold", (version, expected) => {
    expect(review({ changes: keep, ...(version === undefined ? {} : { version }) })).toEqual(expected);
  });

  test.each([
    ["7.44.0", ["labels-changed labels", "dataset-access-rewritten access"]],
    ["7.45.0", ["labels-changed labels"]],
  ])("a dataset that is updated by %s", (version, expected) => {
    expect(review({ changes: relabel, version })).toEqual(expected);
  });
});

test("counts what it looked at, whatever there is to say of it", () => {
  const plan = new PlanReview();
  const grant = { table_id: "step_logs", role: "roles/bigquery.dataViewer", member: "user:a@example.com" };
  for (const change of [
    resourceChange(TABLE, ["no-op"], plannedTable(), plannedTable()),
    resourceChange(TABLE, ["create"], null, plannedTable()),
    resourceChange(TABLE, ["delete", "create"], plannedTable(), plannedTable()),
    resourceChange(
      TABLE,
      ["update"],
      plannedTable(),
      plannedTable({ schema: columnsJson({ without: "error_message" }) }),
    ),
    resourceChange(DATASET, ["delete"], plannedDataset(), null),
    resourceChange("google_storage_bucket", ["delete"], { name: "x" }, null),
    resourceChange("google_bigquery_table_iam_member", ["create"], null, grant),
    resourceChange("google_bigquery_table_iam_member", ["delete"], grant, null),
  ]) {
    plan.add(PlannedChange.parse(change));
  }
  expect(plan.finish().counts).toEqual({
    resources: 8,
    datasetsDestroyed: 1,
    tablesCreated: 1,
    tablesUpdated: 1,
    tablesReplaced: 1,
    tablesDestroyed: 0,
    columnsDropped: 1,
    othersDestroyed: 1,
    grantsAdded: 1,
    grantsWidened: 0,
    grantsRemoved: 1,
  });
});
