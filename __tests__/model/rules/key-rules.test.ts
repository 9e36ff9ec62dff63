import { planMigration } from "../../../evolution/migration/plan-migration";
import { loadConfig, parseDefinition } from "../../../model/load-config";
import { configFolder, type Files, VALID } from "../../support/config-folder";
import { problemsOf } from "../../support/config-problems";

/** Tables with the primary key `id`, each with foreign keys to the tables named. */
function tables(references: Readonly<Record<string, readonly string[]>>): Files {
  return Object.fromEntries(
    Object.entries(references).map(([tableId, targets]) => [
      `metadata/schemas/${tableId}.json`,
      {
        schema: { fields: ["id", ...targets].map((name) => ({ name, type: "STRING" })) },
        tableConstraints: {
          primaryKey: { columns: ["id"] },
          ...(targets.length === 0 ? {} : { foreignKeys: targets.map((target) => foreignKey(target)) }),
        },
      },
    ]),
  );
}

function foreignKey(tableId: string, referencingColumn = tableId, referencedColumn = "id"): object {
  return { referencedTable: { tableId }, columnReferences: [{ referencingColumn, referencedColumn }] };
}

function withKeys(fields: readonly object[], tableConstraints: object): Files {
  return { "metadata/schemas/a.json": { schema: { fields }, tableConstraints } };
}

const migrated = (id: string, runType: string, note: string) =>
  parseDefinition(
    "a",
    "a.json",
    JSON.stringify({
      schema: {
        fields: [
          { name: id, type: "INTEGER" },
          { name: "run", type: runType },
          { name: note, type: "STRING" },
        ],
      },
      tableConstraints: { primaryKey: { columns: [id] }, foreignKeys: [foreignKey("runs", "run", "run_id")] },
    }),
  );

describe("keys", () => {
  test.each<[string, Files, string]>([
    ["its own table", tables({ a: ["a"] }), "A foreign key cannot refer to its own table"],
    ["one that refers back", tables({ a: ["b"], b: ["a"] }), "The foreign keys lead from b back to a"],
    ["a circle of three", tables({ a: ["b"], b: ["c"], c: ["a"] }), "The foreign keys lead from b back to a"],
  ])("never lead to %s", (_, files, message) => {
    expect(problemsOf(files)).toContain(message);
  });

  test("may lead to one table on two ways, and towards a circle that others make", () => {
    const diamond = tables({ a: ["b", "c"], b: ["d"], c: ["d"], d: [] });
    expect(loadConfig(configFolder({ ...VALID, ...diamond })).definitions).toHaveLength(5);
    expect(problemsOf(tables({ a: ["b"], b: ["c"], c: ["b"] }))).not.toContain("a.json");
  });

  test.each(["FLOAT", "BYTES", "JSON", "TIME", "GEOGRAPHY", "INTERVAL"])("hold no %s", (type) => {
    expect(problemsOf(withKeys([{ name: "id", type }], { primaryKey: { columns: ["id"] } }))).toContain(
      `id is ${type}, which no key can hold`,
    );
  });

  const names = Array.from({ length: 65 }, (_, index) => `c${index}`);
  const toRuns = foreignKey("runs", "c1", "run_id");

  test.each<[string, object, string]>([
    ["17 columns", { primaryKey: { columns: names.slice(0, 17) } }, "at most 16 entries"],
    ["a column twice", { primaryKey: { columns: ["c1", "c1"] } }, "The column is listed twice"],
    ["no column", { primaryKey: { columns: [] } }, "at least 1 entries"],
    ["65 foreign keys", { foreignKeys: names.map((name) => foreignKey("runs", name, "run_id")) }, "at most 64 entries"],
    ["a name twice", { foreignKeys: ["Fk", "fk"].map((name) => ({ name, ...toRuns })) }, "The name is listed twice"],
    ["a name that is none", { foreignKeys: [{ name: "a`b", ...toRuns }] }, "at most 300 letters, digits and _"],
  ])("do not have %s", (_, constraints, message) => {
    expect(
      problemsOf(
        withKeys(
          names.map((name) => ({ name, type: "STRING" })),
          constraints,
        ),
      ),
    ).toContain(message);
  });

  test("keep their columns in a migration: no rename, no other type, no drop", () => {
    const [old, now] = [migrated("id", "INTEGER", "note"), migrated("key", "NUMERIC", "remark")];
    expect(() => planMigration(old, now, { renames: [{ from: "id", to: "key" }] })).toThrow(
      "a: cannot rename id to key: BigQuery renames no column that the table is partitioned or clustered by, or that a key names.",
    );
    const { steps, left } = planMigration(old, now, {
      renames: [{ from: "note", to: "remark" }],
      dropColumns: true,
    });
    expect(steps.map(({ title }) => title)).toEqual(["rename note to remark", "add key"]);
    expect(left.map(({ path }) => path)).toEqual(expect.arrayContaining(["schema.fields.id", "schema.fields.run"]));
  });
});
