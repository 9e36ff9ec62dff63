import { loadConfig } from "../../../model/load-config";
import { configFolder, type Files, VALID } from "../../support/config-folder";
import { columns, listedProblems, problemsOf } from "../../support/config-problems";

describe("columns", () => {
  const deep = (levels: number): object =>
    levels === 0 ? { name: "leaf", type: "STRING" } : { name: "r", type: "RECORD", fields: [deep(levels - 1)] };

  test.each<[string, Files, string]>([
    [
      "an unknown type",
      columns({ name: "a", type: "STRNG" }),
      `
metadata/schemas/runs.json:6 schema.fields[0].type
  The value is not one of those allowed
  received: "STRNG"
  allowed:  STRING, BYTES, INTEGER, FLOAT, NUMERIC, BIGNUMERIC, BOOLEAN, TIMESTAMP, DATE, TIME, DATETIME, INTERVAL, GEOGRAPHY, JSON, RECORD, INT64, FLOAT64, BOOL, DECIMAL, BIGDECIMAL, STRUCT
  fix:      Did you mean "STRING"?
`,
    ],
    [
      "an unknown mode",
      columns({ name: "a", type: "STRING", mode: "OPTIONAL" }),
      `
metadata/schemas/runs.json:7 schema.fields[0].mode
  The value is not one of those allowed
  received: "OPTIONAL"
  allowed:  NULLABLE, REQUIRED, REPEATED
  fix:      Use one of the allowed values
`,
    ],
    [
      "an unknown key",
      columns({ name: "a", type: "STRING", descripton: "A" }),
      `
metadata/schemas/runs.json:7 schema.fields[0].descripton
  The key "descripton" is not known here
  allowed:  name, type, mode, description, fields, policyTags, defaultValueExpression, allowedValues
  fix:      Did you mean "description"?
`,
    ],
    [
      "a missing type",
      columns({ name: "a" }),
      `
metadata/schemas/runs.json:4 schema.fields[0].type
  The key "type" is missing
  allowed:  STRING, BYTES, INTEGER, FLOAT, NUMERIC, BIGNUMERIC, BOOLEAN, TIMESTAMP, DATE, TIME, DATETIME, INTERVAL, GEOGRAPHY, JSON, RECORD, INT64, FLOAT64, BOOL, DECIMAL, BIGDECIMAL, STRUCT
  fix:      Add it
`,
    ],
    [
      "an invalid name",
      columns({ name: "1st", type: "STRING" }),
      `
metadata/schemas/runs.json:5 schema.fields[0].name
  The column name is not valid
  received: "1st"
  allowed:  at most 300 letters, digits and _, starting with a letter or _
  fix:      Rename the column, for example start_time
`,
    ],
    [
      "a reserved prefix",
      columns({ name: "_partitiontime", type: "STRING" }),
      `
metadata/schemas/runs.json:5 schema.fields[0].name
  Names that start with _PARTITION are reserved by BigQuery
  received: "_partitiontime"
  fix:      Rename the column
`,
    ],
    [
      "names that differ in case alone",
      columns({ name: "Id", type: "STRING" }, { name: "id", type: "STRING" }),
      `
metadata/schemas/runs.json:9 schema.fields[1].name
  Column names are unique without regard to case; the column at index 0 has this name already
  received: "id"
  fix:      Rename or remove one of the two
`,
    ],
    [
      "a RECORD without columns",
      columns({ name: "r", type: "RECORD" }),
      `
metadata/schemas/runs.json:4 schema.fields[0]
  The RECORD column r has no columns of its own
  fix:      List them in \`fields\`, or use type JSON
`,
    ],
    [
      "columns in a STRING",
      columns({
        name: "s",
        type: "STRING",
        fields: [{ name: "a", type: "STRING" }],
      }),
      `
metadata/schemas/runs.json:7 schema.fields[0].fields
  Only RECORD columns have \`fields\`; s is STRING
  fix:      Make the column a RECORD, or remove \`fields\`
`,
    ],
    [
      "allowed values of an INTEGER",
      columns({ name: "n", type: "INTEGER", allowedValues: ["1"] }),
      `
metadata/schemas/runs.json:7 schema.fields[0].allowedValues
  Only STRING columns have \`allowedValues\`; n is INTEGER
  fix:      Make the column a STRING, or remove \`allowedValues\`
`,
    ],
    [
      "an allowed value twice",
      columns({ name: "s", type: "STRING", allowedValues: ["A", "B", "A"] }),
      `
metadata/schemas/runs.json:10 schema.fields[0].allowedValues[2]
  The value is listed twice
  received: "A"
  fix:      Keep one of the two
`,
    ],
    [
      "an invalid policy tag",
      columns({ name: "s", type: "STRING", policyTags: { names: ["pii"] } }),
      `
metadata/schemas/runs.json:9 schema.fields[0].policyTags.names[0]
  The policy tag is not a full resource name
  received: "pii"
  allowed:  projects/<project>/locations/<location>/taxonomies/<id>/policyTags/<id>
  fix:      Copy the resource name from the taxonomy
`,
    ],
    [
      "16 levels of nesting",
      columns(deep(15)),
      `
metadata/schemas/runs.json:63 schema.fields[0].fields[0].fields[0].fields[0].fields[0].fields[0].fields[0].fields[0].fields[0].fields[0].fields[0].fields[0].fields[0].fields[0].fields[0].fields
  RECORD columns are nested too deeply
  allowed:  at most 15 levels
  fix:      Flatten the record, or use a JSON column
`,
    ],
    [
      "no columns",
      { "metadata/schemas/runs.json": { schema: { fields: [] } } },
      `
metadata/schemas/runs.json:3 schema.fields
  The value is too small
  received: 0
  allowed:  at least 1 entries
  fix:      Correct the value
`,
    ],
    [
      "a default that is no value",
      columns({ name: "a", type: "STRING", defaultValueExpression: "(SELECT 'x')" }),
      `
metadata/schemas/runs.json:7 schema.fields[0].defaultValueExpression
  The default is neither a literal nor a function that BigQuery takes for defaults
  received: "(SELECT 'x')"
  allowed:  a literal, an array or struct of them, or CURRENT_DATE, CURRENT_DATETIME, CURRENT_TIME, CURRENT_TIMESTAMP, GENERATE_UUID, RAND, SESSION_USER, ST_GEOGPOINT
  fix:      Write a value of the column's type, or remove the default
`,
    ],
    [
      "a default inside a RECORD",
      columns({ name: "r", type: "RECORD", fields: [{ name: "a", type: "STRING", defaultValueExpression: "'x'" }] }),
      `
metadata/schemas/runs.json:11 schema.fields[0].fields[0].defaultValueExpression
  Only top-level columns have a default, and a is part of a RECORD
  fix:      Remove it, or give the RECORD a default as a whole, for example (1, 'a')
`,
    ],
  ])("%s", (_, files, problems) => {
    expect(listedProblems(files)).toBe(problems);
  });

  test.each([
    "_TABLE_x",
    "_file_",
    "_PARTITIONDATE",
    "_row_timestamp",
    "__root__",
    "_colIdentifier",
    "_CHANGE_SEQUENCE_NUMBER",
    "_change_type",
    "_CHANGE_TIMESTAMP_2",
  ])("a reserved prefix at any depth: %s", (name) => {
    expect(problemsOf(columns({ name, type: "STRING" }))).toContain("are reserved by BigQuery");
    const nested = { name: "r", type: "RECORD", fields: [{ name, type: "STRING" }] };
    expect(problemsOf(columns(nested))).toContain("are reserved by BigQuery");
  });

  test("15 levels of nesting are accepted", () => {
    expect(loadConfig(configFolder({ ...VALID, ...columns(deep(14)) })).definitions).toHaveLength(1);
  });
});
