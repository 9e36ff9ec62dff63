import { existsSync } from "node:fs";
import { policyOf } from "../../evolution/configuration/compare-access";
import { type AccessPolicy, KEYS_BY_NAME } from "../../evolution/access/policy";
import { loadConfig } from "../../model/load-config";

/**
 * Who should have access, from a configuration folder; where there is none, what names tell.
 *
 * @throws ConfigError when the folder's files are not valid: a plan is not judged by half a policy.
 */
export function readAccessPolicy(configDir: string): AccessPolicy {
  return existsSync(configDir) ? policyOf(loadConfig(configDir)) : KEYS_BY_NAME;
}

/** What a check that {@link readAccessPolicy} had no configuration for has to say of itself; else nothing. */
export function policyNotes(configDir: string): readonly string[] {
  if (existsSync(configDir)) return [];
  return [
    `There is no configuration at ${configDir}: a table of keys is told by its name alone (api_keys and its versions), and any other table is taken for none. Name the folder in METADATA_CONFIG_DIR.`,
  ];
}
