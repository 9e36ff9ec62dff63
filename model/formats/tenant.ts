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

/** What a tenant sets differently in one environment; what is absent is the environment's. */
export interface TenantOverrides {
  /** BigQuery location of the dataset, e.g. `US`. */
  readonly location?: string;
  /** Added to the environment's labels; an equal key wins over it. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Instead of the environment's readers, as a whole. */
  readonly readers?: readonly string[];
  /** Instead of the environment's writers, as a whole. */
  readonly writers?: readonly string[];
  /** Instead of the environment's key admins, as a whole. */
  readonly keyAdmins?: readonly string[];
  /** Days after which BigQuery deletes a partition, 1 to 36500. */
  readonly partitionExpirationDays?: number;
  /** Cloud KMS key that encrypts dataset and tables. */
  readonly kmsKeyName?: string;
  /** Shard whose stack holds the tenant, from 0, instead of the one that follows from its id. */
  readonly shard?: number;
}

/** A tenant: it exists in exactly the environments it names. */
export interface Tenant {
  /** Id, e.g. `acme_retail`; the name of the file, and part of dataset ids and state addresses. */
  readonly tenantId: string;
  /** Name for people, e.g. `Acme Retail`. */
  readonly displayName: string;
  /** What the tenant sets differently, by environment; `{}` where it sets nothing. */
  readonly environments: Readonly<Record<string, TenantOverrides>>;
}
