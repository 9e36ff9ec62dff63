import {
  datasetAddress,
  datasetId,
  datasetPath,
  datasetsPath,
  fullTableName,
  generationLogicalId,
  grantLogicalId,
  queriesPath,
  schemaLocalName,
  stackName,
  tableAddress,
  tableLogicalId,
  tablePath,
  tableResourceName,
  tablesPath,
} from "../../model/names";
import { shardOf } from "../../model/sharding";

describe("names", () => {
  test("that reach BigQuery or Terraform are exactly these", () => {
    expect(datasetId("{tenantId}_metadata", { tenantId: "acme", environment: "dev" })).toBe("acme_metadata");
    expect(datasetId("{environment}_{tenantId}", { tenantId: "acme", environment: "dev" })).toBe("dev_acme");
    expect(stackName("dev", 0, 1)).toBe("metadata-dev");
    expect(stackName("prod", 7, 12)).toBe("metadata-prod-007");
    expect(tableLogicalId("acme", "step_logs")).toBe("acme__step_logs");
    expect(datasetAddress("acme")).toBe("google_bigquery_dataset.acme");
    expect(tableAddress("acme", "step_logs")).toBe("google_bigquery_table.acme__step_logs");
    expect(schemaLocalName("step_logs")).toBe("step_logs_schema");
    expect(generationLogicalId("step_logs")).toBe("step_logs_generation");
    expect(fullTableName("example-dev", "acme_metadata", "step_logs")).toBe("example-dev.acme_metadata.step_logs");
    expect(grantLogicalId("acme", "step_logs", "reader", "group:data-readers@example.com")).toBe(
      "acme__step_logs__reader__group_data_readers_example_com_b4fee99d",
    );
  });

  test("of BigQuery's interfaces are exactly these", () => {
    const dataset = { projectId: "example-dev", datasetId: "acme_metadata" };
    const table = "projects/example-dev/datasets/acme_metadata/tables/step_logs";
    expect(queriesPath("example-dev")).toBe("/projects/example-dev/queries");
    expect(datasetsPath("example-dev")).toBe("/projects/example-dev/datasets");
    expect(datasetPath(dataset)).toBe("/projects/example-dev/datasets/acme_metadata");
    expect(tablesPath(dataset)).toBe("/projects/example-dev/datasets/acme_metadata/tables");
    expect(tablePath(dataset, "step_logs")).toBe(`/${table}`);
    expect(tableResourceName(dataset, "step_logs")).toBe(table);
  });

  test("of two members whose readable parts are equal stay apart", () => {
    const [dot, dash] = ["user:a.b@example.com", "user:a-b@example.com"].map((member) =>
      grantLogicalId("acme", "step_logs", "reader", member),
    );
    expect(dot).not.toBe(dash);
  });
});

describe("shardOf", () => {
  test("is the first 32 bits of the id's SHA-256, modulo the shards", () => {
    // `printf acme | sha256sum` begins with 822b33ad, that of globex with 5bc1a08d.
    expect(shardOf("acme", 1)).toBe(0);
    expect(shardOf("acme", 16)).toBe(0x822b33ad % 16);
    expect(shardOf("acme", 16)).toBe(13);
    expect(shardOf("globex", 100)).toBe(5);
  });
});
