import { COLUMN_KEYS, CONSTRAINT_KEYS, DEFINITION_KEYS, PARTITIONING_KEYS } from "./definition-keys";
import { ENVIRONMENT_KEYS } from "./environment-keys";
import type { Inside, KeyEffects } from "./key-effects";
import {
  ALLOWANCE_KEYS,
  DEPLOYED_KEYS,
  LEAVING_KEYS,
  OFFBOARDING_KEYS,
  OVERRIDE_KEYS,
  TENANT_KEYS,
} from "./tenant-keys";

/** Every key of every file under `configs/`, by the file, or the part of a file, that holds it. */
export const KEY_CATALOGUE = {
  "environments/<name>.json": ENVIRONMENT_KEYS,
  "tenants/<tenantId>.json": TENANT_KEYS,
  "tenants/<tenantId>.json environments.<name>": OVERRIDE_KEYS,
  "metadata/schemas/<tableId>.json": DEFINITION_KEYS,
  "metadata/schemas/<tableId>.json schema.fields[]": COLUMN_KEYS,
  "metadata/schemas/<tableId>.json timePartitioning": PARTITIONING_KEYS,
  "metadata/schemas/<tableId>.json tableConstraints": CONSTRAINT_KEYS,
  "offboarding/<tenantId>.json": OFFBOARDING_KEYS,
  "offboarding/<tenantId>.json environments.<name>": LEAVING_KEYS,
  "deployed/<environment>.json": DEPLOYED_KEYS,
  "allowances/<any name>.json": ALLOWANCE_KEYS,
} as const satisfies Readonly<Record<string, Readonly<Record<string, KeyEffects | Inside>>>>;
