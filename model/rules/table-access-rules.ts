import type { TableDefinition } from "../formats/table-definition";
import { API_KEYS_TABLE, splitVersion } from "../names";
import type { RuleFinding } from "./finding";

/**
 * A table that holds keys is for key admins alone, and so is every version of it.
 *
 * @param definitions - all definitions, by table id.
 */
export function* tableAccessRules(
  { tableId, access = "tenant" }: TableDefinition,
  definitions: ReadonlyMap<string, TableDefinition>,
): Generator<RuleFinding> {
  if (access === "keyAdmins") return;
  const { base } = splitVersion(tableId);
  const secret = [...definitions.values()].find(
    (other) => other.access === "keyAdmins" && splitVersion(other.tableId).base === base,
  );
  if (base !== API_KEYS_TABLE && secret === undefined) return;
  yield {
    path: ["access"],
    message:
      secret === undefined
        ? "The table holds hashes of API keys, and readers and writers would get access to it"
        : `${secret.tableId}, a version of the same table, is for key admins alone, and readers and writers would get access to its rows here`,
    received: access,
    allowed: "keyAdmins",
    remedy: 'Add `"access": "keyAdmins"`',
  };
}
