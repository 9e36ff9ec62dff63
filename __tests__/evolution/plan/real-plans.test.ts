import { createReadStream } from "node:fs";
import path from "node:path";
import { readPlan } from "../../../evolution/plan/read-plan";
import { PlanReview } from "../../../evolution/plan/review-plan";

/*
 * Printed by Terraform 1.11.4 with the google provider's v6.50.0 code for stacks of this package, against an emulator;
 * resources without changes were taken out, and from the configuration all but what the rename's table says.
 */
test.each([
  [
    "a column that someone added to the live table",
    "live-column",
    ["column-dropped drop-column acme/step_logs schema.fields.extra"],
  ],
  [
    "a rename",
    "rename",
    [
      "column-added in-place acme/pipeline_runs schema.fields.error_info",
      "column-dropped drop-column acme/pipeline_runs schema.fields.error_text",
      "columns-dropped-and-added replace-table acme/pipeline_runs schema.fields",
    ],
  ],
  [
    "an expiration for the environment",
    "expiration",
    [
      "dataset-retention-lowered in-place acme/* defaultPartitionExpirationMs",
      "dataset-access-rewritten in-place acme/* access",
      "partition-expiration-shortened in-place acme/dq_results timePartitioning.expirationMs",
      "partition-expiration-shortened in-place acme/pipeline_runs timePartitioning.expirationMs",
      "partition-expiration-shortened in-place acme/step_logs timePartitioning.expirationMs",
    ],
  ],
  [
    "a tenant that is gone",
    "tenant-removed",
    [
      "dataset-deleted replace-table acme/* ",
      "table-deleted replace-table acme/api_keys ",
      "table-deleted replace-table acme/dq_results ",
      "table-deleted replace-table acme/pipeline_runs ",
      "table-deleted replace-table acme/step_logs ",
    ],
  ],
])("a real plan with %s", async (_, name, expected) => {
  const review = new PlanReview();
  await readPlan(
    createReadStream(path.join(__dirname, "fixtures", `${name}.json`)),
    name,
    (change) => void review.add(change),
    { onConfigured: (configured) => review.addConfigured(configured) },
  );
  const found = review
    .finish()
    .findings.map(({ code, effect, tenant, table, path: place }) => `${code} ${effect} ${tenant}/${table} ${place}`);
  expect(found).toEqual(expected);
});
