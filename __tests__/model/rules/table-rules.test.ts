import type { Files } from "../../support/config-folder";
import { listedProblems, runs } from "../../support/config-problems";

const STEPS: Files = {
  "metadata/schemas/steps.json": {
    schema: {
      fields: [
        { name: "step_id", type: "STRING" },
        { name: "status", type: "STRING" },
      ],
    },
    tableConstraints: { primaryKey: { columns: ["step_id"] } },
  },
};

describe("partitions, clusters, keys and labels", () => {
  test.each<[string, Files, string]>([
    [
      "a partition column that does not exist",
      runs({ timePartitioning: { type: "DAY", field: "start_at" } }),
      `
metadata/schemas/runs.json:36 timePartitioning.field
  There is no top-level column of this name
  received: "start_at"
  allowed:  run_id, status, started_at, tags, details
  fix:      Did you mean "started_at"?
`,
    ],
    [
      "a partition column of the wrong type",
      runs({ timePartitioning: { type: "DAY", field: "run_id" } }),
      `
metadata/schemas/runs.json:36 timePartitioning.field
  BigQuery cannot partition by run_id, which is STRING
  allowed:  DATE, TIMESTAMP, DATETIME
  fix:      Name a column of one of these types
`,
    ],
    [
      "a repeated partition column",
      runs({ timePartitioning: { type: "DAY", field: "tags" } }),
      `
metadata/schemas/runs.json:36 timePartitioning.field
  The column tags is REPEATED
  fix:      Name a column that holds one value a row
`,
    ],
    [
      "an expiration that is no number",
      runs({
        timePartitioning: {
          type: "DAY",
          field: "started_at",
          expirationMs: "1d",
        },
      }),
      `
metadata/schemas/runs.json:37 timePartitioning.expirationMs
  The value is not well-formed
  received: "1d"
  allowed:  milliseconds as a decimal string, as BigQuery's REST API spells them, for example "2592000000" for 30 days
  fix:      Multiply days by 86400000 and put the result in quotes
`,
    ],
    [
      "hours of a DATE",
      {
        "metadata/schemas/runs.json": {
          schema: { fields: [{ name: "d", type: "DATE" }] },
          timePartitioning: { type: "HOUR", field: "d" },
        },
      },
      `
metadata/schemas/runs.json:11 timePartitioning.type
  A DATE column has no hours to partition by
  received: "HOUR"
  allowed:  DAY, MONTH, YEAR
  fix:      Use DAY, or partition by a TIMESTAMP column
`,
    ],
    [
      "a required filter without partitions",
      {
        "metadata/schemas/runs.json": {
          schema: { fields: [{ name: "d", type: "DATE" }] },
          requirePartitionFilter: true,
        },
      },
      `
metadata/schemas/runs.json:10 requirePartitionFilter
  A table without partitions cannot require a partition filter
  fix:      Add \`timePartitioning\`, or remove \`requirePartitionFilter\`
`,
    ],
    [
      "a clustering column that does not exist",
      runs({ clustering: { fields: ["stat"] } }),
      `
metadata/schemas/runs.json:40 clustering.fields[0]
  There is no top-level column of this name
  received: "stat"
  allowed:  run_id, status, started_at, tags, details
  fix:      Did you mean "status"?
`,
    ],
    [
      "a JSON clustering column",
      runs({ clustering: { fields: ["details"] } }),
      `
metadata/schemas/runs.json:40 clustering.fields[0]
  BigQuery cannot cluster by details, which is JSON
  allowed:  DATE, BOOLEAN, GEOGRAPHY, INTEGER, NUMERIC, BIGNUMERIC, STRING, TIMESTAMP, DATETIME
  fix:      Name a column of one of these types
`,
    ],
    [
      "a clustering column twice",
      runs({ clustering: { fields: ["status", "status"] } }),
      `
metadata/schemas/runs.json:41 clustering.fields[1]
  The column is listed twice
  received: "status"
  fix:      Keep one of the two
`,
    ],
    [
      "five clustering columns",
      runs({ clustering: { fields: ["a", "b", "c", "d", "e"] } }),
      `
metadata/schemas/runs.json:39 clustering.fields
  The value is too large
  received: 5
  allowed:  at most 4 entries
  fix:      Correct the value
`,
    ],
    [
      "a primary key that does not exist",
      runs({ tableConstraints: { primaryKey: { columns: ["id"] } } }),
      `
metadata/schemas/runs.json:46 tableConstraints.primaryKey.columns[0]
  There is no top-level column of this name
  received: "id"
  allowed:  run_id, status, started_at, tags, details
  fix:      Name one of the table's columns
`,
    ],
    [
      "a foreign key to an unknown table",
      runs(foreignKey("run", "run_id")),
      `
metadata/schemas/runs.json:52 tableConstraints.foreignKeys[0].referencedTable.tableId
  There is no definition of this table
  received: "run"
  allowed:  runs
  fix:      Did you mean "runs"?
`,
    ],
    [
      "a foreign key to a column that is no primary key",
      { ...runs(foreignKey("steps", "status")), ...STEPS },
      `
metadata/schemas/runs.json:57 tableConstraints.foreignKeys[0].columnReferences[0].referencedColumn
  A foreign key refers to a primary key, and that of steps is (step_id)
  received: "status"
  fix:      Refer to the primary key, or declare it there
`,
    ],
    [
      "a foreign key of another type",
      { ...runs(foreignKey("steps", "step_id", "started_at")), ...STEPS },
      `
metadata/schemas/runs.json:55 tableConstraints.foreignKeys[0].columnReferences[0]
  started_at is TIMESTAMP, but steps.step_id is STRING
  fix:      Give both columns the same type
`,
    ],
    [
      "a label that this package sets",
      runs({ labels: { tenant: "x" } }),
      `
metadata/schemas/runs.json:51 labels.tenant
  The label tenant is set by this package
  fix:      Remove it, or choose another key
`,
    ],
    [
      "an invalid label",
      runs({ labels: { Team: "Data Platform" } }),
      `
metadata/schemas/runs.json:51 labels.Team
  The key is not well-formed
  received: "Team"
  allowed:  at most 63 of lower-case letters, digits, _ and -, starting with a letter
  fix:      Shorten or rename the label key
`,
    ],
  ])("%s", (_, files, problems) => {
    expect(listedProblems(files)).toBe(problems);
  });
});

function foreignKey(tableId: string, referencedColumn: string, referencingColumn = "status"): object {
  return {
    tableConstraints: {
      primaryKey: { columns: ["run_id"] },
      foreignKeys: [
        {
          referencedTable: { tableId },
          columnReferences: [{ referencingColumn, referencedColumn }],
        },
      ],
    },
  };
}
