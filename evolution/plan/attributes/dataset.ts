import type { BlockAttributes } from "./attribute-class";
import { ACCESS_ENTRY, DELETION_POLICY } from "./shared";

/** `google_bigquery_dataset`. From `google/services/bigquery/resource_bigquery_dataset.go`, v6.50.0 and v7.45.0. */
export const DATASET_ATTRIBUTES: BlockAttributes = {
  access: ACCESS_ENTRY,
  creation_time: "harmless",
  dataset_id: "placement",
  default_collation: "data",
  default_encryption_configuration: { kms_key_name: "protection" },
  default_partition_expiration_ms: "retention",
  default_table_expiration_ms: "retention",
  delete_contents_on_destroy: "protection",
  // From 7.33.
  deletion_policy: DELETION_POLICY,
  description: "harmless",
  effective_labels: "harmless",
  etag: "harmless",
  external_catalog_dataset_options: { default_storage_location_uri: "data", parameters: "data" },
  external_dataset_reference: { connection: "data", external_source: "data" },
  friendly_name: "harmless",
  id: "harmless",
  is_case_insensitive: "data",
  labels: "harmless",
  last_modified_time: "harmless",
  location: "placement",
  max_time_travel_hours: "retention",
  project: "placement",
  // IAM conditions go by tags.
  resource_tags: "access",
  self_link: "harmless",
  // A matter of costs alone.
  storage_billing_model: "harmless",
  terraform_labels: "harmless",
  timeouts: { create: "harmless", update: "harmless", delete: "harmless" },
};
