import { inspect } from "node:util";
import { MetadataWriteError, SchemaMismatchError } from "../../runtime/errors";
import { FailureHandler } from "../../runtime/logger/failure-handler";

test("MetadataWriteError lists what is wrong, up to a number, and keeps every row", () => {
  const problem = { column: "status", received: '"DONE"', expected: "one of A, B" };
  const rejected = Array.from({ length: 5 }, (_, rowIndex) => ({ rowIndex, row: {}, problems: [problem] }));
  const undelivered = [5, 6].map((rowIndex) => ({
    rowIndex,
    row: {},
    outcome: "not-written" as const,
    cause: new Error("gone"),
  }));
  const error = new MetadataWriteError("step_logs", rejected, undelivered);
  expect(error.message).toMatchInlineSnapshot(`
"step_logs: 5 rows refused, 2 rows not delivered.
  row 0, status: received "DONE", expected one of A, B
  row 1, status: received "DONE", expected one of A, B
  row 2, status: received "DONE", expected one of A, B
  row 3, status: received "DONE", expected one of A, B
  row 4, status: received "DONE", expected one of A, B
  … and 2 more
The rows are in this error's \`rejected\` and \`undelivered\`."
`);
  expect(error).toMatchObject({ kind: "remote", cause: undelivered[0]?.cause });
  expect(new MetadataWriteError("step_logs", rejected, []).kind).toBe("user");
});

test("logging a MetadataWriteError, in whatever way, does not log its rows", () => {
  const row = { error_message: "private" };
  const problem = { column: "status", received: "nothing", expected: "a value" };
  const error = new MetadataWriteError("step_logs", [{ rowIndex: 0, row, problems: [problem] }], []);
  expect(error.rejected[0]?.row).toBe(row);
  for (const text of [inspect(error, { depth: 9 }), JSON.stringify(error), String(error)]) {
    expect(text).not.toContain("private");
  }
});

test("SchemaMismatchError says where the table differs and what to do", () => {
  const difference = {
    tableId: "t",
    column: "a",
    kind: "missing",
    expected: "JSON NULLABLE",
    found: "no such column",
  } as const;
  expect(new SchemaMismatchError("t", [difference]).message).toMatchInlineSnapshot(`
"The row does not fit the live table t:
  t.a: expected JSON NULLABLE, found no such column
Bring the table and its definition together (deploy the definition, or ALTER TABLE), then write the row again."
`);
});

async function failed(handler: FailureHandler, error: Error): Promise<void> {
  await handler.watch(Promise.reject(error)).catch(() => undefined);
}

describe("FailureHandler", () => {
  test("with `report` tells the callback at once, and nobody else", async () => {
    const told: Error[] = [];
    const handler = new FailureHandler("report", (error) => told.push(error));
    const error = new Error("a");
    await failed(handler, error);
    expect(told).toEqual([error]);
    expect(() => handler.throwPending([error])).not.toThrow();
    expect(() => handler.throwAllPending()).not.toThrow();
  });

  test("with `throw` tells each failure once, to whoever waits first", async () => {
    const handler = new FailureHandler("throw");
    const [a, b, c] = [new Error("a"), new Error("b"), new Error("c")];
    for (const error of [a, b, c]) await failed(handler, error);
    expect(() => handler.throwPending([a])).toThrow(a);
    expect(() => handler.throwPending([a])).not.toThrow();
    expect(() => handler.throwAllPending()).toThrow("2 failures: b\nc");
    expect(() => handler.throwAllPending()).not.toThrow();
  });

  test("survives a callback that throws", async () => {
    const warn = jest.spyOn(process, "emitWarning").mockImplementation();
    const handler = new FailureHandler("report", () => {
      throw new Error("the callback is broken");
    });
    await failed(handler, new Error("a row is missing"));
    expect(warn.mock.calls.map(([text]) => text)).toEqual(["a row is missing", "the callback is broken"]);
    warn.mockRestore();
  });
});
