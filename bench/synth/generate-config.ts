import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

export interface GeneratedConfigOptions {
  /** Folder to write; it must not exist yet. */
  readonly folder: string;
  /** Folder whose table definitions are used. */
  readonly definitionsFrom: string;
  readonly tenants: number;
  readonly shards: number;
}

/** Writes a configuration of one environment, `bench`, and as many tenants as asked for, each with grants of its own. */
export function generateConfig({ folder, definitionsFrom, tenants, shards }: GeneratedConfigOptions): void {
  const schemas = path.join("metadata", "schemas");
  mkdirSync(path.join(folder, "environments"), { recursive: true });
  mkdirSync(path.join(folder, "tenants"));
  cpSync(path.join(definitionsFrom, schemas), path.join(folder, schemas), { recursive: true });
  writeJson(path.join(folder, "environments", "bench.json"), {
    projectId: "example-bench",
    location: "EU",
    backend: { type: "gcs", bucket: "example-terraform-state", prefix: "bench" },
    shards,
    partitionExpirationDays: 365,
    kmsKeyName: "projects/example-kms/locations/europe/keyRings/metadata/cryptoKeys/bigquery",
    labels: { cost_center: "data-platform", data_class: "internal" },
    readers: ["group:data-engineers@example.com"],
    writers: ["serviceAccount:pipelines@example-bench.iam.gserviceaccount.com"],
    keyAdmins: ["group:platform-admins@example.com"],
  });
  for (let index = 0; index < tenants; index++) {
    const id = tenantIdAt(index);
    writeJson(path.join(folder, "tenants", `${id}.json`), {
      displayName: `Tenant ${index}`,
      environments: { bench: { labels: { team: `team_${index % 20}` } } },
    });
  }
}

/** `tenantIdAt(42)` gives `tenant_000042`. */
function tenantIdAt(index: number): string {
  return `tenant_${String(index).padStart(6, "0")}`;
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
