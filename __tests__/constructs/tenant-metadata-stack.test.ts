import "cdktf/lib/testing/adapters/jest";
import { readFileSync } from "node:fs";
import path from "node:path";
import { BigqueryDataset } from "@cdktf/provider-google/lib/bigquery-dataset";
import { BigqueryTable } from "@cdktf/provider-google/lib/bigquery-table";
import { App, TerraformOutput, TerraformStack, Testing } from "cdktf";
import { mustGet, UsageError } from "../../model/errors";
import { formatJson } from "../../model/format-json";
import type { StackAssignment } from "../../model/resolve";
import { MetadataTable } from "../../constructs/metadata-table";
import { TenantMetadataStack } from "../../constructs/tenant-metadata-stack";
import { AWAY, LOOPBACK } from "../support/endpoints";
import { environment, FULL_TABLES, fullTenant, MINIMAL_TABLE, tenant } from "../support/resolved";
import { temporaryFolder } from "../support/config-folder";
import { synthesize, type TerraformJson, testStack } from "../support/synth";

Testing.setupJest();

const minimal: StackAssignment = {
  stackName: "metadata-dev",
  environment: environment(),
  shard: 0,
  tenants: [tenant()],
};
const full: StackAssignment = {
  stackName: "metadata-dev-001",
  environment: environment({
    shards: 2,
    backend: { type: "gcs", bucket: "example-state", prefix: "metadata" },
    recreate: { steps: 3 },
  }),
  shard: 1,
  tenants: [fullTenant()],
};

const withEndpoint = (endpoint: string, change: Parameters<typeof environment>[0] = {}) => ({
  assignment: { ...minimal, environment: environment({ endpoint, ...change }) },
  definitions: [],
});

describe("TenantMetadataStack", () => {
  test("gives a tenant its dataset and its tables", () => {
    const synthesized = Testing.synth(testStack({ assignment: minimal, definitions: [MINIMAL_TABLE] }));
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
    const { locals, resource } = synthesize({ assignment: minimal, definitions: [MINIMAL_TABLE] });
    expect(formatJson({ locals, resource })).toMatchInlineSnapshot(`
"{
  "locals": {
    "notes_schema": [
      {
        "mode": "NULLABLE",
        "name": "note",
        "type": "STRING"
      }
    ]
  },
  "resource": {
    "google_bigquery_dataset": {
      "acme": {
        "dataset_id": "acme_metadata",
        "delete_contents_on_destroy": false,
        "description": "Pipeline metadata of Acme (dev): runs, steps, data quality and API keys.",
        "friendly_name": "Acme metadata",
        "labels": {
          "environment": "dev",
          "managed_by": "tenant-metadata",
          "tenant": "acme"
        },
        "location": "EU",
        "project": "example-dev"
      }
    },
    "google_bigquery_table": {
      "acme__notes": {
        "dataset_id": "\${google_bigquery_dataset.acme.dataset_id}",
        "deletion_protection": true,
        "labels": {
          "environment": "dev",
          "managed_by": "tenant-metadata",
          "tenant": "acme"
        },
        "lifecycle": {
          "replace_triggered_by": ["terraform_data.notes_generation"]
        },
        "project": "example-dev",
        "schema": "\${jsonencode(local.notes_schema)}",
        "table_id": "notes"
      }
    },
    "terraform_data": {
      "notes_generation": {
        "input": 1
      }
    }
  }
}
"
`);
  });

  test("holds everything that may be set", () => {
    const { locals, provider, resource } = synthesize({ assignment: full, definitions: FULL_TABLES });
    const { google_bigquery_table_iam_member: grants = {}, terraform_data: generations, ...others } = resource;
    expect(formatJson({ locals, resource: others })).toMatchSnapshot();
    expect(generations).toEqual({ runs_generation: { input: 1 }, steps_generation: { input: 3 } });
    expect(provider).toEqual({ google: [{ add_terraform_attribution_label: false, project: "example-dev" }] });
    const granted = Object.values(grants).map(({ member, role, table_id: table }) => [member, role, table].join(" "));
    expect(granted).toMatchInlineSnapshot(`
[
  "group:data-readers@example.com roles/bigquery.dataViewer \${google_bigquery_table.acme__runs.table_id}",
  "serviceAccount:pipelines@example-dev.iam.gserviceaccount.com roles/bigquery.dataEditor \${google_bigquery_table.acme__runs.table_id}",
  "group:data-readers@example.com roles/bigquery.dataViewer \${google_bigquery_table.acme__steps.table_id}",
  "serviceAccount:pipelines@example-dev.iam.gserviceaccount.com roles/bigquery.dataEditor \${google_bigquery_table.acme__steps.table_id}",
]
`);
    for (const [name, { dataset_id: dataset, lifecycle, project }] of Object.entries(grants)) {
      const generation = `terraform_data.${name.startsWith("acme__runs__") ? "runs" : "steps"}_generation`;
      expect([dataset, lifecycle, project]).toEqual([
        "${google_bigquery_dataset.acme.dataset_id}",
        { replace_triggered_by: [generation] },
        "example-dev",
      ]);
    }
  });

  test("passes cdktf's own validation", () => {
    expect(() => Testing.synth(testStack({ assignment: full, definitions: FULL_TABLES }), true)).not.toThrow();
  });

  test("tells a tenant's dataset and full table names as an output", () => {
    expect(synthesize({ assignment: minimal, definitions: FULL_TABLES }).output["tenants"]?.value).toEqual({
      acme: {
        dataset_id: "acme_metadata",
        tables: { runs: "example-dev.acme_metadata.runs", steps: "example-dev.acme_metadata.steps" },
      },
    });
  });

  test("keeps the state of each stack apart", () => {
    const { backend } = synthesize({ assignment: full, definitions: [] }).terraform;
    expect(backend).toEqual({ gcs: { bucket: "example-state", prefix: "metadata/metadata-dev-001" } });
  });

  test("talks to the emulator where there is one", () => {
    expect(synthesize(withEndpoint("http://0x7f.1:9050/")).provider["google"]).toEqual([
      {
        access_token: "emulator",
        add_terraform_attribution_label: false,
        big_query_custom_endpoint: "http://127.0.0.1:9050/bigquery/v2/",
        project: "example-dev",
      },
    ]);
  });

  test.each(LOOPBACK)("takes every spelling of this machine: %s", (url) => {
    expect(synthesize(withEndpoint(url)).provider["google"]).toEqual([
      expect.objectContaining({
        big_query_custom_endpoint: expect.stringMatching(/:9050\/bigquery\/v2\/$/) as unknown,
      }),
    ]);
  });

  test.each(AWAY)("refuses an endpoint that leads away from this machine: %s", (url) => {
    expect(() => testStack(withEndpoint(url))).toThrow(UsageError);
    expect(() => testStack(withEndpoint(url))).toThrow("is not one of an emulator");
  });

  test("refuses an emulator whose state would be shared", () => {
    const { backend } = full.environment;
    expect(() => testStack(withEndpoint("http://127.0.0.1:9050", { backend }))).toThrow("only with a local backend");
  });

  test("emits each table's generation from the start, and makes tables and grants depend on it", () => {
    const { resource } = synthesize({ assignment: full, definitions: FULL_TABLES });
    expect(resource["terraform_data"]).toEqual({ runs_generation: { input: 1 }, steps_generation: { input: 3 } });
    expect(resource["google_bigquery_table"]?.["acme__steps"]).toMatchObject({
      lifecycle: { replace_triggered_by: ["terraform_data.steps_generation"] },
    });
    for (const grant of Object.values(resource["google_bigquery_table_iam_member"] ?? {})) {
      expect(grant["lifecycle"]).toHaveProperty("replace_triggered_by");
    }
  });

  test("keeps every tenant and table, by id", () => {
    const { tenants } = testStack({ assignment: full, definitions: FULL_TABLES });
    expect([...tenants].map(([id, { tables }]) => [id, ...tables.keys()])).toEqual([["acme", "runs", "steps"]]);
  });

  test("gives references to its tables and datasets, to its own stack and to others", () => {
    const app = Testing.stubVersion(new App({ outdir: temporaryFolder() }));
    const stack = new TenantMetadataStack(app, "metadata-dev", { assignment: minimal, definitions: [MINIMAL_TABLE] });
    const other = new TerraformStack(app, "other");
    const metadata = mustGet(stack.tenants, "acme", "tenant");
    const table = mustGet(metadata.tables, "notes", "table");
    const values = [metadata.datasetId, table.tableId, table.datasetId, table.fullName];
    for (const scope of [stack, other]) new TerraformOutput(scope, "values", { value: values });
    app.synth();
    const outputs = (name: string) => {
      const file = path.join(app.outdir, "stacks", name, "cdk.tf.json");
      return (JSON.parse(readFileSync(file, "utf8")) as TerraformJson).output["values"]?.value as string[] | undefined;
    };
    expect(outputs("metadata-dev")).toEqual([
      "${google_bigquery_dataset.acme.dataset_id}",
      "${google_bigquery_table.acme__notes.table_id}",
      "${google_bigquery_table.acme__notes.dataset_id}",
      "${google_bigquery_table.acme__notes.project}.${google_bigquery_table.acme__notes.dataset_id}.${google_bigquery_table.acme__notes.table_id}",
    ]);
    const imported = outputs("other")?.map((value) =>
      value.replaceAll(/data\.terraform_remote_state\.[\w-]+\.outputs\.cross-stack-output-/g, ""),
    );
    expect(imported).toEqual([
      "${google_bigquery_datasetacmedataset_id}",
      "${google_bigquery_tableacme__notestable_id}",
      "${google_bigquery_tableacme__notesdataset_id}",
      "${google_bigquery_tableacme__notesproject}.${google_bigquery_tableacme__notesdataset_id}.${google_bigquery_tableacme__notestable_id}",
    ]);
  });

  test.each([
    ["definition", { ...MINIMAL_TABLE }, 1, "another definition"],
    ["generation", MINIMAL_TABLE, 2, "generation 1"],
  ])("refuses a second %s of one table in a stack", (_, definition, generation, held) => {
    const stack = testStack({ assignment: minimal, definitions: [MINIMAL_TABLE] });
    expect(
      () => new MetadataTable(stack, "again", { tenant: tenant(), definition, datasetId: "acme_metadata", generation }),
    ).toThrow(
      new UsageError(
        `The stack metadata-dev already holds ${held} of table notes; all its tenants share one.\n` +
          "fix: pass the same definition object and generation for all of them, or use another stack.",
      ),
    );
  });
});
