import { datasetResource, tableResource } from "../../model/resources";
import { FULL_TABLES, fullTenant, MINIMAL_TABLE, tenant } from "../support/resolved";

const [runs] = FULL_TABLES;

describe("datasetResource", () => {
  test("holds only what is set", () => {
    expect(datasetResource(tenant())).toEqual({
      datasetReference: { projectId: "example-dev", datasetId: "acme_metadata" },
      friendlyName: "Acme metadata",
      description: "Pipeline metadata of Acme (dev): runs, steps, data quality and API keys.",
      location: "EU",
      labels: { environment: "dev", tenant: "acme", managed_by: "tenant-metadata" },
    });
  });

  test("holds key and retention when they are set", () => {
    expect(datasetResource(fullTenant())).toMatchObject({
      defaultEncryptionConfiguration: {
        kmsKeyName: "projects/example-kms/locations/europe/keyRings/metadata/cryptoKeys/bigquery",
      },
      defaultPartitionExpirationMs: "2592000000",
    });
  });
});

describe("tableResource", () => {
  test("holds only what is set", () => {
    expect(tableResource(tenant(), MINIMAL_TABLE)).toEqual({
      tableReference: { projectId: "example-dev", datasetId: "acme_metadata", tableId: "notes" },
      schema: { fields: [{ name: "note", type: "STRING", mode: "NULLABLE" }] },
      labels: { environment: "dev", tenant: "acme", managed_by: "tenant-metadata" },
    });
  });

  test("never holds allowed values, at any depth", () => {
    expect(JSON.stringify(tableResource(fullTenant(), runs!))).not.toContain("allowedValues");
  });

  test("lets the definition's expiration win over the tenant's, and the tenant's fill a gap", () => {
    const [first, second] = FULL_TABLES.map((table) => tableResource(fullTenant(), table));
    expect(first?.timePartitioning?.expirationMs).toBe("86400000");
    expect(second?.timePartitioning?.expirationMs).toBe("2592000000");
  });

  test("lets the tenant's labels win over the definition's, and those of this package over all", () => {
    expect(tableResource(fullTenant(), runs!).labels).toEqual({
      kind: "log",
      team: "reports",
      cost_center: "data",
      environment: "dev",
      tenant: "acme",
      managed_by: "tenant-metadata",
    });
  });

  test("declares keys only when asked to", () => {
    const [, steps] = FULL_TABLES;
    expect(tableResource(fullTenant({ declareConstraints: false }), steps!).tableConstraints).toBeUndefined();
    expect(tableResource(fullTenant(), steps!).tableConstraints).toEqual({
      foreignKeys: [
        {
          name: "steps_run_id_fk",
          referencedTable: { projectId: "example-dev", datasetId: "acme_metadata", tableId: "runs" },
          columnReferences: [{ referencingColumn: "run_id", referencedColumn: "run_id" }],
        },
      ],
    });
  });
});
