import * as fc from "fast-check";
import type { TableDefinition } from "../../../model/formats/table-definition";
import { inCreationOrder } from "../../../runtime/tables/creation-order";

function table(tableId: string, references: readonly string[]): TableDefinition {
  const foreignKeys = references.map((referenced) => ({
    referencedTable: { tableId: referenced },
    columnReferences: [{ referencingColumn: "other_id", referencedColumn: "id" }],
  }));
  return { tableId, schema: { fields: [] }, ...(foreignKeys.length > 0 ? { tableConstraints: { foreignKeys } } : {}) };
}

const ids = (groups: readonly (readonly TableDefinition[])[]) =>
  groups.map((group) => group.map(({ tableId }) => tableId));

test("a table comes after those that its foreign keys lead to; the others come at once", () => {
  const tables = [table("steps", ["runs"]), table("runs", ["tenants"]), table("keys", []), table("tenants", [])];
  expect(ids(inCreationOrder(tables))).toEqual([["keys", "tenants"], ["runs"], ["steps"]]);
});

test("every table comes exactly once, and after all that it needs, unless they need each other", () => {
  const graph = fc.array(fc.array(fc.nat({ max: 9 }), { maxLength: 3 }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(graph, fc.boolean(), (references, canLoop) => {
      const tables = references.map((targets, index) => {
        const others = targets.filter((target) => target < references.length && (canLoop || target < index));
        return table(
          `t${index}`,
          others.map((target) => `t${target}`),
        );
      });
      const order = ids(inCreationOrder(tables));
      expect(order.flat().sort()).toEqual(tables.map(({ tableId }) => tableId).sort());
      if (canLoop) return;
      const place = (tableId: string) => order.findIndex((group) => group.includes(tableId));
      for (const { tableId, tableConstraints } of tables) {
        for (const { referencedTable } of tableConstraints?.foreignKeys ?? []) {
          expect(place(referencedTable.tableId)).toBeLessThan(place(tableId));
        }
      }
    }),
  );
});
