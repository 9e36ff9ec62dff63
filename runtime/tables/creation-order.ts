import type { TableDefinition } from "../../model/formats/table-definition";

/** Tables in groups: the foreign keys of a group lead to tables of the groups before it, which must exist first. */
export function inCreationOrder(definitions: readonly TableDefinition[]): readonly (readonly TableDefinition[])[] {
  const groups: TableDefinition[][] = [];
  let rest = definitions;
  while (rest.length > 0) {
    const waiting = new Set(rest.map(({ tableId }) => tableId));
    const ready = rest.filter((definition) => !referencedTables(definition).some((tableId) => waiting.has(tableId)));
    // Tables that lead to each other are no legal configuration; BigQuery says so better than an endless loop.
    const group = ready.length === 0 ? rest : ready;
    groups.push([...group]);
    rest = rest.filter((definition) => !group.includes(definition));
  }
  return groups;
}

function referencedTables({ tableId, tableConstraints }: TableDefinition): readonly string[] {
  const referenced = (tableConstraints?.foreignKeys ?? []).map((key) => key.referencedTable.tableId);
  return referenced.filter((id) => id !== tableId);
}
