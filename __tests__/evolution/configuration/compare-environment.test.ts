import { compareConfigurations } from "../../../evolution/configuration/compare-configurations";
import type { MetadataConfig } from "../../../model/load-config";
import { environment, MINIMAL_TABLE } from "../../support/resolved";
import type { Environment } from "../../../model/formats/environment";
import type { Deployed } from "../../../model/formats/deployed";

function config(change: Partial<Environment>, deployed?: Deployed): MetadataConfig {
  return {
    definitions: [MINIMAL_TABLE],
    environments: [environment(change)],
    tenants: [],
    offboarded: [],
    deployed: new Map(deployed === undefined ? [] : [["dev", deployed]]),
  };
}

function codes(old: MetadataConfig, now: MetadataConfig): readonly string[] {
  return compareConfigurations(old, now).map(
    ({ code, path, needsAllowance }) => `${needsAllowance ? "! " : ""}${code} ${path}`,
  );
}

const BUCKET = { type: "gcs", bucket: "example-state" } as const;

test.each<readonly [string, Partial<Environment>, Partial<Environment>, readonly string[]]>([
  ["a state in a bucket", {}, { backend: BUCKET }, ["! state-moved backend"]],
  ["another prefix", { backend: BUCKET }, { backend: { ...BUCKET, prefix: "a" } }, ["! state-moved backend"]],
  ["an emulator", {}, { endpoint: "http://127.0.0.1:9050" }, ["! endpoint-changed endpoint"]],
  ["the real service", { endpoint: "http://127.0.0.1:9050" }, {}, ["! endpoint-changed endpoint"]],
  ["declared keys", {}, { declareConstraints: true }, ["! constraints-trusted declareConstraints"]],
  ["keys no longer declared", { declareConstraints: true }, {}, []],
  ["first domains", {}, { memberDomains: ["example.com"] }, []],
  [
    "another domain",
    { memberDomains: ["example.com"] },
    { memberDomains: ["example.com", "example.org"] },
    ["! member-domains-widened memberDomains"],
  ],
  ["any domain", { memberDomains: ["example.com"] }, {}, ["! member-domains-widened memberDomains"]],
  ["a generation raised", {}, { recreate: { notes: 2 } }, ["! table-generation-raised recreate.notes"]],
  ["a generation taken out", { recreate: { notes: 2 } }, {}, ["! table-generation-raised recreate.notes"]],
  ["generation 1, spelled out", {}, { recreate: { notes: 1 } }, []],
])("%s", (_, was, is, expected) => {
  expect(codes(config(was), config(is))).toEqual(expected);
});

test("an environment that goes leaves what it made without a guard", () => {
  const rest = environment({ name: "prod" });
  const old = { ...config({}), environments: [environment(), rest] };
  expect(codes(old, { ...old, environments: [rest] })).toEqual(["! environment-removed "]);
});

test("an environment that comes needs a word, but for the first one", () => {
  const first = config({});
  expect(codes(first, { ...first, environments: [environment(), environment({ name: "prod" })] })).toEqual([
    "! environment-added ",
  ]);
  expect(codes({ ...first, environments: [] }, first)).toEqual(["environment-added "]);
});

test.each<readonly [string, Deployed | undefined, Deployed | undefined, readonly string[]]>([
  ["follows the environment", undefined, { shards: 1, recreate: { notes: 2 } }, []],
  [
    "says other shards",
    { shards: 1, recreate: {} },
    { shards: 2, recreate: {} },
    ["! deployed-record-changed deployed.shards"],
  ],
  [
    "says another generation",
    { shards: 1, recreate: { notes: 2 } },
    { shards: 1, recreate: { notes: 3 } },
    ["! deployed-record-changed deployed.recreate.notes"],
  ],
  ["is deleted", { shards: 1, recreate: { notes: 2 } }, undefined, ["! deployed-record-changed deployed"]],
])("a record that %s", (_, was, is, expected) => {
  const change = { recreate: { notes: 2 } };
  expect(codes(config(change, was), config(change, is))).toEqual(expected);
});

function encrypted(ring: string, name: string): MetadataConfig {
  return {
    ...config({ kmsKeyName: `projects/p/locations/europe/keyRings/${ring}/cryptoKeys/${name}` }),
    tenants: [{ tenantId: "acme", displayName: "Acme", environments: { dev: {} } }],
  };
}

test("a key in another ring or project is said to move, one beside it is not", () => {
  const changed = "encryption-key-changed defaultEncryptionConfiguration.kmsKeyName";
  expect(codes(encrypted("a", "one"), encrypted("a", "two"))).toContain(changed);
  expect(codes(encrypted("a", "one"), encrypted("a", "two")).join()).not.toContain("encryption-key-moved");
  expect(codes(encrypted("a", "one"), encrypted("b", "one"))).toContain(
    "! encryption-key-moved encryptionConfiguration.kmsKeyName",
  );
});
