/** Attributes of a `google_bigquery_table` as a plan shows them. */
export function plannedTable(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    project: "example-dev",
    dataset_id: "acme_metadata",
    table_id: "step_logs",
    description: "Steps",
    deletion_protection: true,
    clustering: ["status"],
    encryption_configuration: [],
    expiration_time: 0,
    external_data_configuration: [],
    ignore_auto_generated_schema: false,
    labels: { environment: "dev", tenant: "acme" },
    materialized_view: [],
    range_partitioning: [],
    require_partition_filter: false,
    schema: columnsJson(),
    table_constraints: [],
    time_partitioning: [
      { type: "DAY", field: "start_time", expiration_ms: 2_592_000_000, require_partition_filter: null },
    ],
    view: [],
    ...change,
  };
}

/** The schema attribute, with columns left out or added. */
export function columnsJson({ without, plus }: { readonly without?: string; readonly plus?: object } = {}): string {
  const fields = [
    { name: "step_logging_id", type: "STRING", mode: "REQUIRED" },
    { name: "status", type: "STRING", mode: "REQUIRED" },
    { name: "start_time", type: "TIMESTAMP", mode: "REQUIRED" },
    { name: "error_message", type: "STRING", mode: "NULLABLE" },
  ];
  return JSON.stringify([...fields.filter(({ name }) => name !== without), ...(plus === undefined ? [] : [plus])]);
}

/** Attributes of a `google_bigquery_dataset` as a plan shows them. */
export function plannedDataset(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    project: "example-dev",
    dataset_id: "acme_metadata",
    location: "EU",
    delete_contents_on_destroy: false,
    default_partition_expiration_ms: null,
    default_table_expiration_ms: null,
    max_time_travel_hours: "168",
    labels: { environment: "dev", tenant: "acme" },
    access: [],
    ...change,
  };
}

/** One entry of `resource_changes`, in the form of `terraform show -json`. */
export function resourceChange(
  type: string,
  actions: readonly string[],
  before: unknown,
  after: unknown,
  { change = {}, ...more }: Readonly<Record<string, unknown>> & { readonly change?: object } = {},
): Record<string, unknown> {
  return {
    address: `${type}.acme__step_logs`,
    mode: "managed",
    type,
    name: "acme__step_logs",
    provider_name: "registry.terraform.io/hashicorp/google",
    ...more,
    change: {
      actions,
      before,
      after,
      after_unknown: {},
      before_sensitive: before === null ? false : {},
      after_sensitive: after === null ? false : {},
      ...change,
    },
  };
}

/** A whole plan of these changes, in the key order of Terraform 1.11. */
export function planOf(
  changes: readonly Record<string, unknown>[],
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    format_version: "1.2",
    terraform_version: "1.11.4",
    planned_values: { root_module: {} },
    resource_changes: changes,
    prior_state: { format_version: "1.0", terraform_version: "1.11.4", values: { root_module: {} } },
    configuration: { root_module: {} },
    timestamp: "2026-01-02T03:04:05Z",
    applyable: true,
    complete: true,
    errored: false,
    ...more,
  };
}
