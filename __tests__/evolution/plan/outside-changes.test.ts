import { Readable } from "node:stream";
import type { Finding } from "../../../evolution/catalogue/finding";
import { KEYS_BY_NAME } from "../../../evolution/access/policy";
import { PlannedChange } from "../../../evolution/plan/planned-change";
import { readPlan } from "../../../evolution/plan/read-plan";
import { updatedTable } from "../../../evolution/plan/updated-table";
import { PlanReview } from "../../../evolution/plan/review-plan";
import { planOf, plannedDataset, plannedTable, resourceChange } from "../../support/plan";

const TABLE = "google_bigquery_table";
const GOOGLE = "registry.terraform.io/hashicorp/google";

async function review(plan: unknown): Promise<readonly Finding[]> {
  const reviewed = new PlanReview();
  await readPlan(
    Readable.from([Buffer.from(JSON.stringify(plan))]),
    "plan.json",
    (change) => void reviewed.add(change),
    {
      onFinding: (found) => reviewed.addFinding(found),
      onProviderVersion: (constraint) => reviewed.addProviderVersion(constraint),
    },
  );
  return reviewed.finish().findings;
}

const said = (findings: readonly Finding[]) =>
  findings.map(
    ({ code, address = "", path, needsAllowance }) => `${code} ${address}${path}${needsAllowance ? " !" : ""}`,
  );

const configured = (root: object) => planOf([], { configuration: { root_module: root } });
const provisioners = [{ type: "local-exec" }];

test.each<readonly [string, unknown, readonly string[]]>([
  ["an action", planOf([], { action_invocations: [{ address: "action.a.b" }] }), ["command-run action.a.b !"]],
  [
    "a deferred action",
    planOf([], { deferred_action_invocations: [{ reason: "x", action_invocation: { address: "action.a.b" } }] }),
    ["command-run action.a.b !"],
  ],
  [
    "an action in a form that is not known",
    planOf([], { deferred_action_invocations: [{ x: 1 }] }),
    ["command-run deferred_action_invocations[0] !"],
  ],
  [
    "a provisioner",
    configured({ resources: [{ address: "terraform_data.x", provisioners }] }),
    ["command-run terraform_data.x !"],
  ],
  [
    "a provisioner in a module that a module calls",
    configured({
      module_calls: {
        a: { module: { module_calls: { b: { module: { resources: [{ address: "null.x", provisioners }] } } } } },
      },
    }),
    ["command-run module.a.module.b.null.x !"],
  ],
  [
    "a part that is not known",
    planOf([], { rituals: [{ a: 1 }], omens: "bad" }),
    ["plan-part-unknown rituals !", "plan-part-unknown omens !"],
  ],
  ["parts that are not known and hold nothing", planOf([], { a: [], b: {}, c: null, d: false, e: "" }), []],
  ["nothing", planOf([], { action_invocations: [] }), []],
])("%s", async (_, plan, expected) => {
  expect(said(await review(plan))).toEqual(expected);
});

const config = (...entries: readonly object[]) =>
  planOf([], { configuration: { provider_config: Object.fromEntries(entries.entries()), root_module: {} } });

describe("the provider", () => {
  test.each<readonly [string, unknown, readonly string[]]>([
    [
      "of another source",
      config({ name: "google", full_name: "registry.terraform.io/evil/google" }),
      ["provider-foreign  !"],
    ],
    [
      "of another registry",
      config({ name: "google-beta", full_name: "evil.example.com/hashicorp/google-beta" }),
      ["provider-foreign  !"],
    ],
    ["of OpenTofu", config({ name: "google", full_name: "registry.opentofu.org/hashicorp/google" }), []],
    [
      "in several versions, of which one was not read",
      config(
        { name: "google", full_name: GOOGLE, version_constraint: "4.0.0" },
        { name: "google", alias: "new", full_name: GOOGLE, version_constraint: "6.50.0" },
      ),
      ["provider-unread "],
    ],
    [
      "for previews, not read",
      config({ name: "google-beta", full_name: `${GOOGLE}-beta`, version_constraint: "4.0.0" }),
      ["provider-unread "],
    ],
    [
      "of a resource",
      planOf([
        resourceChange(TABLE, ["no-op"], plannedTable(), plannedTable(), {
          provider_name: "evil.example.com/hashicorp/google",
        }),
      ]),
      ["provider-foreign google_bigquery_table.acme__step_logs !"],
    ],
  ])("%s", async (_, plan, expected) => {
    expect(said(await review(plan))).toEqual(expected);
  });
});

const create = (type: string, after: object) => resourceChange(type, ["create"], null, after);
const DATASET = "google_bigquery_dataset";

/** Codes and paths of a plan of these changes. */
function judged(changes: readonly Record<string, unknown>[], drift: readonly Record<string, unknown>[] = []) {
  const plan = new PlanReview();
  for (const one of drift) plan.addDrift(PlannedChange.parse(one));
  for (const one of changes) plan.add(PlannedChange.parse(one));
  return plan.finish().findings.map(({ code, path, needsAllowance }) => `${code} ${path}${needsAllowance ? " !" : ""}`);
}

describe("what is created", () => {
  test.each<readonly [string, string, object, readonly string[]]>([
    ["a view", TABLE, plannedTable({ view: [{ query: "SELECT 1" }] }), ["view-created view !"]],
    [
      "a materialized view",
      TABLE,
      plannedTable({ materialized_view: [{ query: "SELECT 1" }] }),
      ["view-created materialized_view !"],
    ],
    [
      "an external table",
      TABLE,
      plannedTable({ external_data_configuration: [{ source_uris: ["gs://example/rows"] }] }),
      ["view-created external_data_configuration !"],
    ],
    [
      "a table that expires",
      TABLE,
      plannedTable({ expiration_time: 1_764_100_000_000 }),
      ["table-added ", "table-expiration-shortened expiration_time !"],
    ],
    [
      "a table without protection",
      TABLE,
      plannedTable({ deletion_protection: false }),
      ["table-added ", "protection-lowered deletion_protection !"],
    ],
    [
      "a dataset that lets go of its tables",
      DATASET,
      plannedDataset({
        delete_contents_on_destroy: true,
        default_table_expiration_ms: 3_600_000,
        max_time_travel_hours: "48",
        default_partition_expiration_ms: 1,
      }),
      [
        "dataset-added ",
        "dataset-retention-lowered defaultTableExpirationMs !",
        "dataset-retention-lowered maxTimeTravelHours !",
        "protection-lowered deletionProtection !",
      ],
    ],
    ["a dataset", DATASET, plannedDataset(), ["dataset-added "]],
  ])("%s", (_, type, after, expected) => {
    expect(judged([create(type, after)])).toEqual(expected);
  });

  test("the query of a view is shown", () => {
    const plan = new PlanReview();
    plan.add(PlannedChange.parse(create(TABLE, plannedTable({ view: [{ query: "SELECT * FROM api_keys" }] }))));
    expect(plan.finish().findings[0]?.message).toContain("SELECT * FROM api_keys");
  });

  test.each([
    [true, [false]],
    [false, [true]],
  ])("protection that the configuration leaves off (%p) needs no allowance", (isUnprotected, expected) => {
    const plan = new PlanReview({ policy: { ...KEYS_BY_NAME, isUnprotected: () => isUnprotected } });
    plan.add(PlannedChange.parse(create(TABLE, plannedTable({ deletion_protection: false }))));
    const lowered = plan.finish().findings.filter(({ code }) => code === "protection-lowered");
    expect(lowered.map(({ needsAllowance }) => needsAllowance)).toEqual(expected);
  });
});

describe("what replaces grants of others", () => {
  const dataset = { project: "example-dev", dataset_id: "acme_metadata" };
  const at = { ...dataset, table_id: "step_logs" };

  test.each<readonly [string, object, string]>([
    [`${DATASET}_iam_policy`, { policy_data: '{"bindings": []}' }, "grants-replaced  !"],
    [`${TABLE}_iam_policy`, { policy_data: "{}" }, "grants-replaced  !"],
    [`${TABLE}_iam_binding`, { role: "roles/bigquery.dataViewer", members: [] }, "grants-replaced  !"],
    ["google_bigquery_row_access_policy", { filter_predicate: "FALSE", grantees: [] }, "rows-hidden grantees !"],
  ])("%s", (type, more, expected) => {
    expect(judged([create(type, { ...(type.startsWith(DATASET) ? dataset : at), ...more })])).toEqual([expected]);
  });

  test("there are none on a table that the same plan creates", () => {
    const binding = create(`${TABLE}_iam_binding`, { ...at, role: "roles/bigquery.dataViewer", members: [] });
    expect(judged([binding, create(TABLE, plannedTable())])).toEqual(["table-added "]);
  });
});

describe("access given outside Terraform", () => {
  const open = plannedDataset({ access: [{ role: "READER", special_group: "allAuthenticatedUsers" }] });
  const drift = resourceChange(DATASET, ["update"], plannedDataset(), open);

  test.each([
    ["is not in the plan", []],
    ["stays", [resourceChange(DATASET, ["no-op"], open, open)]],
  ])("is said when it %s", (_, changes) => {
    expect(judged(changes, [drift])).toEqual(["access-opened-outside-terraform access !"]);
  });

  test("is not said when the plan takes it back", () => {
    const codes = judged([resourceChange(DATASET, ["update"], open, plannedDataset())], [drift]).join();
    expect(codes).not.toContain("access-opened-outside-terraform");
    expect(codes).toContain("changed-outside-terraform access");
  });
});

test.each(["..", "a/../b", "a?b", "a#b", "a%2fb", "a\\b"])(
  "an id that would lead a request elsewhere is refused: %s",
  (id) => {
    for (const name of ["project", "dataset_id", "table_id"]) {
      const table = plannedTable({ [name]: id });
      expect(() => updatedTable(PlannedChange.parse(resourceChange(TABLE, ["update"], table, table)))).toThrow(
        "an id holds no",
      );
    }
  },
);
