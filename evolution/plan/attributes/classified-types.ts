import {
  DATA_POLICY_ATTRIBUTES,
  DATA_POLICY_V2_ATTRIBUTES,
  DATASET_ACCESS_ATTRIBUTES,
  IAM_ATTRIBUTES,
  ROW_ACCESS_POLICY_ATTRIBUTES,
} from "./access";
import type { BlockAttributes } from "./attribute-class";
import { DATASET_ATTRIBUTES } from "./dataset";
import { TABLE_ATTRIBUTES } from "./table";

/** Terraform's own, which exists in the state alone. */
const TERRAFORM_DATA: BlockAttributes = {
  id: "harmless",
  input: "harmless",
  output: "harmless",
  triggers_replace: "harmless",
};

/** Every resource type that a plan may change without a finding for its type alone, with its attributes. */
export const CLASSIFIED_TYPES: ReadonlyMap<string, BlockAttributes> = new Map([
  ["google_bigquery_dataset", DATASET_ATTRIBUTES],
  ["google_bigquery_table", TABLE_ATTRIBUTES],
  ["google_bigquery_dataset_access", DATASET_ACCESS_ATTRIBUTES],
  ["google_bigquery_row_access_policy", ROW_ACCESS_POLICY_ATTRIBUTES],
  ["google_bigquery_datapolicy_data_policy", DATA_POLICY_ATTRIBUTES],
  ["google_bigquery_datapolicyv2_data_policy", DATA_POLICY_V2_ATTRIBUTES],
  ["terraform_data", TERRAFORM_DATA],
  ...Object.entries(IAM_ATTRIBUTES).flatMap(([name, forms]) =>
    Object.entries(forms).map(([form, attributes]): [string, BlockAttributes] => [`${name}_${form}`, attributes]),
  ),
]);
