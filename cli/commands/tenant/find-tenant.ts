import { UsageError } from "../../../model/errors";
import type { MetadataConfig } from "../../../model/load-config";
import { pickOne } from "../../../model/problems";

/** Fails with a guess at what was meant. */
export function unknownTenant(tenantId: string, { tenants, offboarded }: MetadataConfig): UsageError {
  const ids = [...tenants, ...offboarded].map((tenant) => tenant.tenantId);
  return new UsageError(
    `There is no tenant ${JSON.stringify(tenantId)}. ${pickOne(tenantId, ids, "`tenant-metadata tenant list` names them all")}`,
  );
}
