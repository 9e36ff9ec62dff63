import fc from "fast-check";
import type { Column, ColumnMode, ColumnType } from "../../../model/formats/table-definition";
import { defaultValueProblem } from "../../../model/rules/default-value";
import { runs } from "../../support/runs";

const column = (type: ColumnType, mode: ColumnMode = "NULLABLE", fields?: readonly Column[]): Column => ({
  name: "c",
  type,
  mode,
  ...(fields === undefined ? {} : { fields }),
});
const record = (...fields: readonly Column[]) => column("RECORD", "NULLABLE", fields);

describe("a default", () => {
  test.each<[string, Column]>([
    ["CURRENT_TIMESTAMP()", column("TIMESTAMP")],
    ["current_timestamp", column("TIMESTAMP", "REQUIRED")],
    ["CURRENT_DATE('Europe/Berlin')", column("DATE")],
    ["CURRENT_DATETIME()", column("DATETIME")],
    ["CURRENT_TIME ( )", column("TIME")],
    ["GENERATE_UUID()", column("STRING")],
    ["RAND()", column("FLOAT")],
    ["SESSION_USER()", column("STRING")],
    ["ST_GEOGPOINT(-122.35, 47)", column("GEOGRAPHY")],
    ["NULL", column("JSON")],
    ["'hello'", column("STRING")],
    [`"it's"`, column("STRING")],
    [String.raw`'it\'s \x41 \u00e9 \101'`, column("STRING")],
    ["'''two\nlines, 'quoted' here'''", column("STRING")],
    ["''", column("STRING")],
    [String.raw`r'\d+'`, column("STRING")],
    ["b'abc'", column("BYTES")],
    [String.raw`rb"\d"`, column("BYTES")],
    ["-1", column("INTEGER")],
    ["0x1F", column("INTEGER")],
    ["1.5e-3", column("FLOAT")],
    [".5", column("NUMERIC")],
    ["1", column("BIGNUMERIC")],
    ["NUMERIC '12.5'", column("NUMERIC")],
    ["TRUE", column("BOOLEAN")],
    ["DATE '2026-01-02'", column("DATE")],
    ["'2026-01-02'", column("TIMESTAMP")],
    [`JSON '{"a": 1}'`, column("JSON")],
    ["INTERVAL 3 DAY", column("INTERVAL")],
    ["INTERVAL '1:30' HOUR TO MINUTE", column("INTERVAL")],
    ["[]", column("STRING", "REPEATED")],
    ["[CURRENT_DATE(), DATE '2020-01-01']", column("DATE", "REPEATED")],
    ["ARRAY<STRING>['a', 'b']", column("STRING", "REPEATED")],
    ["(1, 'a')", record(column("INTEGER"), column("STRING"))],
    ["STRUCT<a INT64, b ARRAY<DATE>>(NULL, [])", record(column("INTEGER"), column("DATE", "REPEATED"))],
    ["STRUCT(1 AS a)", record(column("INTEGER"))],
    ["[(1, 'a')]", { ...record(column("INTEGER"), column("STRING")), mode: "REPEATED" }],
    [
      "((CURRENT_TIMESTAMP(), 1), [])",
      record(record(column("TIMESTAMP"), column("NUMERIC")), column("DATE", "REPEATED")),
    ],
    ["('x')", column("STRING")],
  ])("may be %s", (expression, of) => {
    expect(defaultValueProblem(expression, of)).toBeUndefined();
  });

  test.each([
    "",
    " ",
    "hello",
    "'unterminated",
    "'a' 'b'",
    "'a'; DROP TABLE x",
    "'a'--'",
    "'a' # x",
    "'a' /* x */",
    "'a' || 'b'",
    "CONCAT('a', 'b')",
    "CURRENT_TIMESTAMP() OPTIONS(description='x')",
    "CURRENT_TIMESTAMP(), ADD COLUMN x STRING DEFAULT 'y'",
    "SESSION_USER",
    "GENERATE_UUID",
    "GENERATE_UUID(1)",
    "RAND() + 1",
    "ERROR('x')",
    "(SELECT 'x')",
    "(SELECT secret FROM `p.d.t`)",
    "`a`",
    "@parameter",
    "@@project_id",
    "CAST('1' AS STRING)",
    "'line\nbreak'",
    String.raw`'\q'`,
    String.raw`'\xZZ'`,
    String.raw`'a\'`,
    "''''",
    "'''a''",
    "-'a'",
    "- -1",
    "--1",
    "1.2.3",
    "1x",
    "()",
    "[1",
    "[1,]",
    "-[1]",
    "STRUCT<",
    "ARRAY",
    "ARRAY 'a'",
    "DATE",
    "DATE CURRENT_DATE()",
    "INTERVAL 3",
    "INTERVAL 3 DAYS",
    "CURRENT_DATE(SESSION_USER())",
    "${upper('x')}",
    "'a'\u0000",
    "'a'\u00A0",
    "'a'\u037E",
    "[".repeat(100_000),
    `${"(".repeat(100_000)}1${")".repeat(100_000)}`,
  ])("is not %j", (expression) => {
    expect(defaultValueProblem(expression, column("STRING"))).toContain("neither a literal nor a function");
  });

  test.each<[string, Column, string]>([
    ["NULL", column("STRING", "REQUIRED"), "which is REQUIRED, is NULL"],
    ["NULL", column("STRING", "REPEATED"), "is no array"],
    ["'a'", column("STRING", "REPEATED"), "is no array"],
    ["['a', NULL]", column("STRING", "REPEATED"), "holds no NULL"],
    ["[1]", column("STRING", "REPEATED"), "is an array of STRING"],
    ["['a']", column("STRING"), "which is STRING"],
    ["1", column("STRING"), "which is STRING"],
    ["'1'", column("INTEGER"), "which is INTEGER"],
    ["1.5", column("INTEGER"), "which is INTEGER"],
    ["b'a'", column("STRING"), "which is STRING"],
    ["CURRENT_DATE()", column("TIMESTAMP"), "which is TIMESTAMP"],
    ["(1, NULL)", record(column("INTEGER"), column("STRING", "REQUIRED")), "which is RECORD"],
    ["(1, 2)", record(column("INTEGER")), "which is RECORD"],
  ])("%s does not suit %j", (expression, of, message) => {
    expect(defaultValueProblem(expression, of)).toContain(message);
  });

  test("that is accepted is one value, whatever pieces it is made of", () => {
    const marks = [
      "'",
      '"',
      "'''",
      '"""',
      "\\",
      "\n",
      ";",
      "--",
      "#",
      "/*",
      "*/",
      "`",
      "(",
      ")",
      "[",
      "]",
      ",",
      "@",
      "${",
    ];
    const words = [" ", "1", "a", "r", "b", "NULL", "CURRENT_DATE", "DROP TABLE", "SELECT", "é"];
    const of = (["STRING", "BYTES", "INTEGER", "DATE"] as const).flatMap((type) => [
      column(type),
      column(type, "REPEATED"),
    ]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...marks, ...words), { maxLength: 10 }), (pieces) => {
        const expression = pieces.join("");
        const isAccepted = of.some((each) => defaultValueProblem(expression, each) === undefined);
        // An independent reading: with its texts taken out, nothing is left that could end or extend a value.
        const isValue = /^(?:NULL|CURRENT_DATE|TEXT|[\s()[\],\d])*$/.test(withoutTexts(expression));
        expect(!isAccepted || isValue).toBe(true);
      }),
      { numRuns: runs(4000) },
    );
  });
});

/** Replaces each text by the word TEXT, reading character by character. */
function withoutTexts(expression: string): string {
  let rest = expression;
  let out = "";
  while (rest !== "") {
    const { prefix = "", quote } = /^(?<prefix>[rb]{0,2})(?<quote>'''|"""|'|")/i.exec(rest)?.groups ?? {};
    if (quote === undefined) {
      out += rest[0] ?? "";
      rest = rest.slice(1);
      continue;
    }
    let at = prefix.length + quote.length;
    while (at < rest.length && !rest.startsWith(quote, at)) at += rest[at] === "\\" ? 2 : 1;
    rest = rest.slice(at + quote.length);
    out += "TEXT";
  }
  return out;
}
