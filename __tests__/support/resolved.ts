import type { Environment } from "../../model/formats/environment";
import type { TableDefinition } from "../../model/formats/table-definition";
import type { ResolvedTenant } from "../../model/resolve";

/** An environment with nothing but what is required, as the loader gives it. */
export function environment(change: Partial<Environment> = {}): Environment {
  return {
    name: "dev",
    projectId: "example-dev",
    location: "EU",
    datasetIdTemplate: "{tenantId}_metadata",
    backend: { type: "local" },
    shards: 1,
    deletionProtection: true,
    labels: {},
    readers: [],
    writers: [],
    keyAdmins: [],
    declareConstraints: false,
    recreate: {},
    ...change,
  };
}

/** A tenant with nothing but what is required. */
export function tenant(change: Partial<ResolvedTenant> = {}): ResolvedTenant {
  return {
    tenantId: "acme",
    displayName: "Acme",
    environment: "dev",
    projectId: "example-dev",
    datasetId: "acme_metadata",
    location: "EU",
    labels: {},
    readers: [],
    writers: [],
    keyAdmins: [],
    shard: 0,
    deletionProtection: true,
    declareConstraints: false,
    ...change,
  };
}

/** A tenant that sets everything a tenant may. */
export function fullTenant(change: Partial<ResolvedTenant> = {}): ResolvedTenant {
  return tenant({
    labels: { team: "reports", cost_center: "data" },
    readers: ["group:data-readers@example.com"],
    writers: ["serviceAccount:pipelines@example-dev.iam.gserviceaccount.com"],
    keyAdmins: ["group:key-admins@example.com"],
    partitionExpirationMs: 2_592_000_000,
    kmsKeyName: "projects/example-kms/locations/europe/keyRings/metadata/cryptoKeys/bigquery",
    deletionProtection: false,
    declareConstraints: true,
    ...change,
  });
}

/** A table with nothing but columns. */
export const MINIMAL_TABLE: TableDefinition = {
  tableId: "notes",
  schema: { fields: [{ name: "note", type: "STRING", mode: "NULLABLE" }] },
};

/** Two tables that use everything a definition may, the second one referring to the first. */
export const FULL_TABLES: readonly TableDefinition[] = [
  {
    tableId: "runs",
    description: "Runs of ${pipelines}",
    schema: {
      fields: [
        { name: "run_id", type: "STRING", mode: "REQUIRED", description: 'Says "%{if}"\nand <ü>' },
        { name: "status", type: "STRING", mode: "REQUIRED", allowedValues: ["OK", "FAILED"] },
        { name: "started_at", type: "TIMESTAMP", mode: "REQUIRED", defaultValueExpression: "CURRENT_TIMESTAMP()" },
        {
          name: "owner",
          type: "RECORD",
          mode: "REPEATED",
          fields: [
            {
              name: "email",
              type: "STRING",
              mode: "NULLABLE",
              allowedValues: ["a@example.com"],
              policyTags: { names: ["projects/p/locations/eu/taxonomies/1/policyTags/2"] },
            },
          ],
        },
      ],
    },
    timePartitioning: { type: "DAY", field: "started_at", expirationMs: "86400000" },
    clustering: { fields: ["status", "run_id"] },
    requirePartitionFilter: true,
    tableConstraints: { primaryKey: { columns: ["run_id"] } },
    labels: { team: "platform", kind: "log" },
  },
  {
    tableId: "steps",
    schema: {
      fields: [
        { name: "run_id", type: "STRING", mode: "REQUIRED" },
        { name: "day", type: "DATE", mode: "REQUIRED" },
      ],
    },
    timePartitioning: { type: "MONTH", field: "day" },
    tableConstraints: {
      foreignKeys: [
        {
          referencedTable: { tableId: "runs" },
          columnReferences: [{ referencingColumn: "run_id", referencedColumn: "run_id" }],
        },
      ],
    },
  },
];
