import { z } from "zod";
import { DEFAULT_DATASET_ID_TEMPLATE } from "../names";
import {
  BucketName,
  DatasetIdTemplate,
  Endpoint,
  IamMembers,
  KmsKeyName,
  Labels,
  Location,
  PartitionExpirationDays,
  ProjectId,
  SchemaReference,
  StatePrefix,
  TableId,
} from "./primitives";

const Backend = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("local") }),
  z.strictObject({ type: z.literal("gcs"), bucket: BucketName, prefix: StatePrefix.exactOptional() }),
]);

/** Body of `environments/<name>.json`. */
export const EnvironmentFile = z.strictObject({
  $schema: SchemaReference.exactOptional(),
  projectId: ProjectId,
  location: Location,
  datasetIdTemplate: DatasetIdTemplate.default(DEFAULT_DATASET_ID_TEMPLATE),
  backend: Backend.describe("Where Terraform keeps its state."),
  shards: z.int().min(1).max(1000).default(1).describe("Stacks the environment's tenants are spread over."),
  deletionProtection: z
    .boolean()
    .default(true)
    .describe("Terraform refuses to delete or replace a table. Column drops are not covered by it."),
  partitionExpirationDays: PartitionExpirationDays.exactOptional(),
  kmsKeyName: KmsKeyName.exactOptional(),
  labels: Labels.default({}),
  readers: IamMembers.default([]).describe("May read all tables except api_keys."),
  writers: IamMembers.default([]).describe("May write all tables except api_keys."),
  keyAdmins: IamMembers.default([]).describe("May read and write api_keys; no one else may."),
  declareConstraints: z
    .boolean()
    .default(false)
    .describe("Send the definitions' keys to BigQuery, which does not enforce them but trusts them when it optimizes."),
  recreate: z
    .record(TableId, z.int().min(1))
    .default({})
    .describe("Generation of a table, from 1. Raising it replaces the table: its rows are lost."),
  endpoint: Endpoint.exactOptional(),
});

/** An environment: one project, location and set of defaults for its tenants. */
export interface Environment extends Readonly<Omit<z.infer<typeof EnvironmentFile>, "$schema">> {
  /** Name, e.g. `dev`; the name of the file. */
  readonly name: string;
}
