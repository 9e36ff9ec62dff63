import { grantLogicalId } from "./names";
import { canonicalPrincipal } from "./principal";
import type { TableDefinition } from "./formats/table-definition";
import type { ResolvedTenant } from "./resolve";

/** What decides over access to a table. */
export type GrantedTable = Pick<TableDefinition, "tableId" | "access">;

/** What a grant is for; part of its name in Terraform. */
export type Access = "reader" | "writer" | "key_admin";

/** The role of each access. @see https://cloud.google.com/bigquery/docs/access-control */
export const ROLES: Readonly<Record<Access, string>> = {
  reader: "roles/bigquery.dataViewer",
  writer: "roles/bigquery.dataEditor",
  key_admin: "roles/bigquery.dataEditor",
};

/** Who gets which access to one table. */
export interface TableGrant {
  /** Terraform's name of the grant. */
  readonly logicalId: string;
  readonly access: Access;
  readonly member: string;
}

/**
 * Who may touch one of a tenant's tables: readers and writers, or key admins alone where the definition's `access` says so.
 *
 * A principal that a list names in two spellings has one grant, whose name follows from neither.
 */
export function tableGrants(tenant: ResolvedTenant, { tableId, access: who }: GrantedTable): readonly TableGrant[] {
  const members: Partial<Record<Access, readonly string[]>> =
    who === "keyAdmins" ? { key_admin: tenant.keyAdmins } : { reader: tenant.readers, writer: tenant.writers };
  return (Object.entries(members) as [Access, readonly string[]][]).flatMap(([access, list]) => {
    const named = new Set<string>();
    return list.flatMap((member) => {
      const principal = canonicalPrincipal(member);
      if (named.has(principal)) return [];
      named.add(principal);
      return [{ logicalId: grantLogicalId(tenant.tenantId, tableId, access, principal), access, member }];
    });
  });
}
