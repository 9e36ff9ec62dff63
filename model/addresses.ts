import { tableGrants } from "./grants";
import { datasetAddress, grantAddress, tableAddress } from "./names";
import type { ResolvedTenant } from "./resolve";

/** State addresses of everything a tenant has in an environment: its dataset, its tables, the grants on them. */
export function tenantAddresses(tenant: ResolvedTenant, tableIds: readonly string[]): readonly string[] {
  return [
    datasetAddress(tenant.tenantId),
    ...tableIds.map((tableId) => tableAddress(tenant.tenantId, tableId)),
    ...tableIds.flatMap((tableId) => tableGrants(tenant, tableId).map(({ logicalId }) => grantAddress(logicalId))),
  ];
}
