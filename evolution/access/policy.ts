import type { Grant } from "./grant";

/** What a configuration says about who should have access. */
export interface AccessPolicy {
  /** Whether a table is one that only key admins may touch. */
  readonly isKeyTable: (tableId: string) => boolean;
  /** Whether an environment names a member as key admin of all its tenants, or a tenant as its own. */
  readonly isKeyAdmin: (grant: Grant) => boolean;
  /** Domains whose members need no allowance; `undefined`: not configured, so that none needs one for its domain. */
  readonly memberDomains: (environment: string | undefined) => readonly string[] | undefined;
  /** Whether an environment leaves its new tables without deletion protection. */
  readonly isUnprotected?: (environment: string | undefined) => boolean;
}

/** What holds when there is no configuration to ask: the table of keys by its name, its versions included. */
export const KEYS_BY_NAME: AccessPolicy = {
  isKeyTable: (tableId) => /^api_keys(?:_v\d+)?$/.test(tableId),
  isKeyAdmin: () => false,
  memberDomains: () => undefined,
};
