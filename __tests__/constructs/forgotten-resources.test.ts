import { App, Testing } from "cdktf";
import { readFileSync } from "node:fs";
import path from "node:path";
import { TenantMetadataStack } from "../../constructs/tenant-metadata-stack";
import type { StackPlan } from "../../model/resolve";
import { temporaryFolder } from "../support/config-folder";
import { environment, MINIMAL_TABLE, tenant } from "../support/resolved";
import { synthesize } from "../support/synth";

const plan: StackPlan = {
  stackName: "metadata-dev",
  environment: environment(),
  shard: 0,
  tenants: [tenant()],
  forgotten: [tenant({ tenantId: "left", readers: ["group:readers@example.com"] })],
};

const REMOVED = [
  "google_bigquery_dataset.left",
  "google_bigquery_table.left__notes",
  "google_bigquery_table_iam_member.left__notes__reader__group_readers_example_com_12e0a60f",
].map((from) => ({ from, lifecycle: { destroy: false } }));

test("a forgotten tenant becomes removed blocks that destroy nothing, and no resource", () => {
  const stack = synthesize({ plan, definitions: [MINIMAL_TABLE] });
  expect(stack).toMatchObject({ removed: REMOVED });
  expect(Object.keys(stack.resource["google_bigquery_dataset"] ?? {})).toEqual(["acme"]);
});

test("a stack without forgotten tenants has no removed block", () => {
  expect(synthesize({ plan: { ...plan, forgotten: [] }, definitions: [MINIMAL_TABLE] })).not.toHaveProperty("removed");
});

test("the stack written in one pass says the same", () => {
  const app = Testing.stubVersion(new App({ stackTraces: false, outdir: temporaryFolder() }));
  const props = { plan, definitions: [MINIMAL_TABLE], standalone: true };
  const stack = new TenantMetadataStack(app, plan.stackName, props);
  app.synth();
  const file = path.join(app.outdir, app.manifest.forStack(stack).synthesizedStackPath);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ removed: REMOVED });
});
