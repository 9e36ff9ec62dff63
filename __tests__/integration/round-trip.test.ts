import * as fc from "fast-check";
import type { Column, ColumnType, TableDefinition } from "../../model/formats/table-definition";
import type { JsonValue } from "../../runtime/encoding/json-value";
import { MetadataLogger } from "../../runtime/logger/metadata-logger";
import { newTenantContext, select } from "./support/contexts";

/** A table with a column of each type that the emulator stores as BigQuery does. */
const COLUMNS: readonly (readonly [string, ColumnType])[] = [
  ["a_string", "STRING"],
  ["an_integer", "INTEGER"],
  ["a_float", "FLOAT"],
  ["a_boolean", "BOOLEAN"],
  ["a_timestamp", "TIMESTAMP"],
  ["a_date", "DATE"],
  ["a_json", "JSON"],
  ["some_bytes", "BYTES"],
];
const TABLE: TableDefinition = {
  tableId: "every_type",
  schema: {
    fields: [
      { name: "id", type: "INTEGER", mode: "REQUIRED" },
      ...COLUMNS.map(([name, type]): Column => ({ name, type, mode: "NULLABLE" })),
    ],
  },
};

/** Text as JSON and SQL may hold it; the emulator's storage takes no NUL. */
const text = fc.string({ unit: "binary" }).map((value) => value.replaceAll("\0", ""));
const json = fc.jsonValue({ stringUnit: "grapheme", maxDepth: 4 }).filter((value) => value !== null);

const rows = fc.array(
  fc.record(
    {
      a_string: text,
      an_integer: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      a_float: fc.double({ noNaN: true, noDefaultInfinity: true }),
      a_boolean: fc.boolean(),
      a_timestamp: fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n }),
      a_date: fc.integer({ min: -719_162, max: 2_932_896 }),
      a_json: json,
      some_bytes: fc.uint8Array({ maxLength: 30 }),
    },
    { requiredKeys: [] },
  ),
  { minLength: 1, maxLength: 40 },
);

/** `2026-01-02T03:04:05.123456Z`, which a `Date` cannot say. */
function isoMicros(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = (micros - fraction) / 1_000_000n;
  const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${date}.${String(fraction).padStart(6, "0")}Z`;
}

function isoDate(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, 10);
}

test("every value that is accepted reads back equal", async () => {
  const { context, tenantId } = newTenantContext({ tables: [TABLE] });
  const logger = new MetadataLogger(context, tenantId);
  let id = 0;
  await fc.assert(
    fc.asyncProperty(rows, async (values) => {
      const first = id;
      id += values.length;
      await logger.insert(
        TABLE.tableId,
        values.map(({ a_timestamp: micros, a_date: days, ...others }, index) => ({
          id: first + index,
          ...others,
          a_timestamp: micros === undefined ? undefined : isoMicros(micros),
          a_date: days === undefined ? null : isoDate(days),
        })),
      );
      const read = await select(
        context,
        `SELECT a_string, an_integer, CAST(a_float AS STRING) AS a_float, a_boolean, UNIX_MICROS(a_timestamp) AS a_timestamp,
          CAST(a_date AS STRING) AS a_date, TO_JSON_STRING(a_json) AS a_json, TO_HEX(some_bytes) AS some_bytes
        FROM \`{dataset}.${TABLE.tableId}\` WHERE id >= ${first} ORDER BY id`,
      );
      expect(read.map(parse)).toEqual(values.map(expected));
    }),
    { numRuns: 40 },
  );
  await logger.close();
});

type Row = (typeof rows extends fc.Arbitrary<infer R extends readonly unknown[]> ? R : never)[number];

function expected(row: Row) {
  return {
    a_string: row.a_string ?? null,
    an_integer: row.an_integer ?? null,
    a_float: row.a_float ?? null,
    a_boolean: row.a_boolean ?? null,
    a_timestamp: row.a_timestamp ?? null,
    a_date: row.a_date === undefined ? null : isoDate(row.a_date),
    a_json: row.a_json === undefined ? null : (JSON.parse(JSON.stringify(row.a_json)) as JsonValue),
    some_bytes: row.some_bytes === undefined ? null : Buffer.from(row.some_bytes).toString("hex"),
  };
}

function parse(columns: Readonly<Record<string, string | null>>) {
  const value = <T>(name: string, read: (stored: string) => T): T | null => {
    const stored = columns[name];
    return stored === null || stored === undefined ? null : read(stored);
  };
  return {
    a_string: value("a_string", String),
    an_integer: value("an_integer", BigInt),
    a_float: value("a_float", Number),
    a_boolean: value("a_boolean", (stored) => stored === "true"),
    a_timestamp: value("a_timestamp", BigInt),
    a_date: value("a_date", String),
    a_json: value("a_json", (stored) => JSON.parse(stored) as JsonValue),
    some_bytes: value("some_bytes", String),
  };
}
