import { z } from "zod";
import { EnvironmentName, SchemaReference } from "./primitives";
import { DisplayName, Overrides, type TenantOverrides } from "./tenant";

/**
 * How far a tenant has left an environment.
 *
 * - `forget`: Terraform forgets the tenant's resources; dataset, tables and grants stay as they are.
 * - `unprotect`: first step of a deletion; the tables are still there, but Terraform may delete them.
 * - `delete`: second step; grants, tables and dataset are destroyed with their rows.
 */
export type OffboardingStep = "forget" | "unprotect" | "delete";

export const OFFBOARDING_STEPS = ["forget", "unprotect", "delete"] as const satisfies readonly OffboardingStep[];

/** Body of `offboarding/<tenantId>.json`, written by `tenant-metadata tenant offboard`. */
export const OffboardingFile = z.strictObject({
  $schema: SchemaReference.exactOptional(),
  displayName: DisplayName,
  environments: z
    .record(
      EnvironmentName,
      z.strictObject({
        step: z
          .enum(OFFBOARDING_STEPS)
          .describe(
            "forget: Terraform lets go and the data stays. unprotect: deletion is allowed, nothing deleted yet. delete: the data is destroyed.",
          ),
        overrides: Overrides.default({}).describe(
          "What the tenant set in this environment; its addresses follow from it.",
        ),
      }),
    )
    .describe("The environments the tenant has left or is leaving."),
});

/** A tenant that has left, or is leaving, the environments it names here. */
export interface Offboarding {
  /** Id, e.g. `acme_retail`; the name of the file. */
  readonly tenantId: string;
  /** Name for people, e.g. `Acme Retail`. */
  readonly displayName: string;
  /** How far the tenant has left each environment, and what it set there: its names and addresses follow from that. */
  readonly environments: Readonly<
    Record<string, { readonly step: OffboardingStep; readonly overrides: TenantOverrides }>
  >;
}
