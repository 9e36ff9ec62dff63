import { type PlanSummary, readPlan } from "../../../evolution/plan/read-plan";
import { planOf, plannedTable, resourceChange } from "../../support/plan";

const CHANGE = resourceChange("google_bigquery_table", ["no-op"], plannedTable(), plannedTable());
const SHOW = "Make it with `terraform plan -out=plan.out` and `terraform show -json plan.out > plan.json`.";

/** Reads a plan from bytes, in chunks of a size. */
async function read(input: string | Uint8Array, size = 7): Promise<{ summary: PlanSummary; addresses: string[] }> {
  const bytes = Buffer.from(input);
  const addresses: string[] = [];
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const summary = await readPlan(chunks(), "plan.json", ({ address }) => addresses.push(address));
  return { summary, addresses };
}

const json = (plan: unknown) => `${JSON.stringify(plan)}\n`;

test.each([[1], [7], [65_536]])("gives every change in order, whatever the chunks: %d bytes", async (size) => {
  const second = { ...CHANGE, address: "google_bigquery_table.ümläut__step_logs" };
  expect(await read(json(planOf([CHANGE, second])), size)).toEqual({
    summary: { formatVersion: "1.2", terraformVersion: "1.11.4", complete: true, changes: 2 },
    addresses: ["google_bigquery_table.acme__step_logs", "google_bigquery_table.ümläut__step_logs"],
  });
});

test("accepts a plan without a change", async () => {
  const { resource_changes: _, ...plan } = planOf([]);
  expect((await read(json(plan))).summary.changes).toBe(0);
});

test("reads keys in any order", async () => {
  const plan = Object.fromEntries(Object.entries(planOf([CHANGE])).reverse());
  expect((await read(json(plan))).addresses).toHaveLength(1);
});

test("reads deferred changes, and says that the plan is not complete", async () => {
  const plan = planOf([], {
    complete: false,
    deferred_changes: [{ reason: "provider_config_unknown", resource_change: CHANGE }],
  });
  const { summary, addresses } = await read(json(plan));
  expect(summary.complete).toBe(false);
  expect(addresses).toEqual(["google_bigquery_table.acme__step_logs"]);
});

test("passes over data sources", async () => {
  expect((await read(json(planOf([{ ...CHANGE, mode: "data" }])))).addresses).toEqual([]);
});

test("does not take changes of the same name elsewhere for its own", async () => {
  const plan = planOf([], {
    configuration: { resource_changes: [CHANGE] },
    variables: { format_version: { value: "9.9" } },
  });
  expect(await read(json(plan))).toMatchObject({ summary: { formatVersion: "1.2", changes: 0 }, addresses: [] });
});

test("takes a byte-order mark off", async () => {
  expect((await read(`\uFEFF${json(planOf([CHANGE]))}`)).addresses).toHaveLength(1);
});

test.each<readonly [string, string | Uint8Array, string]>([
  ["nothing", "", `plan.json is empty. ${SHOW}`],
  [
    "no JSON",
    "Terraform will perform the following actions:",
    `plan.json is not JSON: unexpected T at byte 0. ${SHOW}`,
  ],
  ["a list", "[]", `plan.json is JSON, but not a Terraform plan. ${SHOW}`],
  ["another object", '{"a":1}', `plan.json is JSON, but not a Terraform plan. ${SHOW}`],
  [
    "a state",
    json({ format_version: "1.0", terraform_version: "1.11.4", values: { root_module: {} } }),
    `plan.json is JSON, but not a Terraform plan. It looks like a state, which \`terraform show -json\` prints without a plan file. ${SHOW}`,
  ],
  [
    "a later format",
    json(planOf([], { format_version: "2.0" })),
    "plan.json has format version 2.0; 1.x can be read. Make the plan with Terraform 1.1 or later, or OpenTofu.",
  ],
  [
    "an earlier format",
    json(planOf([], { format_version: "0.2" })),
    "plan.json has format version 0.2; 1.x can be read. Make the plan with Terraform 1.1 or later, or OpenTofu.",
  ],
  [
    "half a plan",
    json(planOf([CHANGE])).slice(0, 500),
    `plan.json ends in the middle of the JSON: it was cut off. ${SHOW}`,
  ],
  [
    "a plan that failed",
    json(planOf([CHANGE], { errored: true })),
    "plan.json is a plan that failed, so it holds only part of the changes. Fix the error and plan again.",
  ],
  [
    "a change without actions",
    json(planOf([{ ...CHANGE, change: { before: null, after: null } }])),
    `plan.json is not a Terraform plan: resource_changes[0].change.actions: Invalid input: expected array, received undefined. ${SHOW}`,
  ],
  ["two documents", json(planOf([])) + json(planOf([])), `plan.json is not JSON: unexpected { at byte LENGTH. ${SHOW}`],
])("refuses %s", async (_, input, message) => {
  const length = String(json(planOf([])).length);
  await expect(read(input, 65_536)).rejects.toMatchObject({ message: message.replace("LENGTH", length) });
});

test.each([
  [
    "the binary plan",
    Buffer.from("PK\u0003\u0004\u0014\u0000"),
    "plan.json is Terraform's binary plan file. Print it as JSON: `terraform show -json plan.json > plan.json`.",
  ],
  [
    "UTF-16",
    Buffer.from(`\uFEFF${json(planOf([]))}`, "utf16le"),
    "plan.json is UTF-16, as Windows PowerShell writes it. Save it as UTF-8: `… | Out-File -Encoding utf8 plan.json`.",
  ],
  [
    "the log of terraform plan -json",
    Buffer.from('{"@level":"info","@message":"Terraform 1.11.4"}\n{"@level":"info"}\n'),
    `plan.json is the log that \`terraform plan -json\` prints, not a plan. ${SHOW}`,
  ],
])("recognizes %s", async (_, input, message) => {
  await expect(read(input, 65_536)).rejects.toMatchObject({ message });
});
