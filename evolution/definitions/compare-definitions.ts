import { compare } from "../../model/problems";
import type { ComparableTable } from "../../model/columns/comparable";
import { compareTable } from "./compare-table";
import { type Finding, finding } from "../catalogue/finding";

/** Compares two sets of table definitions, in order of table id. */
export function compareDefinitions(
  old: readonly ComparableTable[],
  now: readonly ComparableTable[],
): readonly Finding[] {
  const before = new Map(old.map((table) => [table.tableId, table]));
  const after = new Map(now.map((table) => [table.tableId, table]));
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort(compare);
  return ids.flatMap((id) => {
    const [was, is] = [before.get(id), after.get(id)];
    if (was !== undefined && is !== undefined) return compareTable(was, is);
    return is === undefined ? [tableDeleted(id)] : [tableAdded(id)];
  });
}

function tableAdded(table: string): Finding {
  return finding("table-added", {
    table,
    path: "",
    message: "Terraform creates the table for every tenant.",
    remedy: "Deploy it before the writers that use it.",
  });
}

function tableDeleted(table: string): Finding {
  return finding("table-deleted", {
    table,
    path: "",
    message:
      "Terraform destroys the table of every tenant with its rows. Where deletion protection is on, the provider refuses it at apply.",
    remedy: "Keep the definition. To let a table go and keep its rows, have Terraform forget it by a removed block.",
  });
}
