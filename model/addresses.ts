import { type GrantedTable, tableGrants } from "./grants";
import { datasetAddress, grantAddress, tableAddress } from "./names";
import type { ResolvedTenant } from "./resolve";

/** State addresses of everything a tenant has in an environment: its dataset, its tables, the grants on them. */
export function tenantAddresses(tenant: ResolvedTenant, tables: readonly GrantedTable[]): readonly string[] {
  return [
    datasetAddress(tenant.tenantId),
    ...tables.map(({ tableId }) => tableAddress(tenant.tenantId, tableId)),
    ...tables.flatMap((table) => tableGrants(tenant, table).map(({ logicalId }) => grantAddress(logicalId))),
  ];
}
