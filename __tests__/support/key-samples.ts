import type { KEY_CATALOGUE } from "../../evolution/configuration/keys/key-catalogue";

/*
 * Samples of what each key of the configuration may be before and after a change. A key of the catalogue without samples
 * does not compile.
 */

export type Catalogue = typeof KEY_CATALOGUE;
/** What a key is before and after; `undefined` is left out. */
export type Pair = readonly [before: unknown, after: unknown];
type Samples<C> = { readonly [K in keyof C]: readonly Pair[] };

const KMS = "projects/example-kms/locations/europe/keyRings/metadata/cryptoKeys";
const OTHER_RING = "projects/example-other/locations/europe/keyRings/metadata/cryptoKeys/one";
const [A, B] = [["group:a@example.com"], ["group:b@example.com"]];
const members: readonly Pair[] = [
  [undefined, A],
  [A, B],
  [A, undefined],
];
const keys: readonly Pair[] = [
  [undefined, `${KMS}/one`],
  [`${KMS}/one`, `${KMS}/two`],
  [`${KMS}/one`, OTHER_RING],
  [`${KMS}/one`, undefined],
];
const days: readonly Pair[] = [
  [undefined, 30],
  [30, 7],
  [7, 30],
  [7, undefined],
];
const labels: readonly Pair[] = [
  [undefined, { a: "b" }],
  [{ a: "b" }, { a: "c" }],
  [{ a: "b" }, undefined],
];
const schema: readonly Pair[] = [["a.json", "b.json"]];

/** What `$schema`, and keys that are told one by one, are left to. */
const NONE: readonly Pair[] = [];

export const ENVIRONMENT: Samples<Catalogue["environments/<name>.json"]> = {
  $schema: schema,
  projectId: [["example-dev", "example-other"]],
  location: [["EU", "US"]],
  datasetIdTemplate: [
    [undefined, "{tenantId}_a"],
    ["{tenantId}_a", "{tenantId}_b"],
    ["{tenantId}_a", undefined],
  ],
  backend: [[{ type: "local" }, { type: "gcs", bucket: "example-state" }]],
  shards: [
    [undefined, 2],
    [2, 5],
    [2, undefined],
  ],
  deletionProtection: [
    [undefined, false],
    [false, true],
    [true, false],
    [false, undefined],
  ],
  partitionExpirationDays: days,
  kmsKeyName: keys,
  labels,
  readers: members,
  writers: members,
  keyAdmins: members,
  memberDomains: [
    [undefined, ["example.com"]],
    [["example.com"], ["example.org"]],
    [["example.com"], undefined],
  ],
  declareConstraints: [
    [undefined, true],
    [true, false],
    [true, undefined],
  ],
  recreate: [
    [undefined, { runs: 2 }],
    [{ runs: 2 }, { runs: 3 }],
    [{ runs: 2 }, undefined],
  ],
  endpoint: [
    [undefined, "http://127.0.0.1:1"],
    ["http://127.0.0.1:1", "http://127.0.0.1:2"],
    ["http://127.0.0.1:1", undefined],
  ],
};

export const OVERRIDES: Samples<Catalogue["tenants/<tenantId>.json environments.<name>"]> = {
  location: [
    [undefined, "US"],
    ["US", "EU"],
    ["US", undefined],
  ],
  labels,
  readers: members,
  writers: members,
  keyAdmins: members,
  partitionExpirationDays: days,
  kmsKeyName: keys,
  shard: [
    [undefined, 0],
    [0, 1],
    [0, undefined],
  ],
};

export const TENANT: Samples<Catalogue["tenants/<tenantId>.json"]> = {
  $schema: schema,
  displayName: [["Acme", "Globex"]],
  environments: NONE,
};

export const DEFINITION: Samples<Catalogue["metadata/schemas/<tableId>.json"]> = {
  $schema: schema,
  access: [
    [undefined, "keyAdmins"],
    ["keyAdmins", "tenant"],
    ["tenant", "keyAdmins"],
    ["keyAdmins", undefined],
  ],
  description: [
    [undefined, "a"],
    ["a", "b"],
    ["a", undefined],
  ],
  schema: NONE,
  timePartitioning: [
    [undefined, { type: "DAY", field: "at" }],
    [{ type: "DAY", field: "at" }, undefined],
  ],
  clustering: [
    [undefined, { fields: ["id"] }],
    [{ fields: ["id"] }, { fields: ["n"] }],
    [{ fields: ["id"] }, undefined],
  ],
  requirePartitionFilter: [
    [undefined, true],
    [true, false],
    [true, undefined],
  ],
  tableConstraints: NONE,
  labels,
};

export const PARTITIONING: Samples<Catalogue["metadata/schemas/<tableId>.json timePartitioning"]> = {
  type: [["DAY", "MONTH"]],
  field: [["at", "day"]],
  expirationMs: [
    [undefined, "86400000"],
    ["86400000", "172800000"],
    ["172800000", "86400000"],
    ["86400000", undefined],
  ],
};

export const CONSTRAINTS: Samples<Catalogue["metadata/schemas/<tableId>.json tableConstraints"]> = {
  primaryKey: [
    [undefined, { columns: ["id"] }],
    [{ columns: ["id"] }, { columns: ["n"] }],
    [{ columns: ["id"] }, undefined],
  ],
  foreignKeys: [
    [undefined, reference("id")],
    [reference("id"), reference("n")],
    [reference("id"), undefined],
  ],
};

function reference(column: string): unknown {
  const columnReferences = [{ referencingColumn: column, referencedColumn: column }];
  return [{ referencedTable: { tableId: "others" }, columnReferences }];
}

const tag = (name: string) => ({ names: [`projects/p/locations/eu/taxonomies/1/policyTags/${name}`] });
const NESTED = [{ name: "inner", type: "STRING" }];
export const COLUMN: Samples<Catalogue["metadata/schemas/<tableId>.json schema.fields[]"]> = {
  name: [["extra", "other"]],
  type: [
    ["INTEGER", "NUMERIC"],
    ["STRING", "BYTES"],
  ],
  mode: [
    [undefined, "REPEATED"],
    ["REQUIRED", "NULLABLE"],
    ["NULLABLE", "REQUIRED"],
    ["REQUIRED", undefined],
  ],
  description: [
    [undefined, "a"],
    ["a", "b"],
    ["a", undefined],
  ],
  fields: [[NESTED, [...NESTED, { name: "more", type: "STRING" }]]],
  policyTags: [
    [undefined, tag("1")],
    [tag("1"), tag("2")],
    [tag("1"), undefined],
  ],
  defaultValueExpression: [
    [undefined, "'a'"],
    ["'a'", "'b'"],
    ["'a'", undefined],
  ],
  allowedValues: [
    [undefined, ["a"]],
    [["a"], ["b"]],
    [["a"], undefined],
  ],
};

export const LEAVING: Samples<Catalogue["offboarding/<tenantId>.json environments.<name>"]> = {
  step: [
    ["unprotect", "delete"],
    ["unprotect", "forget"],
  ],
  overrides: [
    [undefined, { location: "US" }],
    [{ location: "US" }, { labels: { a: "b" } }],
    [{ location: "US" }, undefined],
  ],
};

export const OFFBOARDING: Samples<Catalogue["offboarding/<tenantId>.json"]> = {
  $schema: schema,
  displayName: [["Acme", "Globex"]],
  environments: NONE,
};

export const DEPLOYED: Samples<Catalogue["deployed/<environment>.json"]> = {
  $schema: schema,
  shards: [[1, 2]],
  recreate: [
    [undefined, { runs: 2 }],
    [{ runs: 2 }, { runs: 3 }],
  ],
};
