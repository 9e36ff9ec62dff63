import { API_KEYS_TABLE, type DatasetName } from "../../model/names";
import { quoteTable } from "./quote";

/** Makes the key with the parameter `id` of the parameter `tenant` inactive. */
export function revokeKey(dataset: DatasetName): string {
  return `UPDATE ${quoteTable(dataset, API_KEYS_TABLE)} SET is_active = FALSE WHERE api_key_id = @id AND tenant_id = @tenant`;
}

/** Writes when keys were used: the parameter `uses` is a JSON array of `{id, micros}`. */
export function recordKeyUses(dataset: DatasetName): string {
  return `UPDATE ${quoteTable(dataset, API_KEYS_TABLE)} AS api_key
SET last_used_at = TIMESTAMP_MICROS(CAST(JSON_VALUE(used, '$.micros') AS INT64))
FROM UNNEST(JSON_QUERY_ARRAY(@uses)) AS used
WHERE api_key.api_key_id = JSON_VALUE(used, '$.id')`;
}

/** Id, hash and expiry of the active keys of the parameter `tenant`. */
export function findActiveKeys(dataset: DatasetName): string {
  return `SELECT api_key_id, api_key_hash, UNIX_MICROS(expires_at) AS expires_micros FROM ${quoteTable(dataset, API_KEYS_TABLE)}
WHERE tenant_id = @tenant AND is_active`;
}
