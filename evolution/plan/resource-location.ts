import { defined } from "../../model/defined";
import type { Finding } from "../catalogue/finding";
import { labelsOf, text } from "./plan-table";
import { isMarked, type PlannedChange } from "./planned-change";

/** Table, environment, tenant and address of what a change concerns. */
export type ResourceLocation = Pick<Finding, "table" | "environment" | "tenant" | "address">;

/**
 * Says whose table or dataset it is.
 *
 * 1. The labels `environment` and `tenant`, which this package sets on datasets and tables.
 * 2. For what is not BigQuery's, the state address stands for the table, and no tenant owns it.
 * 3. For the environment, the one given; for the tenant, the state address `<type>.<tenant>` or `<type>.<tenant>__<table>…`.
 */
export function locationOf({ address, name, type, change }: PlannedChange, environment?: string): ResourceLocation {
  const attributes = change.after ?? change.before ?? {};
  const labels = { ...labelsOf(change.before ?? {}), ...labelsOf(attributes) };
  const [tenantPart = ""] = name.split("__");
  const tenant = labels["tenant"] ?? (/^[a-z][a-z0-9_]+$/.test(tenantPart) ? tenantPart : undefined);
  const where = labels["environment"] ?? environment;
  if (!type.startsWith("google_bigquery_")) {
    return defined({ table: address, environment: where, tenant: "*", address });
  }
  const isSecret = isMarked(change.before_sensitive, "table_id") || isMarked(change.after_sensitive, "table_id");
  const id = isSecret ? address : (text(attributes["table_id"])?.split("/").at(-1) ?? "*");
  return defined({
    table: type === "google_bigquery_dataset" ? "*" : id,
    environment: where,
    tenant,
    address,
  });
}
