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
  MemberDomain,
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
  readers: IamMembers.default([]).describe("May read all tables except those whose access is keyAdmins."),
  writers: IamMembers.default([]).describe("May write all tables except those whose access is keyAdmins."),
  keyAdmins: IamMembers.default([]).describe(
    "May read and write the tables whose access is keyAdmins; no one else may.",
  ),
  memberDomains: z
    .array(MemberDomain)
    .min(1)
    .max(100)
    .exactOptional()
    .describe("Domains whose members may be given access without an allowance. Absent: any."),
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

/** Where Terraform keeps an environment's state: beside `cdktf.out/`, or in a Cloud Storage bucket. */
export type StateBackend =
  | { readonly type: "local" }
  | { readonly type: "gcs"; readonly bucket: string; readonly prefix?: string };

/** An environment: one project, location and set of defaults for its tenants. Every key is explained in docs/configuration.md. */
export interface Environment {
  /** Name, e.g. `dev`; the name of the file. */
  readonly name: string;
  /** Google Cloud project that holds the datasets, e.g. `example-dev`. */
  readonly projectId: string;
  /** BigQuery location of the datasets, e.g. `EU`; a tenant may have another. */
  readonly location: string;
  /** Dataset id of a tenant, with `{tenantId}` and, optionally, `{environment}`, e.g. `{tenantId}_metadata`. */
  readonly datasetIdTemplate: string;
  /** Where Terraform keeps the state. */
  readonly backend: StateBackend;
  /** Stacks that the tenants are spread over, 1 to 1000. */
  readonly shards: number;
  /** Whether Terraform refuses to delete or replace a table. It drops columns all the same. */
  readonly deletionProtection: boolean;
  /** Days after which BigQuery deletes a partition, 1 to 36500. Absent: partitions are kept. */
  readonly partitionExpirationDays?: number;
  /** Cloud KMS key that encrypts datasets and tables. Absent: Google's own key. */
  readonly kmsKeyName?: string;
  /** Labels of datasets and tables, e.g. `{ cost_center: "data" }`, without the ones this package sets. */
  readonly labels: Readonly<Record<string, string>>;
  /** IAM members that may read all tables except those for key admins alone, e.g. `group:data-readers@example.com`. */
  readonly readers: readonly string[];
  /** IAM members that may write all tables except those for key admins alone. */
  readonly writers: readonly string[];
  /** IAM members that may read and write tables whose definition says `access: "keyAdmins"`; no one else may. */
  readonly keyAdmins: readonly string[];
  /** Domains whose members may be given access without an allowance, e.g. `example.com`. Absent: any. */
  readonly memberDomains?: readonly string[];
  /** Whether the definitions' keys are sent to BigQuery, which does not enforce them but trusts them when it optimizes. */
  readonly declareConstraints: boolean;
  /** Generation of a table by its id, from 1; a table that is not named has 1. Raising it replaces the table: its rows are lost. */
  readonly recreate: Readonly<Record<string, number>>;
  /** URL of a BigQuery emulator, e.g. `http://127.0.0.1:9050`. Absent: the real service. */
  readonly endpoint?: string;
}
