import { compareConfigurations } from "../../../evolution/configuration/compare-configurations";
import { loadConfig, type MetadataConfig } from "../../../model/load-config";
import { changedRuns, addColumn, RUNS } from "../../support/changed-runs";
import { configFolder, type Files, VALID } from "../../support/config-folder";

const KMS = "projects/example-kms/locations/europe/keyRings/metadata/cryptoKeys";
const TWO: Files = { ...VALID, "tenants/globex.json": { displayName: "Globex", environments: { dev: {} } } };

function environment(change: object): Files {
  return { "environments/dev.json": { ...(VALID["environments/dev.json"] as object), ...change } };
}

function compare(old: Files, now: Files) {
  const [before, after] = [loadConfig(configFolder(old)), loadConfig(configFolder(now))];
  return compareConfigurations(before, after).map(({ code, effect, environment: where, tenant, table, path }) =>
    [code, effect, `${where ?? "-"}/${tenant ?? "-"}/${table}`, path].join(" "),
  );
}

test("a configuration against itself gives nothing", () => {
  expect(compare(TWO, TWO)).toEqual([]);
});

test("a change of a definition is said once, not for every tenant", () => {
  expect(
    compare(TWO, { ...TWO, ...changedRuns(addColumn), "tenants/globex.json": TWO["tenants/globex.json"] }),
  ).toEqual(["column-added in-place -/-/runs schema.fields.region"]);
});

test.each<readonly [string, object, object, readonly string[]]>([
  ["another location", {}, { location: "US" }, ["dataset-moved replace-table dev/-/* location"]],
  ["another project", {}, { projectId: "example-other" }, ["dataset-moved replace-table dev/-/* projectId"]],
  [
    "another dataset id",
    {},
    { datasetIdTemplate: "{tenantId}_meta" },
    ["dataset-moved replace-table dev/-/* datasetId"],
  ],
  [
    "a key",
    {},
    { kmsKeyName: `${KMS}/one` },
    [
      "encryption-key-changed in-place dev/-/* defaultEncryptionConfiguration.kmsKeyName",
      "encryption-added-or-removed replace-table dev/-/runs encryptionConfiguration.kmsKeyName",
    ],
  ],
  [
    "another key",
    { kmsKeyName: `${KMS}/one` },
    { kmsKeyName: `${KMS}/two` },
    [
      "encryption-key-changed in-place dev/-/* defaultEncryptionConfiguration.kmsKeyName",
      "encryption-key-changed in-place dev/-/runs encryptionConfiguration.kmsKeyName",
    ],
  ],
  [
    "a shorter expiration",
    { partitionExpirationDays: 30 },
    { partitionExpirationDays: 7 },
    [
      "dataset-retention-lowered in-place dev/-/* defaultPartitionExpirationMs",
      "partition-expiration-shortened in-place dev/-/runs timePartitioning.expirationMs",
    ],
  ],
  [
    "a longer expiration",
    { partitionExpirationDays: 7 },
    { partitionExpirationDays: 30 },
    [
      "dataset-retention-raised in-place dev/-/* defaultPartitionExpirationMs",
      "partition-expiration-extended in-place dev/-/runs timePartitioning.expirationMs",
    ],
  ],
  ["protection off", {}, { deletionProtection: false }, ["protection-lowered in-place dev/-/* deletionProtection"]],
  [
    "a label",
    {},
    { labels: { cost_center: "data" } },
    ["labels-changed in-place dev/-/* labels", "labels-changed in-place dev/-/runs labels"],
  ],
  [
    "declared keys",
    {},
    { declareConstraints: true },
    [
      "constraints-trusted in-place dev/-/* declareConstraints",
      "primary-key-changed in-place dev/-/runs tableConstraints.primaryKey",
    ],
  ],
])("of an environment: %s", (_, before, after, expected) => {
  expect(compare({ ...TWO, ...environment(before) }, { ...TWO, ...environment(after) })).toEqual(expected);
});

test("a generation that is raised replaces the table of every tenant there", () => {
  const unprotected = { deletionProtection: false };
  expect(
    compare(
      { ...TWO, ...environment(unprotected) },
      { ...TWO, ...environment({ ...unprotected, recreate: { runs: 2 } }) },
    ),
  ).toEqual(["table-generation-raised replace-table dev/-/runs recreate.runs"]);
});

test("a tenant's own override is said of this tenant", () => {
  const acme = { displayName: "Acme", environments: { dev: { location: "US" } } };
  expect(compare(TWO, { ...TWO, "tenants/acme.json": acme })).toEqual([
    "dataset-moved replace-table dev/acme/* location",
  ]);
});

test("tenants that come and go", () => {
  expect(compare(VALID, TWO)).toEqual(["dataset-added in-place dev/globex/* "]);
  expect(compare(TWO, VALID)).toEqual(["dataset-deleted replace-table dev/globex/* "]);
});

test("tenants that move to another stack", () => {
  const acme = { displayName: "Acme", environments: { dev: { shard: 1 } } };
  const sharded = environment({ shards: 2 });
  expect(
    compare(
      { ...VALID, ...sharded, "tenants/acme.json": { displayName: "Acme", environments: { dev: { shard: 0 } } } },
      { ...VALID, ...sharded, "tenants/acme.json": acme },
    ),
  ).toEqual(["tenant-moved replace-table dev/acme/* shard"]);
});

test("an expiration that leaves the definition for the environment's shorter one is seen", () => {
  const withExpiration = changedRuns((definition) => {
    definition.timePartitioning = { type: "DAY", field: "started_at", expirationMs: "86400000000" };
  });
  const short = environment({ partitionExpirationDays: 7 });
  expect(compare({ ...withExpiration, ...short }, { ...VALID, ...short })).toEqual([
    "partition-expiration-removed none -/-/runs timePartitioning.expirationMs",
    "partition-expiration-shortened in-place dev/acme/runs timePartitioning.expirationMs",
  ]);
});

test("an expiration of the definition is said as it takes effect in each environment", () => {
  const withExpiration = changedRuns((definition) => {
    definition.timePartitioning = { type: "DAY", field: "started_at", expirationMs: "86400000" };
  });
  const files: Files = {
    ...VALID,
    ...environment({ partitionExpirationDays: 30 }),
    "environments/staging.json": {
      ...(VALID["environments/dev.json"] as object),
      projectId: "example-staging",
    },
    "tenants/acme.json": { displayName: "Acme", environments: { dev: {}, staging: {} } },
  };
  const [before, after] = [files, { ...files, [RUNS]: withExpiration[RUNS] }].map((side) =>
    loadConfig(configFolder(side)),
  ) as [MetadataConfig, MetadataConfig];
  const findings = compareConfigurations(before, after);
  expect(findings.map(({ code }) => code)).toEqual(["partition-expiration-shortened"]);
  expect(findings[0]?.message).toMatch(
    /^In dev: .* after 1 day instead of after 30 days,.* In staging: .* after 1 day instead of never,/,
  );
});
