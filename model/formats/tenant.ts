import { z } from "zod";
import {
  EnvironmentName,
  IamMembers,
  KmsKeyName,
  Labels,
  Location,
  PartitionExpirationDays,
  SchemaReference,
  Shard,
} from "./primitives";

export const DisplayName = z.string().min(1).max(100).describe("Name for people, e.g. Acme Retail.");

export const Overrides = z
  .strictObject({
    location: Location.exactOptional(),
    labels: Labels.exactOptional().describe("Added to the environment's labels; an equal key wins over it."),
    readers: IamMembers.exactOptional().describe("Instead of the environment's readers."),
    writers: IamMembers.exactOptional().describe("Instead of the environment's writers."),
    keyAdmins: IamMembers.exactOptional().describe("Instead of the environment's key admins."),
    partitionExpirationDays: PartitionExpirationDays.exactOptional(),
    kmsKeyName: KmsKeyName.exactOptional(),
    shard: Shard.exactOptional(),
  })
  .meta({ id: "Overrides" });

/** Body of `tenants/<tenantId>.json`. */
export const TenantFile = z.strictObject({
  $schema: SchemaReference.exactOptional(),
  displayName: DisplayName,
  environments: z
    .record(EnvironmentName, Overrides)
    .describe("The environments the tenant exists in, each with what differs there; {} when nothing does."),
});

/** What a tenant sets differently in one environment. */
export type TenantOverrides = Readonly<z.infer<typeof Overrides>>;

/** A tenant: it exists in exactly the environments it names. */
export interface Tenant {
  readonly tenantId: string;
  readonly displayName: string;
  readonly environments: Readonly<Record<string, TenantOverrides>>;
}
