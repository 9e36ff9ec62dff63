import { compareDatasets } from "../../../evolution/configuration/compare-datasets";
import { compareTable } from "../../../evolution/definitions/compare-table";
import type { Effect } from "../../../evolution/catalogue/effect";
import { worstEffect } from "../../../evolution/catalogue/effect";
import { checkChange } from "../../../evolution/plan/check-change";
import { tableOf } from "../../../evolution/plan/plan-table";

/*
 * What the google provider decides, measured: `ResourceBigQueryTable().SimpleDiff` and `ResourceBigQueryDataset().SimpleDiff`
 * of v6.50.0 were run on each of these pairs, 40 times, as Go walks maps in random order. `either` means that the same pair
 * was planned as a replacement in some runs and in place in others.
 */
type Verdict = "nothing" | "update" | "replace" | "either";
type Attributes = Readonly<Record<string, unknown>>;
interface Field {
  readonly name: string;
  readonly type?: string;
  readonly mode?: string;
  readonly fields?: readonly Field[];
  readonly [other: string]: unknown;
}

const ID: Field = { name: "id", type: "STRING", mode: "REQUIRED" };
const N: Field = { name: "n", type: "INTEGER", mode: "NULLABLE" };
const TIME: Field = { name: "start_time", type: "TIMESTAMP", mode: "REQUIRED" };
const A: Field = { name: "a", type: "STRING", mode: "NULLABLE" };
const B: Field = { name: "b", type: "INTEGER", mode: "REQUIRED" };
const REC: Field = { name: "rec", type: "RECORD", mode: "NULLABLE", fields: [A, B] };
const X: Field = { name: "x", type: "STRING", mode: "NULLABLE" };

const table = (fields: readonly Field[] = [ID, N, TIME, REC], more: Attributes = {}): Attributes => ({
  table_id: "t",
  dataset_id: "d",
  project: "p",
  deletion_protection: true,
  schema: JSON.stringify(fields),
  ...more,
});
const daily = (more: Attributes = {}) => ({ time_partitioning: [{ type: "DAY", field: "start_time", ...more }] });
const key = (name: string) => ({ encryption_configuration: [{ kms_key_name: name }] });
const day = 86_400_000;

const TABLES: readonly (readonly [string, Attributes, Attributes, Verdict, Effect])[] = [
  ["nothing changed", table(), table(), "nothing", "none"],
  ["columns in another order", table(), table([REC, TIME, N, ID]), "nothing", "none"],
  ["nested fields in another order", table(), table([ID, N, TIME, { ...REC, fields: [B, A] }]), "nothing", "none"],
  ["a NULLABLE column added", table(), table([ID, N, TIME, REC, X]), "update", "in-place"],
  ["a REPEATED column added", table(), table([ID, N, TIME, REC, { ...X, mode: "REPEATED" }]), "update", "in-place"],
  [
    "a REQUIRED column added",
    table(),
    table([ID, N, TIME, REC, { ...X, mode: "REQUIRED" }]),
    "replace",
    "replace-table",
  ],
  [
    "a new RECORD with a REQUIRED field",
    table(),
    table([ID, N, TIME, REC, { ...X, type: "RECORD", fields: [{ ...A, mode: "REQUIRED" }] }]),
    "update",
    "in-place",
  ],
  ["a top-level column dropped", table(), table([ID, TIME, REC]), "update", "drop-column"],
  ["a column dropped and another added", table(), table([ID, TIME, REC, X]), "replace", "replace-table"],
  [
    "a column dropped and a nested field added",
    table(),
    table([ID, TIME, { ...REC, fields: [A, B, X] }]),
    "update",
    "drop-column",
  ],
  [
    "a column dropped and another's type changed",
    table(),
    table([ID, { ...N, type: "NUMERIC" }, TIME]),
    "replace",
    "replace-table",
  ],
  ["a column's letter case changed", table(), table([ID, { ...N, name: "N" }, TIME, REC]), "replace", "replace-table"],
  ["INTEGER to STRING", table(), table([ID, { ...N, type: "STRING" }, TIME, REC]), "replace", "replace-table"],
  ["INTEGER to NUMERIC", table(), table([ID, { ...N, type: "NUMERIC" }, TIME, REC]), "replace", "replace-table"],
  ["INTEGER spelled INT64", table(), table([ID, { ...N, type: "INT64" }, TIME, REC]), "nothing", "none"],
  ["INTEGER in lower case", table(), table([ID, { ...N, type: "integer" }, TIME, REC]), "nothing", "none"],
  ["RECORD spelled STRUCT", table(), table([ID, N, TIME, { ...REC, type: "STRUCT" }]), "either", "replace-table"],
  ["RECORD to STRING", table(), table([ID, N, TIME, { ...X, name: "rec" }]), "replace", "replace-table"],
  [
    "INTEGER to RECORD",
    table(),
    table([ID, { ...N, type: "RECORD", fields: [A] }, TIME, REC]),
    "replace",
    "replace-table",
  ],
  ["REQUIRED to NULLABLE", table(), table([{ ...ID, mode: "NULLABLE" }, N, TIME, REC]), "update", "in-place"],
  ["NULLABLE to REQUIRED", table(), table([ID, { ...N, mode: "REQUIRED" }, TIME, REC]), "replace", "replace-table"],
  ["NULLABLE to REPEATED", table(), table([ID, { ...N, mode: "REPEATED" }, TIME, REC]), "replace", "replace-table"],
  ["a RECORD to REPEATED", table(), table([ID, N, TIME, { ...REC, mode: "REPEATED" }]), "either", "replace-table"],
  ["a RECORD to REQUIRED", table(), table([ID, N, TIME, { ...REC, mode: "REQUIRED" }]), "either", "replace-table"],
  ["a description added", table(), table([ID, { ...N, description: "d" }, TIME, REC]), "update", "in-place"],
  ["an empty description added", table(), table([ID, { ...N, description: "" }, TIME, REC]), "nothing", "none"],
  ["a default added", table(), table([ID, { ...N, defaultValueExpression: "1" }, TIME, REC]), "update", "in-place"],
  ["a policy tag added", table(), table([ID, { ...N, policyTags: { names: ["t"] } }, TIME, REC]), "update", "in-place"],
  [
    "an empty policy tag added",
    table(),
    table([ID, { ...N, policyTags: { names: [] } }, TIME, REC]),
    "nothing",
    "none",
  ],
  ["maxLength added", table(), table([{ ...ID, maxLength: "10" }, N, TIME, REC]), "update", "in-place"],
  ["a nested field added", table(), table([ID, N, TIME, { ...REC, fields: [A, B, X] }]), "update", "in-place"],
  [
    "a nested REQUIRED field added",
    table(),
    table([ID, N, TIME, { ...REC, fields: [A, B, { ...X, mode: "REQUIRED" }] }]),
    "replace",
    "replace-table",
  ],
  ["a nested field dropped", table(), table([ID, N, TIME, { ...REC, fields: [A] }]), "replace", "replace-table"],
  [
    "a nested field's type changed",
    table(),
    table([ID, N, TIME, { ...REC, fields: [{ ...A, type: "INTEGER" }, B] }]),
    "replace",
    "replace-table",
  ],
  [
    "a nested field relaxed",
    table(),
    table([ID, N, TIME, { ...REC, fields: [A, { ...B, mode: "NULLABLE" }] }]),
    "update",
    "in-place",
  ],
  [
    "a nested field described",
    table(),
    table([ID, N, TIME, { ...REC, fields: [{ ...A, description: "d" }, B] }]),
    "update",
    "in-place",
  ],
  ["partitioning added", table(), table(undefined, daily()), "replace", "replace-table"],
  ["partitioning removed", table(undefined, daily()), table(), "replace", "replace-table"],
  [
    "another partition column",
    table(undefined, daily()),
    table(undefined, daily({ field: "other" })),
    "replace",
    "replace-table",
  ],
  ["DAY to HOUR", table(undefined, daily()), table(undefined, daily({ type: "HOUR" })), "update", "rejected"],
  [
    "ingestion-time partitioning added",
    table(),
    table(undefined, { time_partitioning: [{ type: "DAY" }] }),
    "update",
    "rejected",
  ],
  [
    "ingestion-time partitioning removed",
    table(undefined, { time_partitioning: [{ type: "DAY" }] }),
    table(),
    "update",
    "rejected",
  ],
  [
    "ingestion time to a column",
    table(undefined, { time_partitioning: [{ type: "DAY" }] }),
    table(undefined, daily()),
    "replace",
    "replace-table",
  ],
  [
    "an expiration set",
    table(undefined, daily()),
    table(undefined, daily({ expiration_ms: day })),
    "update",
    "in-place",
  ],
  [
    "an expiration left out",
    table(undefined, daily({ expiration_ms: day })),
    table(undefined, daily()),
    "nothing",
    "none",
  ],
  [
    "an expiration lowered",
    table(undefined, daily({ expiration_ms: 9 * day })),
    table(undefined, daily({ expiration_ms: day })),
    "update",
    "in-place",
  ],
  [
    "an expiration set to 0, which is never",
    table(undefined, daily({ expiration_ms: 9 * day })),
    table(undefined, daily({ expiration_ms: 0 })),
    "update",
    "in-place",
  ],
  [
    "a partition filter required",
    table(undefined, daily()),
    table(undefined, { ...daily(), require_partition_filter: true }),
    "update",
    "in-place",
  ],
  [
    "a partition filter no longer required",
    table(undefined, { ...daily(), require_partition_filter: true }),
    table(undefined, daily()),
    "update",
    "in-place",
  ],
  ["clustering added", table(), table(undefined, { clustering: ["id"] }), "update", "in-place"],
  [
    "clustering in another order",
    table(undefined, { clustering: ["id", "n"] }),
    table(undefined, { clustering: ["n", "id"] }),
    "update",
    "in-place",
  ],
  ["clustering removed", table(undefined, { clustering: ["id", "n"] }), table(), "update", "in-place"],
  ["a key added", table(), table(undefined, key("k1")), "replace", "replace-table"],
  ["another key", table(undefined, key("k1")), table(undefined, key("k2")), "update", "in-place"],
  ["a key removed", table(undefined, key("k1")), table(), "replace", "replace-table"],
  [
    "a label changed",
    table(undefined, { labels: { a: "b" } }),
    table(undefined, { labels: { a: "c" } }),
    "update",
    "in-place",
  ],
  ["the description changed", table(), table(undefined, { description: "d" }), "update", "in-place"],
  [
    "a primary key added",
    table(),
    table(undefined, { table_constraints: [{ primary_key: [{ columns: ["id"] }] }] }),
    "update",
    "in-place",
  ],
  [
    "a primary key removed",
    table(undefined, { table_constraints: [{ primary_key: [{ columns: ["id"] }] }] }),
    table(),
    "update",
    "in-place",
  ],
];

test.each(TABLES)("agrees with the provider on %s", (_, before, after, verdict, effect) => {
  const findings = compareTable(tableOf(before, "t"), tableOf(after, "t"));
  expect(worstEffect(findings)).toBe(effect);
  const replaced = findings.some((found) => found.effect === "replace-table");
  expect(replaced).toBe(verdict === "replace" || verdict === "either");
  expect(findings.every((found) => found.effect === "none")).toBe(verdict === "nothing");
});

test("knows that the provider overlooks a REQUIRED in lower case, which BigQuery does not", () => {
  const [before, after] = [table(), table([ID, N, TIME, REC, { ...X, mode: "required" }])];
  const change = { actions: ["update"], before, after, after_unknown: {}, before_sensitive: {}, after_sensitive: {} };
  expect(
    checkChange({ address: "google_bigquery_table.t", type: "google_bigquery_table", name: "t", change }),
  ).toMatchObject([{ code: "required-column-added", effect: "rejected" }]);
});

const dataset = (more: Attributes = {}) => ({
  datasetReference: { projectId: "p", datasetId: "d" },
  location: "EU",
  ...more,
});

test.each([
  ["nothing changed", dataset(), dataset(), "nothing"],
  ["another location", dataset(), dataset({ location: "US" }), "replace"],
  ["the location in lower case", dataset(), dataset({ location: "eu" }), "nothing"],
  ["another id", dataset(), dataset({ datasetReference: { projectId: "p", datasetId: "e" } }), "replace"],
  ["a default key", dataset(), dataset({ defaultEncryptionConfiguration: { kmsKeyName: "k" } }), "update"],
  [
    "a shorter default expiration",
    dataset({ defaultPartitionExpirationMs: "9" }),
    dataset({ defaultPartitionExpirationMs: "8" }),
    "update",
  ],
] as const)("agrees with the provider on a dataset with %s", (_, before, after, verdict) => {
  const findings = compareDatasets(before, after);
  expect(worstEffect(findings)).toBe({ nothing: "none", update: "in-place", replace: "replace-table" }[verdict]);
});
