import type { z } from "zod";
import type { EnvironmentFile } from "../../../model/formats/environment";
import type { FindingCode } from "../../catalogue/codes";
import { always, type KeyCatalogue, required, SCHEMA_KEY } from "./key-effects";

export const GRANTED: readonly FindingCode[] = [
  "grant-added",
  "grant-widened",
  "grant-removed",
  "member-outside-domains",
  "access-opened-broadly",
];
export const KEY_GRANTED: readonly FindingCode[] = [...GRANTED, "key-admin-added"];
export const EXPIRATION: readonly FindingCode[] = [
  "dataset-retention-lowered",
  "dataset-retention-raised",
  "partition-expiration-shortened",
  "partition-expiration-extended",
  "partition-expiration-removed",
];
export const ENCRYPTION: readonly FindingCode[] = [
  "encryption-added-or-removed",
  "encryption-key-changed",
  "encryption-key-moved",
];

type Keys = z.input<typeof EnvironmentFile>;

/** `environments/<name>.json`; the file itself: `environment-added`, `environment-removed`. */
export const ENVIRONMENT_KEYS: KeyCatalogue<Keys> = {
  $schema: SCHEMA_KEY,
  projectId: required("dataset-moved"),
  location: required("dataset-moved"),
  datasetIdTemplate: always("dataset-moved"),
  backend: required("state-moved"),
  shards: always("tenant-moved"),
  deletionProtection: always("protection-lowered", "protection-raised"),
  partitionExpirationDays: always(...EXPIRATION),
  kmsKeyName: always(...ENCRYPTION),
  labels: always("labels-changed"),
  readers: always(...GRANTED),
  writers: always(...GRANTED),
  keyAdmins: always(...KEY_GRANTED),
  memberDomains: {
    added: { nothing: "access may be given to fewer without an allowance; who has it keeps it" },
    changed: ["member-domains-widened"],
    removed: ["member-domains-widened"],
  },
  declareConstraints: always("constraints-trusted", "primary-key-changed", "foreign-keys-changed"),
  recreate: always("table-generation-raised"),
  endpoint: always("endpoint-changed"),
};
