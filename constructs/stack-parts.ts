import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GcsBackend, LocalBackend, TerraformOutput, type TerraformStack } from "cdktf";
import { tenantAddresses } from "../model/addresses";
import { UsageError } from "../model/errors";
import type { Environment } from "../model/formats/environment";
import { BucketName, StatePrefix } from "../model/formats/primitives";
import type { TableDefinition } from "../model/formats/table-definition";
import { LOOPBACK_ALLOWED, loopbackUrl, withoutCredentials } from "../model/loopback";
import { fullTableName } from "../model/names";
import { show } from "../model/problems";
import type { ResolvedTenant, StackAssignment } from "../model/resolve";
import { ForgottenResources } from "./forgotten-resources";
import { literal } from "./terraform-strings";

/*
 * What a stack holds in addition to its tenants. Both kinds of stack use these: TenantMetadataStack, which keeps its
 * tenants' constructs, and the one that `synthesizeStacks` writes and discards.
 */

/** Id of a tenant's construct. No tenant id holds a dash, so it never meets the id of another part of the stack. */
export function tenantConstructId({ tenantId }: ResolvedTenant): string {
  return `tenant-${tenantId}`;
}

/** @throws {@link UsageError} for an endpoint that is not on this machine, or whose environment shares its state. */
export function addProvider(stack: TerraformStack, { name, projectId, endpoint, backend }: Environment): void {
  const emulator = endpoint === undefined ? undefined : loopbackUrl(endpoint)?.origin;
  if (endpoint !== undefined && (emulator === undefined || backend.type !== "local")) {
    throw new UsageError(
      `The endpoint ${JSON.stringify(withoutCredentials(endpoint))} of environment ${name} is not one of an emulator. ` +
        `Allowed: ${LOOPBACK_ALLOWED}, and only with a local backend.`,
    );
  }
  new GoogleProvider(stack, "google", {
    project: literal(projectId),
    // With the label, a table made by Terraform would differ from one made by the runtime.
    addTerraformAttributionLabel: false,
    // An emulator asks for no credentials, but the provider insists on some.
    ...(emulator && { bigQueryCustomEndpoint: `${emulator}/bigquery/v2/`, accessToken: "emulator" }),
  });
}

/** @throws {@link UsageError} for a bucket or prefix that is none: Terraform evaluates nothing here, so nothing can be escaped. */
export function addBackend(stack: TerraformStack, { backend }: Environment): void {
  const name = stack.node.id;
  if (backend.type === "gcs") {
    requireShape(BucketName, backend.bucket, "bucket");
    if (backend.prefix !== undefined) requireShape(StatePrefix, backend.prefix, "prefix");
    new GcsBackend(stack, { bucket: backend.bucket, prefix: [backend.prefix, name].filter(Boolean).join("/") });
  } else {
    // Relative to the stack's folder, so that output does not depend on the machine: the state is next to `cdktf.out/`.
    new LocalBackend(stack, { path: `../../../terraform.${name}.tfstate` });
  }
}

function requireShape(shape: typeof BucketName, text: string, what: string): void {
  if (!shape.safeParse(text).success) throw new UsageError(`The backend's ${what} is not well-formed: ${show(text)}.`);
}

/** Has Terraform drop from its state, without destroying anything, what belongs to the stack's `forgotten` tenants. */
export function addForgotten(
  stack: TerraformStack,
  { forgotten = [] }: StackAssignment,
  definitions: readonly TableDefinition[],
): void {
  if (forgotten.length === 0) return;
  const addresses = forgotten.flatMap((tenant) => tenantAddresses(tenant, definitions));
  new ForgottenResources(stack, "forgotten-resources", addresses);
}

/** Adds the output `tenants`: each tenant's dataset id and full table names. */
export function addOutput(
  stack: TerraformStack,
  { tenants }: StackAssignment,
  definitions: readonly TableDefinition[],
): void {
  new TerraformOutput(stack, "tenants", {
    description: "Dataset id and full table names of each tenant.",
    value: literal(
      Object.fromEntries(
        tenants.map(({ tenantId, projectId, datasetId }) => [
          tenantId,
          {
            dataset_id: datasetId,
            tables: Object.fromEntries(
              definitions.map(({ tableId }) => [tableId, fullTableName(projectId, datasetId, tableId)]),
            ),
          },
        ]),
      ),
    ),
  });
}
