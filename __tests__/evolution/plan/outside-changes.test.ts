import { Readable } from "node:stream";
import type { Finding } from "../../../evolution/catalogue/finding";
import { readPlan } from "../../../evolution/plan/read-plan";
import { PlanReview } from "../../../evolution/plan/review-plan";
import { planOf, plannedTable, resourceChange } from "../../support/plan";

const TABLE = "google_bigquery_table";
const GOOGLE = "registry.terraform.io/hashicorp/google";

async function review(plan: unknown): Promise<readonly Finding[]> {
  const judged = new PlanReview();
  await readPlan(Readable.from([Buffer.from(JSON.stringify(plan))]), "plan.json", (change) => void judged.add(change), {
    onFinding: (found) => judged.addFinding(found),
    onProviderVersion: (constraint) => judged.addProviderVersion(constraint),
  });
  return judged.finish().findings;
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
