import fc from "fast-check";
import type { QueryRow } from "../../../bigquery/query-messages";
import { cellOf } from "../../../cli/report/rows/cell";
import { RowPrinter } from "../../../cli/report/rows/row-printer";

const COLUMNS = [
  { name: "pipeline_id", type: "STRING" },
  { name: "start_time", type: "TIMESTAMP" },
  { name: "duration_ms", type: "INTEGER" },
  { name: "parameters", type: "JSON" },
];
const ROWS: readonly QueryRow[] = [
  { pipeline_id: "daily", start_time: "1769846400000000", duration_ms: "12", parameters: '{"a":[1,"x"]}' },
  { pipeline_id: 'a, "b"\nc', start_time: null, duration_ms: null, parameters: null },
];

function printed(format: "table" | "json" | "csv", ...pages: QueryRow[][]): string {
  const texts: string[] = [];
  const printer = new RowPrinter(format, (text) => texts.push(text));
  for (const rows of pages) printer.add({ columns: COLUMNS, rows });
  printer.end();
  return texts.join("");
}

test("CSV has one header over all pages, and quotes what needs it", () => {
  expect(printed("csv", [ROWS[0]!], [ROWS[1]!])).toBe(
    'pipeline_id,start_time,duration_ms,parameters\ndaily,2026-01-31T08:00:00.000Z,12,"{""a"":[1,""x""]}"\n"a, ""b""\nc",,,\n',
  );
});

test("CSV without rows is a header", () => {
  expect(printed("csv", [])).toBe("pipeline_id,start_time,duration_ms,parameters\n");
});

test("JSON is one array over all pages, values in JSON's types", () => {
  expect(JSON.parse(printed("json", [ROWS[0]!], [], [ROWS[1]!]))).toEqual([
    { pipeline_id: "daily", start_time: "2026-01-31T08:00:00.000Z", duration_ms: 12, parameters: { a: [1, "x"] } },
    { pipeline_id: 'a, "b"\nc', start_time: null, duration_ms: null, parameters: null },
  ]);
  expect(printed("json", [])).toBe("[]\n");
});

test("a table holds each row on one line and nothing that a terminal would obey", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      const lines = printed("table", [{ ...ROWS[0]!, pipeline_id: text }])
        .trimEnd()
        .split("\n");
      expect(lines).toHaveLength(5);
      // oxlint-disable-next-line no-control-regex -- they are what is looked for
      expect(lines.join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }),
  );
});

test.each([
  ["TIMESTAMP", "1769846400000001", "2026-01-31T08:00:00.000001Z"],
  ["TIMESTAMP", "-1", "1969-12-31T23:59:59.999999Z"],
  ["INTEGER", "9007199254740993", "9007199254740993"],
  ["INTEGER", "-5", -5],
  ["FLOAT", "0.5", 0.5],
  ["FLOAT", "NaN", "NaN"],
  ["BOOLEAN", "false", false],
  ["NUMERIC", "0.10", "0.10"],
  ["JSON", "not json", "not json"],
  ["DATE", "2026-01-31", "2026-01-31"],
  ["STRING", null, null],
])("a %s %j becomes %j", (type, value, cell) => {
  expect(cellOf(type, value)).toEqual(cell);
});
