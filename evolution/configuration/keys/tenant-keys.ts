import type { z } from "zod";
import type { DeployedFile } from "../../../model/formats/deployed";
import type { OffboardingFile } from "../../../model/formats/offboarding";
import type { Overrides, TenantFile } from "../../../model/formats/tenant";
import type { AllowanceFile } from "../../allowances/allowance-format";
import { ENCRYPTION, EXPIRATION, GRANTED, KEY_GRANTED } from "./environment-keys";
import { always, type KeyCatalogue, never, required, SCHEMA_KEY } from "./key-effects";

/** `tenants/<tenantId>.json` */
export const TENANT_KEYS: KeyCatalogue<z.input<typeof TenantFile>> = {
  $schema: SCHEMA_KEY,
  displayName: required("description-changed"),
  environments: {
    added: ["dataset-added"],
    changed: { nothing: "its overrides say what changes" },
    removed: ["dataset-deleted", "resource-forgotten", "protection-lowered"],
  },
};

/** What a tenant sets for itself in an environment. */
export const OVERRIDE_KEYS: KeyCatalogue<z.input<typeof Overrides>> = {
  location: always("dataset-moved"),
  labels: always("labels-changed"),
  readers: always(...GRANTED),
  writers: always(...GRANTED),
  keyAdmins: always(...KEY_GRANTED),
  partitionExpirationDays: always(...EXPIRATION),
  kmsKeyName: always(...ENCRYPTION),
  shard: always("tenant-moved"),
};

/** `offboarding/<tenantId>.json` */
export const OFFBOARDING_KEYS: KeyCatalogue<z.input<typeof OffboardingFile>> = {
  $schema: SCHEMA_KEY,
  displayName: required("description-changed"),
  environments: { inside: "a step and the overrides" },
};

/** A tenant's record in one environment it leaves. */
export const LEAVING_KEYS: KeyCatalogue<z.input<typeof OffboardingFile>["environments"][string]> = {
  step: {
    added: ["resource-forgotten", "protection-lowered"],
    changed: ["resource-forgotten", "protection-lowered", "dataset-deleted"],
    removed: { nothing: "a record that goes leaves nothing that Terraform knows; validate --base refuses any other" },
  },
  overrides: always("dataset-moved", "labels-changed", "tenant-moved", ...GRANTED, ...EXPIRATION, ...ENCRYPTION),
};

/** `deployed/<environment>.json` */
export const DEPLOYED_KEYS: KeyCatalogue<z.input<typeof DeployedFile>> = {
  $schema: SCHEMA_KEY,
  shards: required("deployed-record-changed"),
  recreate: always("deployed-record-changed"),
};

const GRANTED_BY_REVIEW = "it lets pass what it names, which the check says and a reviewer grants by merging it";

/** `allowances/<any name>.json` */
export const ALLOWANCE_KEYS: KeyCatalogue<z.input<typeof AllowanceFile>> = {
  $schema: SCHEMA_KEY,
  code: never(GRANTED_BY_REVIEW),
  environment: never(GRANTED_BY_REVIEW),
  tenant: never(GRANTED_BY_REVIEW),
  table: never(GRANTED_BY_REVIEW),
  reason: never("for the reviewer"),
  expires: never("at most 30 days ahead, which the loader checks"),
};
