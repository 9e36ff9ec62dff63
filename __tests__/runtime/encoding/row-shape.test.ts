import { runInNewContext } from "node:vm";
import type { Column } from "../../../model/formats/table-definition";
import { loadConfig } from "../../../model/load-config";
import { leaveOutUnfit } from "../../../runtime/encoding/fitting-row";
import { rowDescriptor } from "../../../runtime/encoding/row-descriptor";
import { RowEncoder } from "../../../runtime/encoding/row-encoder";
import { assertWritable } from "../../../runtime/encoding/writable";

const NOW = Date.UTC(2026, 0, 15, 12);
const OPTIONS = { tenantId: "acme_retail", now: () => NOW };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const { definitions } = loadConfig("configs");

function encoderOf(...fields: readonly (Pick<Column, "name" | "type"> & Partial<Column>)[]): RowEncoder {
  return new RowEncoder(
    { tableId: "t", schema: { fields: fields.map((field) => ({ mode: "NULLABLE", ...field })) } },
    OPTIONS,
  );
}

describe("what is more or less than a plain object is refused, not dropped", () => {
  class Row {
    constructor(readonly name: string) {}
  }
  const hidden = Object.defineProperty({ name: "a" }, "secret", { value: 1 });
  const list = Object.assign(["a"], { secret: 1 });
  const encoder = encoderOf(
    { name: "name", type: "STRING" },
    { name: "record", type: "RECORD", fields: [{ name: "name", type: "STRING", mode: "NULLABLE" }] },
    { name: "list", type: "STRING", mode: "REPEATED" },
  );

  test.each<[string, unknown, string]>([
    ["a Map", new Map([["name", "a"]]), "a Map"],
    ["a Set", new Set(["name"]), "a Set"],
    ["a Date", new Date(NOW), "Date 2026-01-15T12:00:00.000Z"],
    ["a Promise", Promise.resolve({ name: "a" }), "a Promise"],
    ["a class instance", new Row("a"), "a Row"],
    ["an Error", new RangeError("a"), "a RangeError"],
    ["inherited properties", Object.create({ name: "a" }), "a Object"],
  ])("%s, as a row and as a RECORD", (_, value, received) => {
    expect(encoder.encode(value)).toMatchObject([{ column: "", received }]);
    expect(encoder.encode({ record: value })).toMatchObject([{ column: "record", received }]);
  });

  test.each<[string, object, string]>([
    ["a symbol key", { name: "a", [Symbol("secret")]: 1 }, "Symbol(secret)"],
    ["a hidden property", hidden, "secret"],
    ["an extra property", { name: "a", secret: 1 }, "secret"],
  ])("%s, in a row and in a RECORD", (_, row, column) => {
    expect(encoder.encode(row)).toMatchObject([{ column }]);
    expect(encoder.encode({ record: row })).toMatchObject([{ column: "record" }]);
  });

  test("properties beside an array's values", () => {
    expect(encoder.encode({ list })).toMatchObject([{ column: "list", received: "an array of 1" }]);
  });

  test("a row that throws while it is read", () => {
    const row = {
      get name(): string {
        throw new Error("private");
      },
    };
    expect(encoder.encode(row)).toMatchObject([{ column: "", received: "a row that throws while it is read" }]);
  });

  test("and a row without a prototype, or of another realm, is taken", () => {
    const expected = encoder.encode({ name: "a" });
    expect(expected).toBeInstanceOf(Uint8Array);
    expect(encoder.encode(Object.assign(Object.create(null) as object, { name: "a" }))).toEqual(expected);
    expect(encoder.encode(runInNewContext("({ name: 'a' })"))).toEqual(expected);
  });
});

test("columns may be named like members of Object", () => {
  const names = Object.getOwnPropertyNames(Object.prototype);
  const encoder = encoderOf(...names.map((name) => ({ name, type: "STRING" as const })));
  const other = encoderOf(...names.map((_, index) => ({ name: `c${index}`, type: "STRING" as const })));
  const row: unknown = JSON.parse(`{${names.map((name) => `"${name}":"${name}"`).join(",")}}`);
  const sameRow = Object.fromEntries(names.map((name, index) => [`c${index}`, name]));
  expect(encoder.encode(row)).toEqual(other.encode(sameRow));
  expect(encoder.encode({})).toEqual(other.encode({}));
  expect(rowDescriptor(encoder.definition.schema.fields).field.map(({ name }) => name)).toEqual(names);
});

function encoderWith(type: "HOUR" | "DAY" | "MONTH" | "YEAR", ofTenant: number, ofDefinition?: string): RowEncoder {
  return new RowEncoder(
    {
      tableId: "t",
      schema: { fields: [{ name: "at", type: "TIMESTAMP", mode: "REQUIRED" }] },
      timePartitioning: { type, field: "at", ...(ofDefinition === undefined ? {} : { expirationMs: ofDefinition }) },
    },
    { ...OPTIONS, partitionExpirationMs: ofTenant },
  );
}

describe("a row whose partition has expired is refused", () => {
  test.each([
    ["HOUR", 2 * HOUR, "2026-01-15T10:00:00Z"],
    ["DAY", DAY, "2026-01-14T00:00:00Z"],
    ["DAY", 6 * HOUR, "2026-01-15T00:00:00Z"],
    ["DAY", 13 * HOUR, "2026-01-14T00:00:00Z"],
    ["MONTH", 20 * DAY, "2025-12-01T00:00:00Z"],
    ["YEAR", 14 * DAY, "2026-01-01T00:00:00Z"],
    ["YEAR", 15 * DAY, "2025-01-01T00:00:00Z"],
  ] as const)("%s partitions that are kept %p ms: the oldest alive starts at %s", (type, expirationMs, oldest) => {
    const encoder = encoderWith(type, expirationMs);
    expect(encoder.encode({ at: oldest })).toBeInstanceOf(Uint8Array);
    expect(encoder.encode({ at: new Date(Date.parse(oldest) - 1) })).toMatchObject([
      { column: "at", expected: expect.stringContaining("BigQuery deletes older partitions") as string },
    ]);
  });

  test("the definition's own expiration counts, not the tenant's", () => {
    const encoder = encoderWith("DAY", DAY, String(300 * DAY));
    expect(encoder.encode({ at: new Date(NOW - 299 * DAY) })).toBeInstanceOf(Uint8Array);
  });
});

describe("leaveOutUnfit", () => {
  const [definition] = definitions.filter(({ tableId }) => tableId === "pipeline_runs");
  if (definition === undefined) throw new Error("no definition of pipeline_runs");
  const runs = new RowEncoder(definition, OPTIONS);
  const run = {
    pipeline_logging_id: "r",
    pipeline_id: "p",
    tenant_id: "acme_retail",
    status: "RUNNING",
    trigger_type: "api",
    trigger_by: "ana@example.com",
    start_time: new Date(NOW),
  };
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = [cyclic];
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();

  test("leaves a row alone that fits", () => {
    expect(leaveOutUnfit(runs, run)).toEqual({ row: run, problems: [], refused: [] });
  });

  test.each<[string, unknown]>([
    ["NaN", Number.NaN],
    ["a bigint", { a: 1n }],
    ["a Date", { a: new Date() }],
    ["a Map", new Map()],
    ["a cycle", cyclic],
    ["a lone surrogate", ["\ud800"]],
    ["12 MB", "x".repeat(12_000_000)],
    [
      "a getter that throws",
      Object.defineProperty({}, "a", { get: () => JSON.parse("{") as unknown, enumerable: true }),
    ],
    ["a proxy that was revoked", revoked.proxy],
  ])("%s costs only its own column", (_, parameters) => {
    const { row, problems } = leaveOutUnfit(runs, { ...run, parameters, config_version: 7, worker_instance: "pod-1" });
    expect(row).toEqual({ ...run, worker_instance: "pod-1" });
    expect(problems.map(({ column }) => column).sort()).toEqual(["config_version", "parameters"]);
    expect(runs.encode(row)).toBeInstanceOf(Uint8Array);
  });

  test("keeps a row refused whose REQUIRED value does not fit", () => {
    const { refused, problems } = leaveOutUnfit(runs, { ...run, status: "DONE", parameters: Number.NaN });
    expect(refused).toMatchObject([{ column: "status" }]);
    expect(problems).toMatchObject([{ column: "parameters" }]);
  });
});

test("a type that the runtime cannot write is refused with its place", () => {
  const range = { name: "period", type: "RANGE" as "DATE", mode: "NULLABLE" } as const;
  const fields = [{ name: "booking", type: "RECORD", mode: "NULLABLE", fields: [range] }] as const;
  expect(() => assertWritable(definitions)).not.toThrow();
  expect(() => assertWritable([{ tableId: "t", schema: { fields } }])).toThrow(
    /cannot write these columns:\n {2}t\.booking\.period: RANGE\n/,
  );
});
