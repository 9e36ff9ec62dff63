import { defined } from "../../model/defined";
import { UsageError } from "../../model/errors";
import type { ComparableColumn, ComparableTable } from "../../model/columns/comparable";
import { type Attributes, isRecord } from "./planned-change";

/**
 * Reads a `google_bigquery_table`'s attributes as a table.
 *
 * @param address - for messages.
 * @throws {@link UsageError} when `schema` is not a JSON array of columns.
 */
export function tableOf(attributes: Attributes, address: string): ComparableTable {
  const description = text(attributes["description"]);
  const [clustering, constraints, encryption] = [
    attributes["clustering"],
    block(attributes["table_constraints"]),
    block(attributes["encryption_configuration"]),
  ];
  const primaryKey = block(constraints?.["primary_key"]);
  const kmsKeyName = text(encryption?.["kms_key_name"]);
  const partitioning = timePartitioning(attributes) ?? rangePartitioning(attributes);
  return defined({
    tableId: text(attributes["table_id"]) ?? "",
    schema: { fields: columns(attributes["schema"], address) },
    description,
    timePartitioning: partitioning,
    clustering: Array.isArray(clustering) && clustering.length > 0 ? { fields: clustering.map(String) } : undefined,
    requirePartitionFilter:
      attributes["require_partition_filter"] === true ||
      block(attributes["time_partitioning"])?.["require_partition_filter"] === true,
    tableConstraints: {
      ...(Array.isArray(primaryKey?.["columns"]) ? { primaryKey: { columns: primaryKey["columns"].map(String) } } : {}),
      ...(Array.isArray(constraints?.["foreign_keys"]) ? { foreignKeys: constraints["foreign_keys"] } : {}),
    },
    labels: labelsOf(attributes),
    encryptionConfiguration: kmsKeyName === undefined ? undefined : { kmsKeyName },
  });
}

/** The labels of a resource, those of the provider's defaults included. */
export function labelsOf(attributes: Attributes): Readonly<Record<string, string>> {
  const labels = attributes["effective_labels"] ?? attributes["labels"];
  return isRecord(labels) ? Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)])) : {};
}

/** Whether a table has no rows of its own: a view, or a table over data that lies elsewhere. */
export function isWithoutRows(attributes: Attributes): boolean {
  return ["view", "materialized_view", "external_data_configuration", "table_replication_info"].some(
    (name) => block(attributes[name]) !== undefined,
  );
}

/** The one member of a block that may appear at most once, as Terraform's JSON shows it: a list. */
export function block(value: unknown): Attributes | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  return isRecord(first) ? first : undefined;
}

/** A string that is not empty, which is how the provider spells absent. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The schemas that were read last: a plan repeats the same few for every tenant. */
const lastRead = new Map<string, readonly ComparableColumn[]>();
const MAX_LAST_READ = 16;

function columns(schema: unknown, address: string): readonly ComparableColumn[] {
  if (schema === null || schema === undefined || schema === "") return [];
  const known = typeof schema === "string" ? (lastRead.get(schema) ?? parse(schema)) : undefined;
  if (typeof schema !== "string" || known === undefined) {
    throw new UsageError(`${address}: schema is not a JSON array of columns, each with name and type. Plan again.`);
  }
  if (lastRead.size === MAX_LAST_READ) lastRead.clear();
  lastRead.set(schema, known);
  return known;
}

function parse(schema: string): readonly ComparableColumn[] | undefined {
  try {
    // The API can return an empty schema, which the provider stores as "null".
    const fields: unknown = JSON.parse(schema) ?? [];
    return isColumns(fields) ? fields : undefined;
  } catch {
    return undefined;
  }
}

function isColumns(value: unknown): value is readonly ComparableColumn[] {
  return (
    Array.isArray(value) &&
    value.every(
      (column: unknown) =>
        isRecord(column) &&
        typeof column["name"] === "string" &&
        typeof column["type"] === "string" &&
        (column["fields"] === undefined || isColumns(column["fields"])),
    )
  );
}

function timePartitioning(attributes: Attributes): ComparableTable["timePartitioning"] {
  const partitioning = block(attributes["time_partitioning"]);
  if (partitioning === undefined) return undefined;
  const field = text(partitioning["field"]);
  const expirationMs = partitioning["expiration_ms"];
  return defined({
    type: String(partitioning["type"]),
    field,
    expirationMs: typeof expirationMs === "number" ? String(expirationMs) : undefined,
  });
}

function rangePartitioning(attributes: Attributes): ComparableTable["timePartitioning"] {
  const partitioning = block(attributes["range_partitioning"]);
  if (partitioning === undefined) return undefined;
  const { start, end, interval } = block(partitioning["range"]) ?? {};
  return {
    type: `range ${String(start)} to ${String(end)} by ${String(interval)}`,
    field: String(partitioning["field"]),
  };
}
