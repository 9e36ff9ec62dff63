import { loadConfig } from "../../../model/load-config";
import { configFolder, type Files, VALID } from "../../support/config-folder";
import { acme, dev, listedProblems } from "../../support/config-problems";

describe("environments and tenants", () => {
  const manyLabels = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`label_${index}`, ""]));
  const otherLabels = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`other_${index}`, ""]));

  test.each<[string, Files, string]>([
    [
      "a backend of an unknown type",
      dev({ backend: { type: "gcss", bucket: "state" } }),
      `
environments/dev.json:5 backend.type
  The value is not one of those allowed
  received: "gcss"
  allowed:  local, gcs
  fix:      Did you mean "gcs"?
`,
    ],
    [
      "a backend without bucket, with an unknown key",
      dev({ backend: { type: "gcs", buckt: "state" } }),
      `
environments/dev.json:4 backend.bucket
  The key "bucket" is missing
  allowed:  a string
  fix:      Add it

environments/dev.json:6 backend.buckt
  The key "buckt" is not known here
  allowed:  type, bucket, prefix
  fix:      Did you mean "bucket"?
`,
    ],
    [
      "a template without the tenant",
      dev({ datasetIdTemplate: "metadata" }),
      `
environments/dev.json:7 datasetIdTemplate
  The value is not well-formed
  received: "metadata"
  allowed:  letters, digits and _ around {tenantId}, optionally with {environment}
  fix:      Write for example {tenantId}_metadata
`,
    ],
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
      `
tenants/acme.json:4 environments.dev-eu
  The dataset id made from the environment's datasetIdTemplate is not valid
  received: "acme_dev-eu"
  allowed:  at most 1024 letters, digits and _
  fix:      Change datasetIdTemplate in environments/dev-eu.json
`,
    ],
    [
      "a malformed KMS key",
      dev({ kmsKeyName: "projects/p/keyRings/r/cryptoKeys/k" }),
      `
environments/dev.json:7 kmsKeyName
  The value is not well-formed
  received: "projects/p/keyRings/r/cryptoKeys/k"
  allowed:  projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>, without a version
  fix:      Copy the key's resource name from Cloud KMS
`,
    ],
    [
      "a KMS key of another location",
      dev({ kmsKeyName: "projects/p/locations/us/keyRings/r/cryptoKeys/k" }),
      `
environments/dev.json:7 kmsKeyName
  The KMS key lies in us, but the dataset in EU
  received: "projects/p/locations/us/keyRings/r/cryptoKeys/k"
  allowed:  a key in europe
  fix:      Use a key in the dataset's location
`,
    ],
    [
      "a location that no longer fits the key",
      {
        ...dev({
          kmsKeyName: "projects/p/locations/europe/keyRings/r/cryptoKeys/k",
        }),
        ...acme({ location: "US" }),
      },
      `
tenants/acme.json:5 environments.dev.location
  The KMS key lies in europe, but the dataset in US
  received: "projects/p/locations/europe/keyRings/r/cryptoKeys/k"
  allowed:  a key in us
  fix:      Use a key in the dataset's location
`,
    ],
    [
      "an endpoint with a path",
      dev({ endpoint: "http://127.0.0.1:9050/bigquery" }),
      `
environments/dev.json:7 endpoint
  An endpoint is for an emulator on this machine
  received: "http://127.0.0.1:9050/bigquery"
  allowed:  http:// or https://, a host on this machine (localhost, 127.0.0.1 or [::1]) and a port, for example http://127.0.0.1:9050
  fix:      Leave out path and credentials; remove the key for the real service
`,
    ],
    [
      "an endpoint elsewhere",
      dev({ endpoint: "http://user:hunter2@emulator.example.com:9050" }),
      `
environments/dev.json:7 endpoint
  An endpoint is for an emulator on this machine
  allowed:  http:// or https://, a host on this machine (localhost, 127.0.0.1 or [::1]) and a port, for example http://127.0.0.1:9050
  fix:      Leave out path and credentials; remove the key for the real service
`,
    ],
    [
      "an endpoint with a shared state",
      dev({ endpoint: "http://localhost:9050", backend: { type: "gcs", bucket: "state" } }),
      `
environments/dev.json:8 endpoint
  An endpoint is for an emulator, and an emulator's environment keeps its state locally
  received: "gcs"
  allowed:  local
  fix:      Remove \`endpoint\`, or give \`backend\` the type local
`,
    ],
    [
      "two environments with a stack of one name",
      {
        ...dev({ shards: 2 }),
        "environments/dev-001.json": { projectId: "example-dev", location: "EU", backend: { type: "local" } },
      },
      `
environments/dev.json:7 shards
  The stack metadata-dev-001 belongs to the environment dev-001 already
  received: "metadata-dev-001"
  fix:      Rename one of the two environments
`,
    ],
    [
      "recreate under protection",
      dev({ recreate: { runs: 2 } }),
      `
environments/dev.json:8 recreate.runs
  Changing the generation from 1 replaces the table and loses its rows, and deletionProtection is on
  received: 2
  allowed:  1
  fix:      Deploy with \`deletionProtection\` false first, or change the schema without recreating (docs/schema-evolution.md)
`,
    ],
    [
      "recreate of an unknown table",
      dev({ deletionProtection: false, recreate: { run: 2 } }),
      `
environments/dev.json:9 recreate.run
  There is no definition of this table
  received: "run"
  allowed:  runs
  fix:      Did you mean "runs"?
`,
    ],
    [
      "a generation below one that was deployed",
      {
        ...dev({}),
        "deployed/dev.json": { shards: 1, recreate: { runs: 2 } },
        ...dev({ recreate: { runs: 1 } }),
      },
      `
environments/dev.json:8 recreate.runs
  Changing the generation from 2 replaces the table and loses its rows, and deletionProtection is on
  received: 1
  allowed:  2
  fix:      Deploy with \`deletionProtection\` false first, or change the schema without recreating (docs/schema-evolution.md)
`,
    ],
    [
      "another number of shards than was deployed",
      { ...dev({ shards: 4 }), "deployed/dev.json": { shards: 2 } },
      `
environments/dev.json:7 shards
  Changing the number of shards moves tenants between states, and Terraform does that by destroying their tables in one and creating empty ones in the other
  received: 4
  allowed:  2, as deployed
  fix:      Keep 2; to place one tenant elsewhere before its first deployment, set its \`shard\`
`,
    ],
    [
      "a record of an environment that is gone",
      { "deployed/prod.json": { shards: 1 } },
      `
deployed/prod.json
  There is no environment of this name
  received: "prod"
  allowed:  dev
  fix:      Delete the file once nothing is deployed there
`,
    ],
    [
      "a tenant of an unknown environment",
      {
        "tenants/acme.json": { displayName: "Acme", environments: { dve: {} } },
      },
      `
tenants/acme.json:4 environments.dve
  There is no environment of this name
  received: "dve"
  allowed:  dev
  fix:      Did you mean "dev"?
`,
    ],
    [
      "a shard that does not exist",
      acme({ shard: 1 }),
      `
tenants/acme.json:5 environments.dev.shard
  The environment dev has 1 shard(s)
  received: 1
  allowed:  0 to 0
  fix:      Name an existing shard, or remove \`shard\`
`,
    ],
    [
      "too many labels together",
      { ...dev({ labels: manyLabels }), ...acme({ labels: otherLabels }) },
      `
tenants/acme.json:5 environments.dev.labels
  There are too many labels
  received: 80
  allowed:  at most 61 besides environment, tenant, managed_by
  fix:      Remove some
`,
    ],
    [
      "two environments that share datasets",
      {
        "environments/test.json": VALID["environments/dev.json"],
        "tenants/acme.json": {
          displayName: "Acme",
          environments: { dev: {}, test: {} },
        },
      },
      `
tenants/acme.json:5 environments.test
  The dataset example-dev.acme_metadata belongs to tenant acme in dev already
  received: "acme_metadata"
  fix:      Rename the tenant, or tell the datasets apart by {environment} in datasetIdTemplate
`,
    ],
    [
      "retention of half a day",
      acme({ partitionExpirationDays: 0.5 }),
      `
tenants/acme.json:5 environments.dev.partitionExpirationDays
  The value has the wrong type
  received: 0.5
  allowed:  a whole number
  fix:      Correct the value
`,
    ],
  ])("%s", (_, files, problems) => {
    expect(listedProblems(files)).toBe(problems);
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
