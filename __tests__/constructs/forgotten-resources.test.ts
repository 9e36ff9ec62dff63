import type { StackAssignment } from "../../model/resolve";
import { environment, MINIMAL_TABLE, tenant } from "../support/resolved";
import { synthesize } from "../support/synth";

const assignment: StackAssignment = {
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
  const stack = synthesize({ assignment, definitions: [MINIMAL_TABLE] });
  expect(stack).toMatchObject({ removed: REMOVED });
  expect(Object.keys(stack.resource["google_bigquery_dataset"] ?? {})).toEqual(["acme"]);
});

test("a stack without forgotten tenants has no removed block", () => {
  expect(synthesize({ assignment: { ...assignment, forgotten: [] }, definitions: [MINIMAL_TABLE] })).not.toHaveProperty(
    "removed",
  );
});
