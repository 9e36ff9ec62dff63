import * as fc from "fast-check";
import protobuf from "protobufjs";
import { FileDescriptorSet } from "protobufjs/ext/descriptor";
import { loadConfig } from "../../../model/load-config";
import type { Column, TableDefinition } from "../../../model/formats/table-definition";
import { rowDescriptor } from "../../../runtime/encoding/row-descriptor";
import { MAX_ROW_BYTES, RowEncoder } from "../../../runtime/encoding/row-encoder";
import { runs } from "../../support/runs";

const NOW = Date.UTC(2026, 0, 15, 12);
const OPTIONS = { tenantId: "acme_retail", now: () => NOW };
const { definitions } = loadConfig("configs");

function definitionOf(tableId: string): TableDefinition {
  const definition = definitions.find((candidate) => candidate.tableId === tableId);
  if (definition === undefined) throw new Error(`no definition of ${tableId}`);
  return definition;
}

function encoderOf(...fields: readonly (Pick<Column, "name" | "type"> & Partial<Column>)[]): RowEncoder {
  return new RowEncoder(
    { tableId: "t", schema: { fields: fields.map((field) => ({ mode: "NULLABLE", ...field })) } },
    OPTIONS,
  );
}

/** Reads a row's message as BigQuery would: by its descriptor alone. */
function decode({ definition }: RowEncoder, bytes: unknown): Record<string, unknown> {
  if (!(bytes instanceof Uint8Array)) throw new Error(`refused: ${JSON.stringify(bytes)}`);
  const descriptor = rowDescriptor(definition.schema.fields);
  const root = (protobuf.Root as unknown as { fromDescriptor(set: object): protobuf.Root }).fromDescriptor(
    FileDescriptorSet.fromObject({ file: [{ name: "row.proto", syntax: "proto2", messageType: [descriptor] }] }),
  );
  const type = root.lookupType(descriptor.name);
  return type.toObject(type.decode(bytes), { longs: String, bytes: String });
}

const STEP = {
  step_logging_id: "s",
  pipeline_logging_id: "p",
  step_name: "n",
  step_type: "t",
  step_index: 0,
  status: "COMPLETED",
  start_time: new Date(NOW),
};
const steps = new RowEncoder(definitionOf("step_logs"), OPTIONS);

test("a row of step_logs becomes a message with its values", () => {
  const row = {
    ...STEP,
    end_time: "2026-01-15T12:00:01.000001Z",
    rows_processed: "9007199254740993",
    metadata: { a: [1] },
  };
  expect(decode(steps, steps.encode(row))).toEqual({
    step_logging_id: "s",
    pipeline_logging_id: "p",
    step_name: "n",
    step_type: "t",
    step_index: "0",
    status: "COMPLETED",
    start_time: String(NOW * 1000),
    end_time: String((NOW + 1000) * 1000 + 1),
    rows_processed: "9007199254740993",
    metadata: '{"a":[1]}',
  });
});

test("a row is encoded alike whatever was encoded before", () => {
  const first = steps.encode(STEP);
  steps.encode({ ...STEP, step_name: "x".repeat(10_000) });
  steps.encode({ ...STEP, status: "DONE" });
  expect(steps.encode(STEP)).toEqual(first);
});

describe("a row is refused, with column, what was received and what is expected, for", () => {
  const row = (changes: object) => ({ ...STEP, ...changes });
  test.each<[string, unknown, string, string, string]>([
    [
      "a missing REQUIRED value",
      row({ step_name: undefined }),
      "step_name",
      "nothing",
      "a value: the column is REQUIRED",
    ],
    ["null in a REQUIRED column", row({ step_name: null }), "step_name", "null", "a value: the column is REQUIRED"],
    ["a number for a STRING", row({ step_name: 7 }), "step_name", "7", "a string without lone surrogates"],
    [
      "a lone surrogate",
      row({ step_name: "\ud800" }),
      "step_name",
      "a string of 1 characters",
      "a string without lone surrogates",
    ],
    [
      "a value that is not allowed",
      row({ status: "DONE" }),
      "status",
      "a string of 4 characters",
      "one of PENDING, RUNNING, COMPLETED, FAILED, SKIPPED",
    ],
    [
      "a slip in a value of a closed list",
      row({ status: "COMPLETE" }),
      "status",
      '"COMPLETE"',
      expect.stringContaining("COMPLETED") as string,
    ],
    [
      "a fraction",
      row({ duration_ms: 1.9 }),
      "duration_ms",
      "1.9",
      expect.stringContaining("an integer from -2^63") as string,
    ],
    ["NaN", row({ duration_ms: Number.NaN }), "duration_ms", "NaN", expect.stringContaining("an integer") as string],
    [
      "an inexact integer",
      row({ duration_ms: 2 ** 53 }),
      "duration_ms",
      "9007199254740992",
      expect.stringContaining("bigint") as string,
    ],
    [
      "an integer too large",
      row({ duration_ms: 2n ** 63n }),
      "duration_ms",
      "9223372036854775808n",
      expect.stringContaining("2^63 - 1") as string,
    ],
    [
      "a decimal in an integer's string",
      row({ duration_ms: "1.0" }),
      "duration_ms",
      "a string of 3 characters",
      expect.stringContaining("an integer") as string,
    ],
    [
      "an invalid Date",
      row({ end_time: new Date("") }),
      "end_time",
      "an invalid Date",
      expect.stringContaining("a valid Date") as string,
    ],
    [
      "a timestamp without a zone",
      row({ end_time: "2026-01-02T00:00:00" }),
      "end_time",
      "a string of 19 characters",
      expect.stringContaining("zone") as string,
    ],
    [
      "JSON that would lose something",
      row({ metadata: { n: Number.NaN } }),
      "metadata",
      "an object",
      expect.stringContaining("NaN at n") as string,
    ],
    [
      "an unknown column",
      row({ regoin: "eu" }),
      "regoin",
      "a column the definition lacks",
      expect.stringContaining("step_logging_id") as string,
    ],
    [
      "a partition too long ago",
      row({ start_time: "2015-01-01T00:00:00Z" }),
      "start_time",
      "a string of 20 characters",
      expect.stringContaining("10 years ago") as string,
    ],
    [
      "a partition too far ahead",
      row({ start_time: "2027-01-16T00:00:00Z" }),
      "start_time",
      "a string of 20 characters",
      expect.stringContaining("1 year ahead") as string,
    ],
    ["something that is no row", [STEP], "", "an array of 1", "a plain object with a property for each column"],
  ])("%s", (_, received, column, described, expected) => {
    expect(steps.encode(received)).toEqual([{ column, received: described, expected }]);
  });

  test("everything that is wrong at once", () => {
    const problems = steps.encode({ ...STEP, status: "DONE", duration_ms: 0.5, extra: 1 });
    expect(problems).toMatchObject([{ column: "status" }, { column: "duration_ms" }, { column: "extra" }]);
  });

  test("a size BigQuery would not take", () => {
    expect(steps.encode({ ...STEP, error_message: "x".repeat(MAX_ROW_BYTES) })).toMatchObject([
      { column: "", expected: `at most ${MAX_ROW_BYTES} bytes` },
    ]);
  });

  test("another tenant", () => {
    const encoder = encoderOf({ name: "tenant_id", type: "STRING" });
    expect(encoder.encode({ tenant_id: "globex" })).toEqual([
      { column: "tenant_id", received: '"globex"', expected: '"acme_retail", the tenant of this logger' },
    ]);
    expect(decode(encoder, encoder.encode({ tenant_id: "acme_retail" }))).toEqual({ tenant_id: "acme_retail" });
  });
});

test("the message about a refused value never holds private content", () => {
  const secret = "secret-".repeat(3);
  const encoder = encoderOf(
    { name: "text", type: "STRING", mode: "REPEATED" },
    { name: "json", type: "JSON" },
    { name: "data", type: "BYTES" },
  );
  const problems = encoder.encode({ text: secret, json: new Map([[secret, secret]]), data: secret });
  expect(problems).toHaveLength(3);
  expect(JSON.stringify(problems)).not.toContain("secret");
});

test("the ends of the partition window are taken", () => {
  for (const start_time of ["2016-01-15T12:00:00Z", "2027-01-15T12:00:00Z"]) {
    expect(steps.encode({ ...STEP, start_time })).toBeInstanceOf(Uint8Array);
  }
  const results = new RowEncoder(definitionOf("dq_results"), OPTIONS);
  expect(results.encode({ ingestion_date: "2010-01-01" })).toContainEqual(
    expect.objectContaining({ column: "ingestion_date", received: "a string of 10 characters" }),
  );
});

describe("types beyond those of the four tables", () => {
  test.each<[Partial<Column> & Pick<Column, "type">, unknown, unknown]>([
    [{ type: "FLOAT" }, -0.5, -0.5],
    [{ type: "NUMERIC" }, "-12345678901234567890123456789.123456789", "-12345678901234567890123456789.123456789"],
    [{ type: "NUMERIC" }, 12n, "12"],
    [{ type: "NUMERIC" }, "1e5", "100000"],
    [{ type: "BIGNUMERIC" }, "0.00000000000000000000000000000000000001", "0.00000000000000000000000000000000000001"],
    [{ type: "BYTES" }, new Uint8Array([1, 2, 255]), "AQL/"],
    [{ type: "DATE" }, "2026-01-02", 20_455],
    [{ type: "DATE" }, "1969-12-31", -1],
    [{ type: "TIME" }, "03:04:05.123456", "03:04:05.123456"],
    [{ type: "DATETIME" }, "2026-01-02T03:04:05", "2026-01-02T03:04:05"],
    [{ type: "INTERVAL" }, "0-0 1 2:3:4", "0-0 1 2:3:4"],
    [{ type: "GEOGRAPHY" }, "POINT(1 2)", "POINT(1 2)"],
    [{ type: "INTEGER", mode: "REPEATED" }, [1, -1, 2n ** 63n - 1n], ["1", "-1", "9223372036854775807"]],
    [{ type: "RECORD", fields: [{ name: "a", type: "STRING", mode: "REQUIRED" }] }, { a: "é" }, { a: "é" }],
    [
      { type: "RECORD", mode: "REPEATED", fields: [{ name: "n", type: "INTEGER", mode: "NULLABLE" }] },
      [{ n: 1 }, {}],
      [{ n: "1" }, {}],
    ],
  ])("%j takes %p", (column, value, stored) => {
    const encoder = encoderOf({ name: "c", ...column });
    expect(decode(encoder, encoder.encode({ c: value }))).toEqual({ c: stored });
  });

  test.each<[Partial<Column> & Pick<Column, "type">, unknown, string]>([
    [{ type: "FLOAT" }, "1", "c"],
    [{ type: "NUMERIC" }, "1e30", "c"],
    [{ type: "NUMERIC" }, "0.0000000001", "c"],
    [{ type: "NUMERIC" }, 1e-10, "c"],
    [{ type: "NUMERIC" }, Number.NaN, "c"],
    [{ type: "BYTES" }, "AQL/", "c"],
    [{ type: "DATE" }, new Date(1), "c"],
    [{ type: "TIME" }, "25:00:00", "c"],
    [{ type: "DATETIME" }, "2026-01-02T03:04:05Z", "c"],
    [{ type: "INTERVAL" }, "1 day", "c"],
    [{ type: "BOOLEAN" }, "false", "c"],
    [{ type: "INTEGER", mode: "REPEATED" }, 1, "c"],
    [{ type: "INTEGER", mode: "REPEATED" }, [1, null], "c[1]"],
    [{ type: "RECORD", fields: [{ name: "a", type: "STRING", mode: "REQUIRED" }] }, {}, "c"],
    [{ type: "RECORD", fields: [{ name: "a", type: "STRING", mode: "NULLABLE" }] }, { b: 1 }, "c"],
  ])("%j refuses %p", (column, value, place) => {
    expect(encoderOf({ name: "c", ...column }).encode({ c: value })).toMatchObject([{ column: place }]);
  });
});

test("whatever is accepted reads back equal", () => {
  const encoder = encoderOf(
    { name: "text", type: "STRING" },
    { name: "int", type: "INTEGER" },
    { name: "float", type: "FLOAT" },
    { name: "bool", type: "BOOLEAN" },
    { name: "time", type: "TIMESTAMP" },
    { name: "bytes", type: "BYTES" },
    { name: "list", type: "STRING", mode: "REPEATED" },
  );
  const rows = fc.record({
    text: fc.string({ unit: "binary", maxLength: 200 }),
    int: fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    float: fc.double(),
    bool: fc.boolean(),
    time: fc.date({ min: new Date(-62_135_596_800_000), max: new Date(253_402_300_799_999), noInvalidDate: true }),
    bytes: fc.uint8Array(),
    list: fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }),
  });
  fc.assert(
    fc.property(rows, (row) => {
      expect(decode(encoder, encoder.encode(row))).toEqual({
        ...row,
        int: String(row.int),
        time: String(BigInt(row.time.getTime()) * 1000n),
        bytes: Buffer.from(row.bytes).toString("base64"),
      });
    }),
    { numRuns: runs(125) },
  );
});

test("a descriptor leaves out the columns the live table lacks, and keeps the others' numbers", () => {
  const { fields } = definitionOf("step_logs").schema;
  const { field } = rowDescriptor(fields, new Set(["step_name"]));
  expect(field.map(({ name, number }) => [name, number]).slice(0, 3)).toEqual([
    ["step_logging_id", 1],
    ["pipeline_logging_id", 2],
    ["step_type", 4],
  ]);
});
