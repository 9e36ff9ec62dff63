import { tableFromIPC } from "apache-arrow";
import * as fc from "fast-check";
import { loadConfig } from "../../../model/load-config";
import type { Column, ColumnType } from "../../../model/formats/table-definition";
import { ArrowBatchBuilder } from "../../../runtime/encoding/arrow-batch";
import { RowEncoder } from "../../../runtime/encoding/row-encoder";

const OPTIONS = { tenantId: "acme_retail", now: Date.now };
const TYPES: readonly ColumnType[] = ["STRING", "JSON", "BYTES", "INTEGER", "TIMESTAMP", "DATE", "FLOAT", "BOOLEAN"];
const COLUMNS: readonly Column[] = TYPES.map((type) => ({ name: type.toLowerCase(), type, mode: "NULLABLE" }));

/** The rows of a batch, as a reader of Arrow that has its messages finds them. */
function laidOut(
  builder: ArrowBatchBuilder | undefined,
  columns: readonly Column[],
  rows: readonly object[],
): readonly object[] {
  const encoder = new RowEncoder({ tableId: "t", schema: { fields: [...columns] } }, OPTIONS);
  const messages = rows.map((row) => {
    const encoded = encoder.encode(row);
    if (encoded instanceof Uint8Array) return encoded;
    throw new Error(`refused: ${JSON.stringify(encoded)}`);
  });
  if (builder === undefined) throw new Error("not sent by column");
  const { schema, recordBatch } = builder.build(messages);
  return tableFromIPC(Buffer.concat([schema, recordBatch]))
    .toArray()
    .map((row) => ({ ...(row as { toJSON(): object }).toJSON() }));
}

const isoDate = (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10);

test("a batch holds every value of its rows, whatever the batch before held", () => {
  const builder = ArrowBatchBuilder.of(COLUMNS);
  const row = fc.record(
    {
      string: fc.string({ unit: "binary", maxLength: 200 }),
      json: fc.string(),
      bytes: fc.uint8Array({ maxLength: 100 }),
      integer: fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -300n, max: 300n })),
      timestamp: fc.date({ noInvalidDate: true, min: new Date("0001-01-01"), max: new Date("9999-12-31") }),
      date: fc.integer({ min: -719_162, max: 2_932_896 }),
      float: fc.double(),
      boolean: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 50 }), (rows) => {
      const given = rows.map(({ date, ...others }) => ({
        ...others,
        ...(date === undefined ? {} : { date: isoDate(date) }),
      }));
      expect(laidOut(builder, COLUMNS, given)).toEqual(
        rows.map((values) => ({
          string: values.string ?? null,
          json: values.json === undefined ? null : JSON.stringify(values.json),
          bytes: values.bytes ?? null,
          integer: values.integer ?? null,
          // The reader gives milliseconds for both.
          timestamp: values.timestamp?.getTime() ?? null,
          date: values.date === undefined ? null : values.date * 86_400_000,
          float: values.float ?? null,
          boolean: values.boolean ?? null,
        })),
      );
    }),
    { numRuns: 300 },
  );
});

test("the schema names the columns and their types", () => {
  const columns: readonly Column[] = [{ name: "id", type: "INTEGER", mode: "REQUIRED" }, ...COLUMNS];
  const { schema, recordBatch } = ArrowBatchBuilder.of(columns)!.build([]);
  const { fields } = tableFromIPC(Buffer.concat([schema, recordBatch])).schema;
  expect(fields.map(({ name, type, nullable }) => [name, String(type), nullable])).toEqual([
    ["id", "Int64", true],
    ["string", "Utf8", true],
    ["json", "Utf8", true],
    ["bytes", "Binary", true],
    ["integer", "Int64", true],
    ["timestamp", "Timestamp<MICROSECOND, UTC>", true],
    ["date", "Date32<DAY>", true],
    ["float", "Float64", true],
    ["boolean", "Bool", true],
  ]);
});

test("columns that the live table lacks are left out, and the others keep their values", () => {
  const builder = ArrowBatchBuilder.of(COLUMNS, new Set(["json", "date"]));
  expect(laidOut(builder, COLUMNS, [{ string: "a", boolean: true }])).toEqual([
    { string: "a", bytes: null, integer: null, timestamp: null, float: null, boolean: true },
  ]);
});

test("a column with a field number of two bytes is read", () => {
  const columns = Array.from(
    { length: 40 },
    (_, index) => ({ name: `c${index}`, type: "STRING", mode: "NULLABLE" }) as const,
  );
  const [row] = laidOut(ArrowBatchBuilder.of(columns), columns, [{ c3: "x", c39: "y" }]);
  expect(Object.entries(row ?? {}).filter(([, value]) => value !== null)).toEqual([
    ["c3", "x"],
    ["c39", "y"],
  ]);
});

test("every table of the configuration is sent by column", () => {
  for (const { schema } of loadConfig("configs").definitions) {
    expect(ArrowBatchBuilder.of(schema.fields)).toBeInstanceOf(ArrowBatchBuilder);
  }
});

test.each<[string, Column]>([
  ["repeated", { name: "c", type: "STRING", mode: "REPEATED" }],
  [
    "nested",
    { name: "c", type: "RECORD", mode: "NULLABLE", fields: [{ name: "a", type: "STRING", mode: "NULLABLE" }] },
  ],
  ["of a type with another form", { name: "c", type: "NUMERIC", mode: "NULLABLE" }],
])("a table with a column that is %s is not sent by column, unless the live table lacks it", (_, column) => {
  expect(ArrowBatchBuilder.of([...COLUMNS, column])).toBeUndefined();
  expect(ArrowBatchBuilder.of([...COLUMNS, column], new Set(["c"]))).toBeInstanceOf(ArrowBatchBuilder);
});
