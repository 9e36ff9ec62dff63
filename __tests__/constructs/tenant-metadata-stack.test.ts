import "cdktf/lib/testing/adapters/jest";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { BigqueryDataset } from "@cdktf/provider-google/lib/bigquery-dataset";
import { BigqueryTable } from "@cdktf/provider-google/lib/bigquery-table";
import { App, Manifest, Testing } from "cdktf";
import { InternalError } from "../../model/errors";
import type { StackPlan } from "../../model/resolve";
import { TableSchemas } from "../../constructs/table-schemas";
import { TenantMetadataStack } from "../../constructs/tenant-metadata-stack";
import { disableTokenStackTraces } from "../../constructs/synth/token-stack-traces";
import { environment, FULL_TABLES, fullTenant, MINIMAL_TABLE, tenant } from "../support/resolved";
import { synthesize, testStack } from "../support/synth";

Testing.setupJest();

const minimal: StackPlan = { stackName: "metadata-dev", environment: environment(), shard: 0, tenants: [tenant()] };
const full: StackPlan = {
  stackName: "metadata-dev-001",
  environment: environment({
    shards: 2,
    backend: { type: "gcs", bucket: "example-state", prefix: "metadata" },
    endpoint: "http://127.0.0.1:9050",
    recreate: { steps: 3 },
  }),
  shard: 1,
  tenants: [fullTenant()],
};

describe("TenantMetadataStack", () => {
  test("gives a tenant its dataset and its tables", () => {
    const synthesized = Testing.synth(testStack({ plan: minimal, definitions: [MINIMAL_TABLE] }));
    expect(synthesized).toHaveResourceWithProperties(BigqueryDataset, {
      dataset_id: "acme_metadata",
      location: "EU",
      delete_contents_on_destroy: false,
    });
    expect(synthesized).toHaveResourceWithProperties(BigqueryTable, {
      table_id: "notes",
      dataset_id: "${google_bigquery_dataset.acme.dataset_id}",
      schema: "${jsonencode(local.notes_schema)}",
      deletion_protection: true,
    });
  });

  test("is small when nothing optional is set", () => {
    expect(synthesize({ plan: minimal, definitions: [MINIMAL_TABLE] })).toMatchSnapshot();
  });

  test("holds everything that may be set", () => {
    expect(synthesize({ plan: full, definitions: FULL_TABLES })).toMatchSnapshot();
  });

  test("passes cdktf's own validation", () => {
    expect(() => Testing.synth(testStack({ plan: full, definitions: FULL_TABLES }), true)).not.toThrow();
  });

  test("tells a tenant's dataset and full table names as an output", () => {
    expect(synthesize({ plan: minimal, definitions: FULL_TABLES }).output["tenants"]?.value).toEqual({
      acme: {
        dataset_id: "acme_metadata",
        tables: { runs: "example-dev.acme_metadata.runs", steps: "example-dev.acme_metadata.steps" },
      },
    });
  });

  test("keeps the state of each stack apart", () => {
    const { backend } = synthesize({ plan: full, definitions: [] }).terraform;
    expect(backend).toEqual({ gcs: { bucket: "example-state", prefix: "metadata/metadata-dev-001" } });
  });

  test("talks to the emulator where there is one", () => {
    expect(synthesize({ plan: full, definitions: [] }).provider["google"]).toEqual([
      {
        access_token: "emulator",
        add_terraform_attribution_label: false,
        big_query_custom_endpoint: "http://127.0.0.1:9050/bigquery/v2/",
        project: "example-dev",
      },
    ]);
  });

  test("emits each table's generation from the start, and makes tables and grants depend on it", () => {
    const { resource } = synthesize({ plan: full, definitions: FULL_TABLES });
    expect(resource["terraform_data"]).toEqual({ runs_generation: { input: 1 }, steps_generation: { input: 3 } });
    expect(resource["google_bigquery_table"]?.["acme__steps"]).toMatchObject({
      lifecycle: { replace_triggered_by: ["terraform_data.steps_generation"] },
    });
    for (const grant of Object.values(resource["google_bigquery_table_iam_member"] ?? {})) {
      expect(grant["lifecycle"]).toHaveProperty("replace_triggered_by");
    }
  });

  test("refuses two definitions of one table in a stack", () => {
    const stack = testStack({ plan: minimal, definitions: [MINIMAL_TABLE] });
    expect(() => TableSchemas.of(stack).share({ ...MINIMAL_TABLE }, 1)).toThrow(
      new InternalError(
        "metadata-dev/table-schemas: the stack holds another definition or generation of table notes; use one of each per stack.",
      ),
    );
  });
});

describe("a standalone stack", () => {
  test.each([
    ["minimal", minimal, [MINIMAL_TABLE]],
    ["full", full, FULL_TABLES],
    ["without tenants", { ...minimal, tenants: [] }, FULL_TABLES],
  ] as const)("is synthesized to the same as cdktf's own synthesizer makes (%s)", (_, plan, definitions) => {
    const outdir = mkdtempSync(path.join(os.tmpdir(), "synth-"));
    try {
      const read = (standalone: boolean) => {
        const app = new App({ outdir, stackTraces: false });
        const stack = new TenantMetadataStack(app, plan.stackName, { plan, definitions, standalone });
        stack.prepareStack();
        stack.synthesizer.synthesize({ outdir, manifest: new Manifest("0.21.0", outdir, false) });
        const file = path.join(outdir, "stacks", plan.stackName, "cdk.tf.json");
        return JSON.parse(readFileSync(file, "utf8"), withoutResourceComments) as object;
      };
      const own = read(true);
      expect(own).toEqual(read(false));
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });
});

/** cdktf comments each resource with its construct's path. */
function withoutResourceComments(key: string, value: unknown): unknown {
  const isComment = key === "//" && typeof value === "object" && JSON.stringify(value).includes('"uniqueId"');
  return isComment ? undefined : value;
}

describe("disableTokenStackTraces", () => {
  test("reaches the function that cdktf calls for each token", () => {
    disableTokenStackTraces();
    const stack = testStack({ plan: minimal, definitions: [MINIMAL_TABLE] });
    const token = stack.tenants.get("acme")?.dataset.getStringMapAttribute("labels");
    expect(token).toBeDefined();
    const reference = stack.tenants.get("acme")?.dataset.interpolationForAttribute("location") as {
      creationStack: string[];
    };
    expect(reference.creationStack).toEqual([]);
  });
});
