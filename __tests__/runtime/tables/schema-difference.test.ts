import type { Column } from "../../../model/formats/table-definition";
import { fitTable, formatDifference, liveColumns } from "../../../runtime/tables/schema-difference";

const COLUMNS: readonly Column[] = [
  { name: "id", type: "STRING", mode: "REQUIRED" },
  { name: "count", type: "INTEGER", mode: "NULLABLE" },
  { name: "ok", type: "BOOLEAN", mode: "NULLABLE" },
  {
    name: "lines",
    type: "RECORD",
    mode: "REPEATED",
    fields: [
      { name: "amount", type: "FLOAT", mode: "NULLABLE" },
      { name: "note", type: "STRING", mode: "NULLABLE" },
    ],
  },
];

const LINES = {
  name: "lines",
  type: "STRUCT",
  mode: "REPEATED",
  fields: [
    { name: "amount", type: "DOUBLE" },
    { name: "note", type: "STRING" },
  ],
};
const LIVE = [
  { name: "id", type: "STRING", mode: "REQUIRED" },
  { name: "COUNT", type: "INT64" },
  { name: "ok", type: "BOOL" },
  LINES,
];

function fit(live: Parameters<typeof liveColumns>[0]) {
  const { differences, ...rest } = fitTable("t", COLUMNS, liveColumns(live));
  return { differences: differences.map(formatDifference), ...rest };
}

const FITS = { differences: [], unwritable: new Set(), required: [], unknownRequired: [] };

test("the API's spellings of types, modes and letter case make no difference", () => {
  expect(fit(LIVE)).toEqual(FITS);
});

test("a missing column is unwritable", () => {
  expect(fit(LIVE.filter(({ name }) => name !== "ok"))).toEqual({
    ...FITS,
    differences: ["t.ok: expected BOOLEAN NULLABLE, found no such column"],
    unwritable: new Set(["ok"]),
  });
});

test("a column of another type is unwritable", () => {
  expect(fit(LIVE.map((column) => (column.name === "ok" ? { ...column, type: "STRING" } : column)))).toEqual({
    ...FITS,
    differences: ["t.ok: expected BOOLEAN NULLABLE, found STRING NULLABLE"],
    unwritable: new Set(["ok"]),
  });
});

test("a column that must have a value against the definition is required", () => {
  expect(fit(LIVE.map((column) => (column.name === "ok" ? { ...column, mode: "REQUIRED" } : column)))).toEqual({
    ...FITS,
    differences: ["t.ok: expected BOOLEAN NULLABLE, found BOOLEAN REQUIRED"],
    required: ["ok"],
  });
});

test("a column that may be NULL against the definition takes every row", () => {
  expect(fit(LIVE.map((column) => (column.name === "id" ? { ...column, mode: "NULLABLE" } : column)))).toEqual({
    ...FITS,
    differences: ["t.id: expected STRING REQUIRED, found STRING NULLABLE"],
  });
});

test("a column more is reported, and refuses all rows only when it must have a value", () => {
  expect(fit([...LIVE, { name: "region", type: "STRING" }])).toEqual({
    ...FITS,
    differences: ["t.region: expected no such column, found STRING NULLABLE"],
  });
  expect(fit([...LIVE, { name: "region", type: "STRING", mode: "REQUIRED" }])).toMatchObject({
    unknownRequired: ["region"],
  });
});

test.each([
  [
    "lacks a column",
    { ...LINES, fields: LINES.fields.slice(0, 1) },
    "t.lines.note: expected STRING NULLABLE, found no such column",
  ],
  [
    "requires a column",
    { ...LINES, fields: [{ name: "amount", type: "DOUBLE", mode: "REQUIRED" }, LINES.fields[1] ?? {}] },
    "t.lines.amount: expected FLOAT NULLABLE, found FLOAT REQUIRED",
  ],
  [
    "has a REQUIRED column more",
    { ...LINES, fields: [...LINES.fields, { name: "unit", type: "STRING", mode: "REQUIRED" }] },
    "t.lines.unit: expected no such column, found STRING REQUIRED",
  ],
  ["is not REPEATED", { ...LINES, mode: "NULLABLE" }, "t.lines: expected RECORD REPEATED, found RECORD NULLABLE"],
])("a RECORD that %s is unwritable as a whole", (_, lines, difference) => {
  expect(fit([...LIVE.slice(0, 3), lines])).toEqual({
    ...FITS,
    differences: [difference],
    unwritable: new Set(["lines"]),
  });
});
