/*
 * The peer: a plain CDKTF program for the same resources, as one writes it from the documentation. Each table carries its
 * schema as a string, and nothing is tuned. It checks no configuration beyond what JSON.parse does.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { BigqueryDataset } from "@cdktf/provider-google/lib/bigquery-dataset";
import { BigqueryTable } from "@cdktf/provider-google/lib/bigquery-table";
import { BigqueryTableIamMember } from "@cdktf/provider-google/lib/bigquery-table-iam-member";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { App, DataResource, GcsBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

interface Field {
  name: string;
  allowedValues?: string[];
}
interface Table {
  id: string;
  description: string;
  schema: { fields: Field[] };
  timePartitioning?: { type: string; field: string };
  clustering?: { fields: string[] };
}
interface Environment {
  projectId: string;
  location: string;
  backend: { bucket: string; prefix: string };
  shards: number;
  partitionExpirationDays: number;
  kmsKeyName: string;
  labels: Record<string, string>;
  readers: string[];
  writers: string[];
  keyAdmins: string[];
}
interface Tenant {
  id: string;
  displayName: string;
  environments: Record<string, { labels?: Record<string, string> }>;
}

function readFolder<T>(...folder: string[]): (T & { id: string })[] {
  return readdirSync(path.join(...folder))
    .sort()
    .map((name) => ({
      id: path.basename(name, ".json"),
      ...(JSON.parse(readFileSync(path.join(...folder, name), "utf8")) as T),
    }));
}

class NaiveStack extends TerraformStack {
  constructor(scope: Construct, id: string, environment: Environment, tables: Table[], tenants: Tenant[]) {
    super(scope, id);
    new GoogleProvider(this, "google", { project: environment.projectId, addTerraformAttributionLabel: false });
    new GcsBackend(this, { bucket: environment.backend.bucket, prefix: `${environment.backend.prefix}/${id}` });
    const generations = new Map(
      tables.map((table) => [table.id, new DataResource(this, `${table.id}_generation`, {})]),
    );
    const expirationMs = environment.partitionExpirationDays * 86_400_000;
    const project = environment.projectId;
    for (const tenant of tenants) {
      const labels = {
        ...environment.labels,
        ...tenant.environments["bench"]?.labels,
        environment: "bench",
        tenant: tenant.id,
        managed_by: "naive",
      };
      const dataset = new BigqueryDataset(this, tenant.id, {
        project,
        datasetId: `${tenant.id}_metadata`,
        friendlyName: `${tenant.displayName} metadata`,
        description: `Pipeline metadata of ${tenant.displayName} (bench): runs, steps, data quality and API keys.`,
        location: environment.location,
        labels,
        deleteContentsOnDestroy: false,
        defaultPartitionExpirationMs: expirationMs,
        defaultEncryptionConfiguration: { kmsKeyName: environment.kmsKeyName },
      });
      for (const definition of tables) {
        const table = new BigqueryTable(this, `${tenant.id}__${definition.id}`, {
          project,
          datasetId: dataset.datasetId,
          tableId: definition.id,
          description: definition.description,
          schema: JSON.stringify(definition.schema.fields.map(({ allowedValues: _, ...field }) => field)),
          ...(definition.timePartitioning
            ? { timePartitioning: { ...definition.timePartitioning, expirationMs } }
            : {}),
          ...(definition.clustering ? { clustering: definition.clustering.fields } : {}),
          labels,
          deletionProtection: true,
          encryptionConfiguration: { kmsKeyName: environment.kmsKeyName },
          lifecycle: { replaceTriggeredBy: [generations.get(definition.id)!] },
        });
        const grants: [string, string[]][] =
          definition.id === "api_keys"
            ? [["roles/bigquery.dataEditor", environment.keyAdmins]]
            : [
                ["roles/bigquery.dataViewer", environment.readers],
                ["roles/bigquery.dataEditor", environment.writers],
              ];
        for (const [role, members] of grants) {
          for (const member of members) {
            new BigqueryTableIamMember(this, `${tenant.id}__${definition.id}__${role}__${member}`, {
              project,
              datasetId: dataset.datasetId,
              tableId: table.tableId,
              role,
              member,
              lifecycle: { replaceTriggeredBy: [generations.get(definition.id)!] },
            });
          }
        }
      }
    }
    new TerraformOutput(this, "tenants", {
      value: Object.fromEntries(
        tenants.map((tenant) => [
          tenant.id,
          {
            dataset_id: `${tenant.id}_metadata`,
            tables: Object.fromEntries(
              tables.map(({ id: table }) => [table, `${project}.${tenant.id}_metadata.${table}`]),
            ),
          },
        ]),
      ),
    });
  }
}

const configDir = process.env["METADATA_CONFIG_DIR"] ?? "configs";
const [environment] = readFolder<Environment>(configDir, "environments");
const tables = readFolder<Table>(configDir, "metadata", "schemas") as Table[];
const tenants = readFolder<Tenant>(configDir, "tenants") as Tenant[];
const app = new App();
const perShard = Math.ceil(tenants.length / environment!.shards);
for (let shard = 0; shard < environment!.shards; shard++) {
  const members = tenants.slice(shard * perShard, (shard + 1) * perShard);
  new NaiveStack(app, `naive-${String(shard).padStart(3, "0")}`, environment!, tables, members);
}
app.synth();
