import { loadConfig } from "../../../model/load-config";
import { configFolder, type Files, VALID } from "../../support/config-folder";
import { acme, dev, problemsOf } from "../../support/config-problems";

describe("environments and tenants", () => {
  const manyLabels = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`label_${index}`, ""]));
  const otherLabels = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`other_${index}`, ""]));

  test.each<[string, Files]>([
    ["a backend of an unknown type", dev({ backend: { type: "gcss", bucket: "state" } })],
    ["a backend without bucket, with an unknown key", dev({ backend: { type: "gcs", buckt: "state" } })],
    ["a template without the tenant", dev({ datasetIdTemplate: "metadata" })],
    [
      "a template that gives an invalid dataset id",
      {
        "environments/dev.json": undefined,
        "environments/dev-eu.json": {
          projectId: "example-dev",
          location: "EU",
          backend: { type: "local" },
          datasetIdTemplate: "{tenantId}_{environment}",
        },
        "tenants/acme.json": {
          displayName: "Acme",
          environments: { "dev-eu": {} },
        },
      },
    ],
    ["everyone as a reader", dev({ readers: ["allUsers"], writers: ["allAuthenticatedUsers"] })],
    ["a member without a prefix", dev({ keyAdmins: ["admins@example.com"] })],
    ["a malformed KMS key", dev({ kmsKeyName: "projects/p/keyRings/r/cryptoKeys/k" })],
    ["a KMS key of another location", dev({ kmsKeyName: "projects/p/locations/us/keyRings/r/cryptoKeys/k" })],
    [
      "a location that no longer fits the key",
      {
        ...dev({
          kmsKeyName: "projects/p/locations/europe/keyRings/r/cryptoKeys/k",
        }),
        ...acme({ location: "US" }),
      },
    ],
    ["an endpoint with a path", dev({ endpoint: "http://127.0.0.1:9050/bigquery" })],
    ["an endpoint elsewhere", dev({ endpoint: "http://user:hunter2@emulator.example.com:9050" })],
    [
      "an endpoint with a shared state",
      dev({ endpoint: "http://localhost:9050", backend: { type: "gcs", bucket: "state" } }),
    ],
    ["a deleted principal", dev({ readers: ["deleted:user:alex@example.com?uid=123456789012345678901"] })],
    ["a service account that is called a user", dev({ readers: ["user:a@example-dev.iam.gserviceaccount.com"] })],
    [
      "a key admin that reads, in another spelling",
      dev({ readers: ["group:Data@Example.com"], keyAdmins: ["group:key@example.com", "group:data@example.com"] }),
    ],
    [
      "a tenant whose writers hold a key admin of the environment",
      {
        ...dev({ keyAdmins: ["serviceAccount:example-dev.svc.id.goog[metadata/keys]"] }),
        ...acme({
          writers: [
            "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/example-dev.svc.id.goog/subject/ns/metadata/sa/keys",
          ],
        }),
      },
    ],
    [
      "two environments with a stack of one name",
      {
        ...dev({ shards: 2 }),
        "environments/dev-001.json": { projectId: "example-dev", location: "EU", backend: { type: "local" } },
      },
    ],
    ["recreate under protection", dev({ recreate: { runs: 2 } })],
    ["recreate of an unknown table", dev({ deletionProtection: false, recreate: { run: 2 } })],
    [
      "a generation below one that was deployed",
      {
        ...dev({}),
        "deployed/dev.json": { shards: 1, recreate: { runs: 2 } },
        ...dev({ recreate: { runs: 1 } }),
      },
    ],
    ["another number of shards than was deployed", { ...dev({ shards: 4 }), "deployed/dev.json": { shards: 2 } }],
    ["a record of an environment that is gone", { "deployed/prod.json": { shards: 1 } }],
    [
      "a tenant of an unknown environment",
      {
        "tenants/acme.json": { displayName: "Acme", environments: { dve: {} } },
      },
    ],
    ["a shard that does not exist", acme({ shard: 1 })],
    ["too many labels together", { ...dev({ labels: manyLabels }), ...acme({ labels: otherLabels }) }],
    [
      "two environments that share datasets",
      {
        "environments/test.json": VALID["environments/dev.json"],
        "tenants/acme.json": {
          displayName: "Acme",
          environments: { dev: {}, test: {} },
        },
      },
    ],
    ["retention of half a day", acme({ partitionExpirationDays: 0.5 })],
  ])("%s", (_, files) => {
    expect(problemsOf(files)).toMatchSnapshot();
  });

  test("a generation that was deployed is accepted under protection", () => {
    const folder = configFolder({
      ...VALID,
      ...dev({ recreate: { runs: 2 } }),
      "deployed/dev.json": { shards: 1, recreate: { runs: 2 } },
    });
    expect(loadConfig(folder).environments[0]?.recreate).toEqual({ runs: 2 });
  });
});
