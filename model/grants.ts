import { grantLogicalId } from "./names";
import { canonicalPrincipal } from "./principal";
import type { ResolvedTenant } from "./resolve";

/** The table that only key admins touch. */
const API_KEYS = "api_keys";

/** What a grant is for; part of its name in Terraform. */
export type Access = "reader" | "writer" | "key_admin";

/** Who gets which access to one table. */
export interface TableGrant {
  /** Terraform's name of the grant. */
  readonly logicalId: string;
  readonly access: Access;
  readonly member: string;
}

/**
 * Who may touch one of a tenant's tables: readers and writers every table except `api_keys`, and that one only key admins.
 *
 * A principal that a list names in two spellings has one grant, whose name follows from neither.
 */
export function tableGrants(tenant: ResolvedTenant, tableId: string): readonly TableGrant[] {
  const members: Partial<Record<Access, readonly string[]>> =
    tableId === API_KEYS ? { key_admin: tenant.keyAdmins } : { reader: tenant.readers, writer: tenant.writers };
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
