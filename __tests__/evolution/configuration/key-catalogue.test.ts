import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { compareConfigurations } from "../../../evolution/configuration/compare-configurations";
import { KEY_CATALOGUE } from "../../../evolution/configuration/keys/key-catalogue";
import type { Inside, KeyEffects } from "../../../evolution/configuration/keys/key-effects";
import { tableGrants } from "../../../model/grants";
import { type MetadataConfig, readConfig } from "../../../model/load-config";
import { assignStacks } from "../../../model/resolve";
import { datasetResource, tableResource } from "../../../model/resources";
import {
  type Catalogue,
  COLUMN,
  CONSTRAINTS,
  DEFINITION,
  DEPLOYED,
  ENVIRONMENT,
  LEAVING,
  OFFBOARDING,
  OVERRIDES,
  PARTITIONING,
  TENANT,
  type Pair,
} from "../../support/key-samples";
import type { Files } from "../../support/config-folder";
import { runs } from "../../support/runs";

const ENV = { projectId: "example-dev", location: "EU", backend: { type: "local" } };
const RUNS = {
  schema: {
    fields: [
      { name: "id", type: "STRING", mode: "REQUIRED" },
      { name: "n", type: "INTEGER" },
      { name: "at", type: "TIMESTAMP" },
      { name: "day", type: "TIMESTAMP" },
    ],
  },
  tableConstraints: { primaryKey: { columns: ["id"] } },
};
const BASE: Files = {
  "metadata/schemas/runs.json": RUNS,
  "metadata/schemas/secrets.json": { ...RUNS, access: "keyAdmins" },
  "environments/dev.json": ENV,
  "tenants/acme.json": { displayName: "Acme", environments: { dev: {} } },
};

function withColumn(column: object): Files {
  const type = "fields" in column ? "RECORD" : "STRING";
  const fields = [...RUNS.schema.fields, { name: "extra", type, ...column }];
  return { "metadata/schemas/runs.json": { ...RUNS, schema: { fields } } };
}

const SUBJECTS: readonly (readonly [
  file: keyof Catalogue,
  samples: Readonly<Record<string, readonly Pair[]>>,
  write: (part: object) => Files,
])[] = [
  ["environments/<name>.json", ENVIRONMENT, (part) => ({ "environments/dev.json": { ...ENV, ...part } })],
  [
    "tenants/<tenantId>.json",
    TENANT,
    (part) => ({ "tenants/acme.json": { displayName: "Acme", environments: { dev: {} }, ...part } }),
  ],
  [
    "tenants/<tenantId>.json environments.<name>",
    OVERRIDES,
    (part) => ({
      "environments/dev.json": { ...ENV, shards: 2 },
      // The shard that its id gives it is 1.
      "tenants/acme.json": { displayName: "Acme", environments: { dev: part } },
    }),
  ],
  ["metadata/schemas/<tableId>.json", DEFINITION, (part) => ({ "metadata/schemas/runs.json": { ...RUNS, ...part } })],
  ["metadata/schemas/<tableId>.json schema.fields[]", COLUMN, withColumn],
  [
    "metadata/schemas/<tableId>.json timePartitioning",
    PARTITIONING,
    (part) => ({ "metadata/schemas/runs.json": { ...RUNS, timePartitioning: { type: "DAY", field: "at", ...part } } }),
  ],
  [
    "metadata/schemas/<tableId>.json tableConstraints",
    CONSTRAINTS,
    (part) => ({
      "metadata/schemas/runs.json": { ...RUNS, tableConstraints: Object.keys(part).length === 0 ? undefined : part },
    }),
  ],
  [
    "offboarding/<tenantId>.json",
    OFFBOARDING,
    (part) => ({
      "tenants/acme.json": undefined,
      "offboarding/acme.json": { displayName: "Acme", environments: { dev: { step: "unprotect" } }, ...part },
    }),
  ],
  [
    "offboarding/<tenantId>.json environments.<name>",
    LEAVING,
    (part) => ({
      "tenants/acme.json": undefined,
      "offboarding/acme.json": { displayName: "Acme", environments: { dev: { step: "unprotect", ...part } } },
    }),
  ],
  ["deployed/<environment>.json", DEPLOYED, (part) => ({ "deployed/dev.json": { shards: 1, ...part } })],
];

const CASES = SUBJECTS.flatMap(([file, samples, write]) =>
  Object.entries(samples).flatMap(([key, pairs]) =>
    pairs.map(([before, after]) => ({ file, key, before, after, write })),
  ),
);

const EMPTY = mkdtempSync(path.join(os.tmpdir(), "tenant-metadata-"));
afterAll(() => rmSync(EMPTY, { recursive: true }));

function read(files: Files): MetadataConfig {
  const texts = Object.entries({ ...BASE, ...files }).filter(([, content]) => content !== undefined);
  return readConfig(EMPTY, new Map(texts.map(([file, content]) => [file, JSON.stringify(content)]))).config;
}

function sideOf(key: string, value: unknown): object {
  return value === undefined ? {} : { [key]: value };
}

test.each(CASES)("$file: $key from $before to $after does what the catalogue says", (sample) => {
  const { file, key, before, after, write } = sample;
  const kind = before === undefined ? "added" : after === undefined ? "removed" : "changed";
  const entry = (KEY_CATALOGUE[file] as Readonly<Record<string, KeyEffects | Inside>>)[key];
  if (entry === undefined || "inside" in entry) throw new Error(`${file} ${key} has samples, but no effects.`);
  const verdict = entry[kind];
  const findings = compareConfigurations(read(write(sideOf(key, before))), read(write(sideOf(key, after))));
  const codes = [...new Set(findings.map(({ code }) => code))];
  const declared = "nothing" in verdict ? [] : verdict;
  expect(codes.filter((code) => !declared.includes(code))).toEqual([]);
  expect(codes.length > 0).toBe(declared.length > 0);
});

test("every kind of change of every key has a sample, but for what cannot be or is told key by key", () => {
  const missing = SUBJECTS.flatMap(([file]) =>
    Object.entries(KEY_CATALOGUE[file] as Readonly<Record<string, KeyEffects | Inside>>).flatMap(([key, entry]) =>
      "inside" in entry
        ? []
        : (["added", "changed", "removed"] as const)
            .filter((kind) => !("nothing" in entry[kind]))
            .filter(
              (kind) => !CASES.some((sample) => sample.file === file && sample.key === key && kindOf(sample) === kind),
            )
            .map((kind) => `${file} ${key} ${kind}`),
    ),
  );
  // A tenant's environments come and go in the tests of compareConfigurations; what is recorded is never un-recorded.
  expect(missing).toEqual([
    "tenants/<tenantId>.json environments added",
    "tenants/<tenantId>.json environments removed",
    "metadata/schemas/<tableId>.json schema.fields[] fields added",
    "metadata/schemas/<tableId>.json schema.fields[] fields removed",
    "offboarding/<tenantId>.json environments.<name> step added",
    "deployed/<environment>.json recreate removed",
  ]);
});

function kindOf({ before, after }: { readonly before?: unknown; readonly after?: unknown }): keyof KeyEffects {
  return before === undefined ? "added" : after === undefined ? "removed" : "changed";
}

/** One file of each kind with some of its keys set, each to one of its samples. */
const randomFiles = fc
  .tuple(...[0, 2, 3].map((at) => partOf(SUBJECTS[at])))
  .map((parts) => Object.assign({}, ...parts) as Files);

function partOf(subject: (typeof SUBJECTS)[number] | undefined): fc.Arbitrary<Files> {
  if (subject === undefined) throw new Error("There is a subject.");
  const [, samples, write] = subject;
  const entries = Object.entries(samples).map(
    ([key, pairs]) => [key, fc.constantFrom(undefined, undefined, ...pairs.flat())] as const,
  );
  return fc
    .record(Object.fromEntries(entries))
    .map((values) => write(Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))));
}

/** Everything that the stacks are made from. */
function givenToTerraform({ definitions, environments, tenants, offboarded }: MetadataConfig): unknown {
  return environments.map((environment) => {
    const { backend, endpoint, recreate } = environment;
    const stacks = assignStacks(environment, tenants, offboarded).map(({ stackName, tenants: managed }) => [
      stackName,
      managed.map((tenant) => [
        tenant.deletionProtection,
        datasetResource(tenant),
        definitions.map((table) => [tableResource(tenant, table), tableGrants(tenant, table)]),
      ]),
    ]);
    return [backend, endpoint, definitions.map(({ tableId }) => recreate[tableId] ?? 1), stacks];
  });
}

test("no two configurations that differ in what Terraform is given are taken for the same", () => {
  fc.assert(
    fc.property(randomFiles, randomFiles, (old, now) => {
      const [before, after] = [read(old), read(now)];
      const isSame = JSON.stringify(givenToTerraform(before)) === JSON.stringify(givenToTerraform(after));
      expect(isSame || compareConfigurations(before, after).length > 0).toBe(true);
    }),
    { numRuns: runs(100) },
  );
});
