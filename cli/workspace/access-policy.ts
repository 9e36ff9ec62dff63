import { existsSync } from "node:fs";
import { type AccessPolicy, KEYS_BY_NAME } from "../../evolution/access/policy";
import { loadConfig, type MetadataConfig } from "../../model/load-config";
import { samePrincipal } from "../../model/principal";

/**
 * Who should have access, from a configuration folder; where there is none, what names tell.
 *
 * @throws ConfigError when the folder's files are not valid: a plan is not judged by half a policy.
 */
export function readAccessPolicy(configDir: string): AccessPolicy {
  return existsSync(configDir) ? accessPolicyOf(loadConfig(configDir)) : KEYS_BY_NAME;
}

/** The policy that a configuration states: key tables by their definition, key admins and domains by the environment. */
export function accessPolicyOf({ definitions, environments }: MetadataConfig): AccessPolicy {
  const byName = new Map(environments.map((environment) => [environment.name, environment]));
  const known = new Map(definitions.map(({ tableId, access }) => [tableId, access]));
  return {
    // What no definition speaks of, such as a table that leaves, is judged by its name.
    isKeyTable: (tableId) => known.get(tableId) === "keyAdmins" || KEYS_BY_NAME.isKeyTable(tableId),
    isKeyAdmin: ({ member, environment = "" }) =>
      (byName.get(environment)?.keyAdmins ?? []).some((admin) => samePrincipal(admin, member)),
    memberDomains: (environment = "") => byName.get(environment)?.memberDomains,
  };
}
