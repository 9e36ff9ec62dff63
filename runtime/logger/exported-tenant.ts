import { z } from "zod";
import { defined } from "../../model/defined";
import {
  Endpoint,
  EnvironmentName,
  KmsKeyName,
  Labels,
  Location,
  ProjectId,
  TableId,
  TenantId,
} from "../../model/formats/primitives";
import type { Environment } from "../../model/formats/environment";
import type { TableDefinition } from "../../model/formats/table-definition";
import { DisplayName, type Tenant } from "../../model/formats/tenant";
import { parseDefinition } from "../../model/load-config";
import { resolveTenant } from "../../model/resolve";
import type { ContextParts } from "./context";

/** One tenant of one environment, with its tables: all that the runtime reads of a configuration, and no member's name. */
export const ExportedTenant = z.strictObject({
  tenant: z.strictObject({
    tenantId: TenantId,
    displayName: DisplayName,
    environment: EnvironmentName,
    projectId: ProjectId,
    datasetId: z.string().regex(/^\w{1,1024}$/),
    location: Location,
    labels: Labels,
    partitionExpirationMs: z.int().min(1).exactOptional(),
    kmsKeyName: KmsKeyName.exactOptional(),
    deletionProtection: z.boolean(),
    declareConstraints: z.boolean(),
  }),
  /** The environment's state lies in a bucket: an emulator may not take its rows. */
  isShared: z.boolean(),
  endpoint: Endpoint.exactOptional(),
  definitions: z.record(TableId, z.looseObject({})),
});
export type ExportedTenant = z.infer<typeof ExportedTenant>;

export function exportTenant(
  environment: Environment,
  tenant: Tenant,
  definitions: readonly TableDefinition[],
): ExportedTenant {
  const { readers: _, writers: __, keyAdmins: ___, shard: ____, ...resolved } = resolveTenant(environment, tenant);
  return {
    tenant: resolved,
    isShared: environment.backend.type !== "local",
    ...defined({ endpoint: environment.endpoint }),
    definitions: Object.fromEntries(definitions.map(({ tableId, ...body }) => [tableId, body])),
  };
}

/**
 * What {@link exportTenant} was given, as far as the runtime reads it.
 *
 * @param file - where it was read, for messages.
 * @throws {@link ConfigError} for a definition that cannot be used.
 */
export function importTenant(
  { tenant, isShared, endpoint, definitions }: ExportedTenant,
  file: string,
): Omit<ContextParts, "environmentVariables"> {
  return {
    environment: tenant.environment,
    // Who has access, and in which stack, is for Terraform alone.
    tenants: [{ ...tenant, readers: [], writers: [], keyAdmins: [], shard: 0 }],
    definitions: Object.entries(definitions).map(([tableId, body]) =>
      parseDefinition(tableId, `${file}#definitions.${tableId}`, JSON.stringify(body, null, 2)),
    ),
    projectId: tenant.projectId,
    endpoint,
    isShared,
  };
}
