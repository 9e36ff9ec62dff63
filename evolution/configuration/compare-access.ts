import { splitVersion } from "../../model/names";
import type { TableDefinition } from "../../model/formats/table-definition";
import { type Access, ROLES, tableGrants } from "../../model/grants";
import type { MetadataConfig } from "../../model/load-config";
import { samePrincipal } from "../../model/principal";
import type { ResolvedTenant } from "../../model/resolve";
import { compareGrants, type Grant, type GrantChange } from "../access/grant";
import { judgeGrant } from "../access/judge-grant";
import { type AccessPolicy, KEYS_BY_NAME } from "../access/policy";
import { grantInWords } from "../access/words";
import { type Finding, finding } from "../catalogue/finding";
import { deployments } from "./deployments";

interface ConfiguredGrant extends Grant {
  /** The setting that gives it. */
  readonly list: "readers" | "writers" | "keyAdmins";
}

const LISTS: Readonly<Record<Access, ConfiguredGrant["list"]>> = {
  reader: "readers",
  writer: "writers",
  key_admin: "keyAdmins",
};

/** Every permission that a change of the configuration gives or takes; a tenant that goes or is forgotten has findings of its own. */
export function compareAccess(old: MetadataConfig, now: MetadataConfig): readonly GrantChange[] {
  const before = deployments(old, "tenants");
  const known = new Set(old.definitions.map(({ tableId }) => tableId));
  return [...deployments(now, "tenants")].flatMap(([name, { tenant }]) => {
    const was = before.get(name)?.tenant;
    const environment = now.environments.find((candidate) => candidate.name === tenant.environment);
    const isNewTable = ({ table, member }: Grant): boolean =>
      !known.has(table) ||
      // A new tenant's own key admin was never announced, the environment's were.
      (was === undefined && environment?.keyAdmins.some((admin) => samePrincipal(admin, member)) === true);
    const grants = grantsOf(tenant, now.definitions);
    return compareGrants(was === undefined ? [] : grantsOf(was, old.definitions), grants, isNewTable);
  });
}

/** A finding about one tenant. */
export type TenantFinding = Finding & { readonly environment: string; readonly tenant: string };

/** The findings of changed permissions, in words, each with the tenant it is about. */
export function* judgeAccess(changes: readonly GrantChange[], now: MetadataConfig): Generator<TenantFinding> {
  const policy = policyOf(now);
  for (const change of changes) {
    const { grant } = change;
    for (const code of judgeGrant(change, policy)) {
      const place = { table: grant.table, path: `${(grant as ConfiguredGrant).list}.${grant.member}` };
      const found =
        code === "access-opened-to-everyone"
          ? finding(code, place, grant)
          : finding(code, place, { words: grantInWords(grant) });
      yield { ...found, environment: grant.environment ?? "", tenant: grant.tenant ?? "" };
    }
  }
}

function grantsOf(tenant: ResolvedTenant, definitions: readonly TableDefinition[]): readonly ConfiguredGrant[] {
  return definitions.flatMap((table) =>
    tableGrants(tenant, table).map(({ access, member }) => ({
      member,
      role: ROLES[access],
      reach: "table",
      table: table.tableId,
      tenant: tenant.tenantId,
      environment: tenant.environment,
      list: LISTS[access],
    })),
  );
}

/** Who should have access: key tables by their definition, key admins as each tenant has them, domains by the environment. */
export function policyOf(config: MetadataConfig): AccessPolicy {
  const access = new Map(config.definitions.map((definition) => [definition.tableId, definition.access]));
  const tenants = deployments(config, "tenants");
  const environments = new Map(config.environments.map((environment) => [environment.name, environment]));
  return {
    // What no definition speaks of, such as a table that leaves, is judged by its name, and a version by what it is one of.
    isKeyTable: (tableId) =>
      (access.get(tableId) ?? access.get(splitVersion(tableId).base)) === "keyAdmins" ||
      KEYS_BY_NAME.isKeyTable(tableId),
    isKeyAdmin: ({ member, environment = "", tenant = "" }) =>
      (tenants.get(`${environment}/${tenant}`)?.tenant ?? environments.get(environment))?.keyAdmins.some((admin) =>
        samePrincipal(admin, member),
      ) === true,
    memberDomains: (environment = "") => environments.get(environment)?.memberDomains,
    isUnprotected: (environment = "") => environments.get(environment)?.deletionProtection === false,
  };
}
