import type { BlockAttributes } from "./attribute-class";
import { ACCESS_ENTRY, DELETION_POLICY, iamAttributes } from "./shared";

/** `google_bigquery_dataset_access`. From `resource_bigquery_dataset_access.go`, v6.50.0 and v7.45.0. */
export const DATASET_ACCESS_ATTRIBUTES: BlockAttributes = {
  ...ACCESS_ENTRY,
  api_updated_member: "harmless",
  dataset_id: "placement",
  deletion_policy: DELETION_POLICY,
  id: "harmless",
  project: "placement",
  timeouts: { create: "harmless", delete: "harmless" },
};

/** `google_bigquery_row_access_policy`. From `resource_bigquery_row_access_policy.go`, v6.50.0 and v7.45.0. */
export const ROW_ACCESS_POLICY_ATTRIBUTES: BlockAttributes = {
  creation_time: "harmless",
  dataset_id: "placement",
  deletion_policy: DELETION_POLICY,
  filter_predicate: "access",
  grantees: "access",
  id: "harmless",
  last_modified_time: "harmless",
  policy_id: "placement",
  project: "placement",
  table_id: "placement",
  timeouts: { create: "harmless", update: "harmless", delete: "harmless" },
};

const MASKING: BlockAttributes = { predefined_expression: "access", routine: "access" };

/** `google_bigquery_datapolicy_data_policy`. From `resource_bigquery_datapolicy_data_policy.go`, v6.50.0 and v7.45.0. */
export const DATA_POLICY_ATTRIBUTES: BlockAttributes = {
  data_masking_policy: MASKING,
  data_policy_id: "placement",
  data_policy_type: "access",
  deletion_policy: DELETION_POLICY,
  id: "harmless",
  location: "placement",
  name: "harmless",
  policy_tag: "access",
  project: "placement",
  timeouts: { create: "harmless", update: "harmless", delete: "harmless" },
};

/** `google_bigquery_datapolicyv2_data_policy`, which 6.50 lacks. From `resource_bigquery_datapolicyv2_data_policy.go`, v7.45.0. */
export const DATA_POLICY_V2_ATTRIBUTES: BlockAttributes = {
  data_governance_tag: { key: "access", value: "access" },
  data_masking_policy: MASKING,
  data_policy_id: "placement",
  data_policy_type: "access",
  deletion_policy: DELETION_POLICY,
  etag: "harmless",
  grantees: "access",
  id: "harmless",
  location: "placement",
  name: "harmless",
  policy_tag: "harmless",
  project: "placement",
  timeouts: { create: "harmless", update: "harmless", delete: "harmless" },
  version: "harmless",
};

const IN_DATASET: BlockAttributes = { dataset_id: "placement", project: "placement" };
const IN_LOCATION: BlockAttributes = { data_policy_id: "placement", location: "placement", project: "placement" };

/** From the `iam_bigquery_*.go` files and `tpgiamresource`, v6.50.0 and v7.45.0; routines and datapolicyv2 are new in 7.x. */
export const IAM_ATTRIBUTES = {
  google_bigquery_table_iam: iamAttributes({ ...IN_DATASET, table_id: "placement" }),
  google_bigquery_dataset_iam: iamAttributes(IN_DATASET),
  google_bigquery_routine_iam: iamAttributes({ ...IN_DATASET, routine_id: "placement" }),
  google_bigquery_datapolicy_data_policy_iam: iamAttributes(IN_LOCATION),
  google_bigquery_datapolicyv2_data_policy_iam: iamAttributes(IN_LOCATION),
};
