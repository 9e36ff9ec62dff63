import { checkChange } from "../../../evolution/plan/check-change";
import { PlannedChange } from "../../../evolution/plan/planned-change";
import { columnsJson, plannedDataset, plannedTable, resourceChange } from "../../support/plan";

type Row = readonly [what: string, change: Record<string, unknown>, expected: readonly (readonly string[])[]];

const TABLE = "google_bigquery_table";
const DATASET = "google_bigquery_dataset";
const update = (before: object, after: object, change: object = {}) =>
  resourceChange(TABLE, ["update"], plannedTable({ ...before }), plannedTable({ ...after }), { change });
const DAY = 86_400_000;
const partitioned = (more: object) => ({ time_partitioning: [{ type: "DAY", field: "start_time", ...more }] });

const ROWS: readonly Row[] = [
  ["nothing", resourceChange(TABLE, ["no-op"], plannedTable(), plannedTable()), []],
  ["a read", resourceChange(TABLE, ["read"], null, plannedTable()), []],
  ["a table created", resourceChange(TABLE, ["create"], null, plannedTable()), [["table-added", "in-place", ""]]],
  [
    "a dataset created",
    resourceChange(DATASET, ["create"], null, plannedDataset()),
    [["dataset-added", "in-place", ""]],
  ],
  [
    "a table deleted",
    resourceChange(TABLE, ["delete"], plannedTable(), null),
    [["table-deleted", "replace-table", ""]],
  ],
  [
    "a dataset deleted",
    resourceChange(DATASET, ["delete"], plannedDataset(), null),
    [["dataset-deleted", "replace-table", ""]],
  ],
  [
    "a table replaced",
    resourceChange(
      TABLE,
      ["delete", "create"],
      plannedTable(),
      plannedTable({ schema: columnsJson({ plus: { name: "x", type: "STRING", mode: "REQUIRED" } }) }),
      {
        action_reason: "replace_because_cannot_update",
        change: { replace_paths: [["schema"]] },
      },
    ),
    [["required-column-added", "replace-table", "schema.fields.x"]],
  ],
  [
    "a table replaced, created first",
    resourceChange(TABLE, ["create", "delete"], plannedTable(), plannedTable()),
    [["table-replaced", "replace-table", ""]],
  ],
  [
    "a table replaced because it is tainted",
    resourceChange(TABLE, ["delete", "create"], plannedTable(), plannedTable(), {
      action_reason: "replace_because_tainted",
    }),
    [["table-replaced", "replace-table", ""]],
  ],
  [
    "a generation that was raised",
    resourceChange(
      TABLE,
      ["delete", "create"],
      plannedTable({ labels: { tenant: "acme", managed_by: "tenant-metadata" } }),
      plannedTable(),
      { action_reason: "replace_by_triggers" },
    ),
    [
      ["table-generation-raised", "replace-table", ""],
      ["labels-changed", "in-place", "labels"],
    ],
  ],
  [
    "a type spelled differently, which replaces the table",
    resourceChange(
      TABLE,
      ["delete", "create"],
      plannedTable({ schema: columnsJson({ plus: { name: "n", type: "NUMERIC" } }) }),
      plannedTable({ schema: columnsJson({ plus: { name: "n", type: "DECIMAL" } }) }),
      { change: { replace_paths: [["schema"]] } },
    ),
    [["column-type-respelled", "replace-table", "schema.fields.n"]],
  ],
  [
    "a limit on a column",
    update(
      {},
      {
        schema: columnsJson({
          without: "error_message",
          plus: { name: "error_message", type: "STRING", maxLength: "99" },
        }),
      },
    ),
    [["column-attribute-changed", "in-place", "schema.fields.error_message.maxLength"]],
  ],
  [
    "a dataset replaced because it is tainted",
    resourceChange(DATASET, ["delete", "create"], plannedDataset(), plannedDataset(), {
      action_reason: "replace_because_tainted",
    }),
    [["dataset-replaced", "replace-table", ""]],
  ],
  [
    "a table that moves to another dataset",
    resourceChange(TABLE, ["delete", "create"], plannedTable(), plannedTable({ dataset_id: "other" }), {
      change: { replace_paths: [["dataset_id"]] },
    }),
    [["table-moved", "replace-table", "dataset_id"]],
  ],
  [
    "a dataset that moves to another location",
    resourceChange(DATASET, ["delete", "create"], plannedDataset(), plannedDataset({ location: "US" }), {
      change: { replace_paths: [["location"]] },
    }),
    [["dataset-moved", "replace-table", "location"]],
  ],
  [
    "a column dropped inside an update of a label",
    update(
      {},
      { schema: columnsJson({ without: "error_message" }), labels: { environment: "dev", tenant: "acme", a: "b" } },
    ),
    [
      ["column-dropped", "drop-column", "schema.fields.error_message"],
      ["labels-changed", "in-place", "labels"],
    ],
  ],
  [
    "a column dropped while the provider is told to ignore it",
    update({}, { schema: columnsJson({ without: "error_message" }), ignore_auto_generated_schema: true }),
    [
      ["column-drop-refused", "rejected", "schema.fields.error_message"],
      ["column-kept", "none", "schema.fields.error_message"],
      ["attribute-changed", "in-place", "ignore_auto_generated_schema"],
    ],
  ],
  [
    "a clustering column dropped",
    update({}, { schema: columnsJson({ without: "status" }) }),
    [["clustered-column-dropped", "rejected", "schema.fields.status"]],
  ],
  [
    "a type changed in place by another version of the provider",
    update({}, { schema: columnsJson({ without: "error_message", plus: { name: "error_message", type: "BYTES" } }) }),
    [["column-type-changed", "rejected", "schema.fields.error_message"]],
  ],
  [
    "longer partitions",
    update({}, { time_partitioning: [{ type: "MONTH", field: "start_time", expiration_ms: 2_592_000_000 }] }),
    [["partition-type-changed", "rejected", "timePartitioning.type"]],
  ],
  [
    "another range",
    update(
      { time_partitioning: [], range_partitioning: [{ field: "n", range: [{ start: 0, end: 100, interval: 10 }] }] },
      { time_partitioning: [], range_partitioning: [{ field: "n", range: [{ start: 0, end: 200, interval: 10 }] }] },
    ),
    [["partition-type-changed", "rejected", "timePartitioning.type"]],
  ],
  [
    "an expiration lowered",
    update(partitioned({ expiration_ms: 9 * DAY }), partitioned({ expiration_ms: DAY })),
    [["partition-expiration-shortened", "in-place", "timePartitioning.expirationMs"]],
  ],
  [
    "an expiration raised to never",
    update(partitioned({ expiration_ms: 9 * DAY }), partitioned({ expiration_ms: 0 })),
    [["partition-expiration-extended", "in-place", "timePartitioning.expirationMs"]],
  ],
  [
    "an expiration time of the table",
    update({}, { expiration_time: 1_900_000_000_000 }),
    [["table-expiration-shortened", "in-place", "expiration_time"]],
  ],
  [
    "protection lowered",
    update({}, { deletion_protection: false }),
    [["protection-lowered", "in-place", "deletion_protection"]],
  ],
  [
    "protection raised",
    update({ deletion_protection: false }, {}),
    [["protection-raised", "in-place", "deletion_protection"]],
  ],
  [
    "a dataset that may be emptied",
    resourceChange(DATASET, ["update"], plannedDataset(), plannedDataset({ delete_contents_on_destroy: true })),
    [
      ["protection-lowered", "in-place", "deletionProtection"],
      ["dataset-access-rewritten", "in-place", "access"],
    ],
  ],
  [
    "retention of a dataset lowered",
    resourceChange(
      DATASET,
      ["update"],
      plannedDataset(),
      plannedDataset({ default_table_expiration_ms: DAY, max_time_travel_hours: "48" }),
    ),
    [
      ["dataset-retention-lowered", "in-place", "defaultTableExpirationMs"],
      ["dataset-retention-lowered", "in-place", "maxTimeTravelHours"],
      ["dataset-access-rewritten", "in-place", "access"],
    ],
  ],
  [
    "a schema known only at apply",
    resourceChange(TABLE, ["update"], plannedTable(), plannedTable({ schema: undefined }), {
      change: { after_unknown: { schema: true } },
    }),
    [["value-unknown", "drop-column", "schema"]],
  ],
  [
    "an expiration of which the configuration is not known",
    resourceChange(TABLE, ["update"], plannedTable(), plannedTable({ description: "x", ...partitioned({}) }), {
      change: { after_unknown: { time_partitioning: [{ expiration_ms: true }], etag: true } },
    }),
    [
      ["partition-expiration-removed", "none", "timePartitioning.expirationMs"],
      ["description-changed", "in-place", "description"],
      ["value-unknown", "drop-column", "time_partitioning.expiration_ms"],
    ],
  ],
  ["a table forgotten", resourceChange(TABLE, ["forget"], plannedTable(), null), [["resource-forgotten", "none", ""]]],
  [
    "a table whose address changes",
    resourceChange(TABLE, ["no-op"], plannedTable(), plannedTable(), { previous_address: "google_bigquery_table.old" }),
    [["resource-renamed", "none", ""]],
  ],
  [
    "a table imported with a column that the configuration lacks",
    resourceChange(
      TABLE,
      ["update"],
      plannedTable(),
      plannedTable({ schema: columnsJson({ without: "error_message" }) }),
      {
        change: { importing: { id: "projects/p/datasets/d/tables/t" } },
      },
    ),
    [
      ["column-dropped", "drop-column", "schema.fields.error_message"],
      ["resource-imported", "none", ""],
    ],
  ],
  [
    "a view deleted",
    resourceChange(TABLE, ["delete"], plannedTable({ view: [{ query: "SELECT 1" }] }), null),
    [["view-changed", "in-place", ""]],
  ],
  [
    "a view changed",
    update(
      { view: [{ query: "SELECT 1" }] },
      { view: [{ query: "SELECT 2" }], schema: columnsJson({ without: "status" }) },
    ),
    [
      ["attribute-changed", "in-place", "schema"],
      ["attribute-changed", "in-place", "view.query"],
    ],
  ],
];

function check(change: Record<string, unknown>) {
  return checkChange(PlannedChange.parse(change));
}

test.each(ROWS)("judges %s", (_, change, expected) => {
  expect(check(change).map(({ code, effect, path }) => [code, effect, path])).toEqual(expected);
});

test("says whose table it is, and where it is in the state", () => {
  expect(check(resourceChange(TABLE, ["delete"], plannedTable(), null))).toMatchObject([
    { table: "step_logs", environment: "dev", tenant: "acme", address: "google_bigquery_table.acme__step_logs" },
  ]);
});

test("takes the environment it is given where no label tells, and the tenant from the address", () => {
  const change = resourceChange(TABLE, ["delete"], plannedTable({ labels: null }), null);
  expect(checkChange(PlannedChange.parse(change), { environment: "prod" })).toMatchObject([
    { environment: "prod", tenant: "acme" },
  ]);
});

const deletion = (protection: boolean) =>
  check(
    resourceChange(TABLE, ["delete"], plannedTable({ deletion_protection: protection }), null, {
      action_reason: "delete_because_no_resource_config",
    }),
  )[0]?.message;

test("says whether anything stops a deletion", () => {
  expect(deletion(true)).toBe(
    "Terraform destroys the table with all its rows (it is no longer configured). The provider refuses it at apply while deletion_protection is on.",
  );
  expect(deletion(false)).toBe(
    "Terraform destroys the table with all its rows (it is no longer configured). deletion_protection is off: nothing stops it.",
  );
});

test("says why a table is replaced", () => {
  const change = resourceChange(TABLE, ["delete", "create"], plannedTable(), plannedTable(), {
    action_reason: "replace_by_triggers",
  });
  expect(check(change)[0]?.message).toBe(
    "Terraform destroys the table with all its rows and creates it empty (replace_triggered_by, as a raised generation does). The provider refuses it at apply while deletion_protection is on.",
  );
});

test("refuses an action that it does not know, which may lose data", () => {
  const change = resourceChange(TABLE, ["shred"], plannedTable(), null);
  expect(() => check(change)).toThrow(
    'google_bigquery_table.acme__step_logs: unknown actions ["shred"]. Update tenant-metadata before you rely on this plan.',
  );
});

test.each([
  ["not JSON", "{"],
  ["no list", '{"name":"x"}'],
  ["no columns", "[1]"],
  ["a column without a type", '[{"name":"x"}]'],
])("refuses a schema that is %s", (_, schema) => {
  expect(() => check(update({}, { schema }))).toThrow(
    "google_bigquery_table.acme__step_logs: schema is not a JSON array of columns, each with name and type. Plan again.",
  );
});
