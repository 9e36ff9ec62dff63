import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { compareDefinitions } from "../../../evolution/definitions/compare-definitions";
import type { FindingCode } from "../../../evolution/catalogue/codes";
import type { Effect } from "../../../evolution/catalogue/effect";
import type { Column, TableDefinition } from "../../../model/formats/table-definition";
import { parseDefinition } from "../../../model/load-config";
import { PROJECT } from "../../support/run";

const SCHEMAS = path.join(PROJECT, "configs/metadata/schemas");
const SEED = readdirSync(SCHEMAS).map((name) =>
  parseDefinition(path.basename(name, ".json"), name, readFileSync(path.join(SCHEMAS, name), "utf8")),
);

/** The sample definitions with one of them changed; `undefined` takes it out. */
function changed(tableId: string, change: (table: TableDefinition) => TableDefinition | undefined): TableDefinition[] {
  return SEED.flatMap((table) => (table.tableId === tableId ? (change(table) ?? []) : [table]));
}

const columns = (change: (fields: readonly Column[]) => readonly Column[]) => (table: TableDefinition) => ({
  ...table,
  schema: { fields: change(table.schema.fields) },
});
const column = (name: string, change: Partial<Column>) =>
  columns((fields) => fields.map((field) => (field.name === name ? { ...field, ...change } : field)));
const without = (name: string) => columns((fields) => fields.filter((field) => field.name !== name));
const plus = (...added: readonly Column[]) => columns((fields) => [...fields, ...added]);
const monthly = (table: TableDefinition): TableDefinition => ({
  ...table,
  timePartitioning: { type: "MONTH", field: "start_time" },
});
const STATUSES = ["PENDING", "RUNNING", "COMPLETED", "FAILED"];
const NEW: Column = { name: "region", type: "STRING", mode: "NULLABLE" };

type Case = readonly [
  what: string,
  table: string,
  change: (table: TableDefinition) => TableDefinition | undefined,
  expected: readonly (readonly [FindingCode, Effect, path: string])[],
];

const CASES: readonly Case[] = [
  ["a column added", "step_logs", plus(NEW), [["column-added", "in-place", "schema.fields.region"]]],
  [
    "a REQUIRED column added",
    "step_logs",
    plus({ ...NEW, mode: "REQUIRED" }),
    [["required-column-added", "replace-table", "schema.fields.region"]],
  ],
  [
    "a column dropped",
    "pipeline_runs",
    without("worker_instance"),
    [["column-dropped", "drop-column", "schema.fields.worker_instance"]],
  ],
  [
    "a column renamed",
    "pipeline_runs",
    column("error_message", { name: "error_text" }),
    [
      ["column-added", "in-place", "schema.fields.error_text"],
      ["column-dropped", "drop-column", "schema.fields.error_message"],
      ["columns-dropped-and-added", "replace-table", "schema.fields"],
    ],
  ],
  [
    "a type widened",
    "step_logs",
    column("duration_ms", { type: "NUMERIC" }),
    [["column-type-widened", "replace-table", "schema.fields.duration_ms"]],
  ],
  [
    "a type changed",
    "step_logs",
    column("duration_ms", { type: "STRING" }),
    [["column-type-changed", "replace-table", "schema.fields.duration_ms"]],
  ],
  [
    "a mode relaxed",
    "api_keys",
    column("is_active", { mode: "NULLABLE" }),
    [["column-mode-relaxed", "in-place", "schema.fields.is_active"]],
  ],
  [
    "a mode tightened",
    "api_keys",
    column("created_by", { mode: "REQUIRED" }),
    [["column-mode-tightened", "replace-table", "schema.fields.created_by"]],
  ],
  [
    "a column made REPEATED",
    "api_keys",
    column("created_by", { mode: "REPEATED" }),
    [["column-repetition-changed", "replace-table", "schema.fields.created_by"]],
  ],
  [
    "a description changed",
    "dq_results",
    column("tenant_id", { description: "Whose it is" }),
    [["column-description-changed", "in-place", "schema.fields.tenant_id"]],
  ],
  [
    "a default set",
    "dq_results",
    column("executed_at", { defaultValueExpression: "CURRENT_TIMESTAMP()" }),
    [["column-default-changed", "in-place", "schema.fields.executed_at"]],
  ],
  [
    "a policy tag set",
    "api_keys",
    column("api_key_hash", { policyTags: { names: ["projects/p/locations/eu/taxonomies/1/policyTags/2"] } }),
    [["policy-tags-changed", "in-place", "schema.fields.api_key_hash"]],
  ],
  [
    "columns in another order",
    "api_keys",
    columns((fields) => [...fields].reverse()),
    [["column-order-changed", "none", "schema.fields"]],
  ],
  [
    "an allowed value added",
    "pipeline_runs",
    column("status", { allowedValues: [...STATUSES, "CANCELLED"] }),
    [["allowed-value-added", "none", "schema.fields.status"]],
  ],
  [
    "an allowed value removed",
    "pipeline_runs",
    column("status", { allowedValues: ["RUNNING", "COMPLETED", "FAILED"] }),
    [["allowed-value-removed", "none", "schema.fields.status"]],
  ],
  [
    "partitioning removed",
    "step_logs",
    ({ timePartitioning: _, ...rest }) => rest,
    [["partitioning-removed", "replace-table", "timePartitioning.field"]],
  ],
  [
    "partitioning added",
    "api_keys",
    (table) => ({ ...table, timePartitioning: { type: "DAY", field: "created_at" } }),
    [["partitioning-added", "replace-table", "timePartitioning.field"]],
  ],
  [
    "another partition column",
    "dq_results",
    (table) => ({ ...table, timePartitioning: { type: "DAY", field: "executed_at" } }),
    [["partition-field-changed", "replace-table", "timePartitioning.field"]],
  ],
  ["longer partitions", "step_logs", monthly, [["partition-type-changed", "rejected", "timePartitioning.type"]]],
  [
    "an expiration set",
    "step_logs",
    (table) => ({ ...table, timePartitioning: { type: "DAY", field: "start_time", expirationMs: "86400000" } }),
    [["partition-expiration-shortened", "in-place", "timePartitioning.expirationMs"]],
  ],
  [
    "a partition filter required",
    "step_logs",
    (table) => ({ ...table, requirePartitionFilter: true }),
    [["partition-filter-changed", "in-place", "requirePartitionFilter"]],
  ],
  [
    "other clustering",
    "step_logs",
    (table) => ({ ...table, clustering: { fields: ["status"] } }),
    [["clustering-changed", "in-place", "clustering.fields"]],
  ],
  [
    "a clustering column dropped",
    "step_logs",
    (table) => ({ ...without("status")(table), clustering: { fields: ["pipeline_logging_id"] } }),
    [
      ["clustered-column-dropped", "rejected", "schema.fields.status"],
      ["clustering-changed", "in-place", "clustering.fields"],
    ],
  ],
  [
    "the primary key removed",
    "step_logs",
    (table) => ({ ...table, tableConstraints: { foreignKeys: table.tableConstraints?.foreignKeys ?? [] } }),
    [["primary-key-changed", "in-place", "tableConstraints.primaryKey"]],
  ],
  [
    "the foreign keys removed",
    "step_logs",
    ({ tableConstraints, ...table }) => ({
      ...table,
      tableConstraints: tableConstraints?.primaryKey === undefined ? {} : { primaryKey: tableConstraints.primaryKey },
    }),
    [["foreign-keys-changed", "in-place", "tableConstraints.foreignKeys"]],
  ],
  [
    "labels set",
    "step_logs",
    (table) => ({ ...table, labels: { a: "b" } }),
    [["labels-changed", "in-place", "labels"]],
  ],
  [
    "another description of the table",
    "step_logs",
    (table) => ({ ...table, description: "Steps" }),
    [["description-changed", "in-place", "description"]],
  ],
  ["a definition removed", "api_keys", () => undefined, [["table-deleted", "replace-table", ""]]],
];

test.each(CASES)("judges %s in %s", (_, tableId, change, expected) => {
  const findings = compareDefinitions(SEED, changed(tableId, change));
  expect(findings.map(({ code, effect, path: place }) => [code, effect, place])).toEqual(expected);
  expect(findings.every(({ table }) => table === tableId)).toBe(true);
});

test("judges a definition added", () => {
  const [first] = SEED;
  const added = { ...(first as TableDefinition), tableId: "audit_log" };
  expect(compareDefinitions(SEED, [...SEED, added])).toMatchObject([
    { code: "table-added", effect: "in-place", table: "audit_log" },
  ]);
});

const LEAF: Column = { name: "sku", type: "STRING", mode: "NULLABLE" };
const nested = (fields: readonly Column[]): Column => ({
  name: "payload",
  type: "RECORD",
  mode: "NULLABLE",
  fields: [
    {
      name: "order",
      type: "RECORD",
      mode: "NULLABLE",
      fields: [{ name: "item", type: "RECORD", mode: "NULLABLE", fields }],
    },
  ],
});

const diff = (before: readonly Column[], after: readonly Column[]) =>
  compareDefinitions(changed("step_logs", plus(nested(before))), changed("step_logs", plus(nested(after))));

describe("nested fields", () => {
  const place = "schema.fields.payload.order.item";

  test.each<readonly [string, readonly Column[], FindingCode, Effect, string]>([
    ["added", [LEAF, { ...LEAF, name: "price" }], "column-added", "in-place", `${place}.price`],
    [
      "added as REQUIRED",
      [LEAF, { ...LEAF, name: "price", mode: "REQUIRED" }],
      "required-column-added",
      "replace-table",
      `${place}.price`,
    ],
    ["of another type", [{ ...LEAF, type: "BYTES" }], "column-type-changed", "replace-table", `${place}.sku`],
    [
      "described",
      [{ ...LEAF, description: "Stock keeping unit" }],
      "column-description-changed",
      "in-place",
      `${place}.sku`,
    ],
  ])("are judged three levels down: %s", (_, after, code, effect, where) => {
    expect(diff([LEAF], after)).toMatchObject([{ code, effect, path: where }]);
  });

  test("cannot be dropped in place", () => {
    const other: Column = { ...LEAF, name: "price" };
    expect(diff([LEAF, other], [LEAF])).toMatchObject([
      { code: "nested-field-dropped", effect: "replace-table", path: `${place}.price` },
    ]);
  });

  test("cannot be widened in place, as top-level columns can", () => {
    expect(diff([{ ...LEAF, type: "INTEGER" }], [{ ...LEAF, type: "NUMERIC" }])).toMatchObject([
      { code: "column-type-changed", effect: "replace-table" },
    ]);
  });
});

describe("writers", () => {
  test.each([
    ["a column dropped", "pipeline_runs", without("worker_instance"), true],
    ["a REQUIRED column added", "pipeline_runs", plus({ ...NEW, mode: "REQUIRED" }), true],
    ["an allowed value removed", "pipeline_runs", column("status", { allowedValues: ["FAILED"] }), true],
    ["allowed values where any was", "pipeline_runs", column("trigger_by", { allowedValues: ["cron"] }), true],
    ["a mode tightened", "pipeline_runs", column("end_time", { mode: "REQUIRED" }), true],
    ["a NULLABLE column added", "pipeline_runs", plus(NEW), false],
    ["a type widened", "pipeline_runs", column("duration_ms", { type: "NUMERIC" }), false],
    ["a mode relaxed", "pipeline_runs", column("trigger_by", { mode: "NULLABLE" }), false],
    ["a value allowed", "pipeline_runs", column("status", { allowedValues: [...STATUSES, "CANCELLED"] }), false],
  ] as const)("of the previous release: %s", (_, tableId, change, breaks) => {
    expect(compareDefinitions(SEED, changed(tableId, change)).some(({ breaksWriters }) => breaksWriters)).toBe(breaks);
  });

  test("fail when a REQUIRED column loses its default", () => {
    const old = changed("pipeline_runs", column("trigger_by", { defaultValueExpression: "'cron'" }));
    expect(compareDefinitions(old, SEED)).toMatchObject([
      { code: "required-column-default-removed", effect: "in-place", breaksWriters: true },
    ]);
  });
});

test("says what becomes of the rest when the table is replaced anyway", () => {
  const required = plus({ ...NEW, mode: "REQUIRED" });
  expect(
    compareDefinitions(
      SEED,
      changed("step_logs", (table) => required(monthly(table))),
    ),
  ).toMatchObject([
    { code: "required-column-added", effect: "replace-table" },
    {
      code: "partition-type-changed",
      effect: "replace-table",
      message:
        "Part of the new, empty table: the partitions' length changes, or ingestion-time partitioning comes or goes: planned in place, refused by BigQuery.",
    },
  ]);
});

test("warns that columns are dropped before the rest is refused", () => {
  const drop = without("metadata");
  const [dropped] = compareDefinitions(
    SEED,
    changed("step_logs", (table) => drop(monthly(table))),
  );
  expect(dropped?.message).toBe(
    "Terraform drops column metadata in place by ALTER TABLE … DROP COLUMN; its data is lost, with or without deletion protection. It is dropped before the rest of the change is refused.",
  );
});

test("names what looks like a rename", () => {
  const found = compareDefinitions(SEED, changed("pipeline_runs", column("error_message", { name: "error_text" })));
  expect(found.find(({ code }) => code === "columns-dropped-and-added")?.remedy).toBe(
    "If this renames error_message to error_text: run `tenant-metadata schema migrate` before the deployment. Otherwise add in one release and drop in a later one.",
  );
});
