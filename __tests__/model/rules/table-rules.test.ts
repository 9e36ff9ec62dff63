import { loadConfig } from "../../../model/load-config";
import { configFolder, type Files, VALID } from "../../support/config-folder";
import { columns, problemsOf, runs } from "../../support/config-problems";

describe("columns", () => {
  const deep = (levels: number): object =>
    levels === 0 ? { name: "leaf", type: "STRING" } : { name: "r", type: "RECORD", fields: [deep(levels - 1)] };

  test.each<[string, Files]>([
    ["an unknown type", columns({ name: "a", type: "STRNG" })],
    ["an unknown mode", columns({ name: "a", type: "STRING", mode: "OPTIONAL" })],
    ["an unknown key", columns({ name: "a", type: "STRING", descripton: "A" })],
    ["a missing type", columns({ name: "a" })],
    ["an invalid name", columns({ name: "1st", type: "STRING" })],
    ["a reserved prefix", columns({ name: "_partitiontime", type: "STRING" })],
    ["names that differ in case alone", columns({ name: "Id", type: "STRING" }, { name: "id", type: "STRING" })],
    ["a RECORD without columns", columns({ name: "r", type: "RECORD" })],
    [
      "columns in a STRING",
      columns({
        name: "s",
        type: "STRING",
        fields: [{ name: "a", type: "STRING" }],
      }),
    ],
    ["allowed values of an INTEGER", columns({ name: "n", type: "INTEGER", allowedValues: ["1"] })],
    ["an allowed value twice", columns({ name: "s", type: "STRING", allowedValues: ["A", "B", "A"] })],
    ["an invalid policy tag", columns({ name: "s", type: "STRING", policyTags: { names: ["pii"] } })],
    ["16 levels of nesting", columns(deep(15))],
    ["no columns", { "metadata/schemas/runs.json": { schema: { fields: [] } } }],
    ["a default that is no value", columns({ name: "a", type: "STRING", defaultValueExpression: "(SELECT 'x')" })],
    [
      "a default inside a RECORD",
      columns({ name: "r", type: "RECORD", fields: [{ name: "a", type: "STRING", defaultValueExpression: "'x'" }] }),
    ],
  ])("%s", (_, files) => {
    expect(problemsOf(files)).toMatchSnapshot();
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
  test.each<[string, Files]>([
    ["a partition column that does not exist", runs({ timePartitioning: { type: "DAY", field: "start_at" } })],
    ["a partition column of the wrong type", runs({ timePartitioning: { type: "DAY", field: "run_id" } })],
    ["a repeated partition column", runs({ timePartitioning: { type: "DAY", field: "tags" } })],
    [
      "an expiration that is no number",
      runs({
        timePartitioning: {
          type: "DAY",
          field: "started_at",
          expirationMs: "1d",
        },
      }),
    ],
    [
      "hours of a DATE",
      {
        "metadata/schemas/runs.json": {
          schema: { fields: [{ name: "d", type: "DATE" }] },
          timePartitioning: { type: "HOUR", field: "d" },
        },
      },
    ],
    [
      "a required filter without partitions",
      {
        "metadata/schemas/runs.json": {
          schema: { fields: [{ name: "d", type: "DATE" }] },
          requirePartitionFilter: true,
        },
      },
    ],
    ["a clustering column that does not exist", runs({ clustering: { fields: ["stat"] } })],
    ["a JSON clustering column", runs({ clustering: { fields: ["details"] } })],
    ["a clustering column twice", runs({ clustering: { fields: ["status", "status"] } })],
    ["five clustering columns", runs({ clustering: { fields: ["a", "b", "c", "d", "e"] } })],
    ["a primary key that does not exist", runs({ tableConstraints: { primaryKey: { columns: ["id"] } } })],
    ["a foreign key to an unknown table", runs(foreignKey("run", "run_id"))],
    ["a foreign key to a column that is no primary key", { ...runs(foreignKey("steps", "status")), ...STEPS }],
    ["a foreign key of another type", { ...runs(foreignKey("steps", "step_id", "started_at")), ...STEPS }],
    ["a label that this package sets", runs({ labels: { tenant: "x" } })],
    ["an invalid label", runs({ labels: { Team: "Data Platform" } })],
  ])("%s", (_, files) => {
    expect(problemsOf(files)).toMatchSnapshot();
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
