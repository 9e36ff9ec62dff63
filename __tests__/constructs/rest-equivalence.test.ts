import type { TableDefinition } from "../../model/formats/table-definition";
import { tableAddress } from "../../model/names";
import type { ResolvedTenant } from "../../model/resolve";
import { datasetResource, tableResource } from "../../model/resources";
import { environment, FULL_TABLES, fullTenant, MINIMAL_TABLE, tenant } from "../support/resolved";
import { synthesize, type TerraformJson } from "../support/synth";

/** What BigQuery would be sent for a synthesized table: the provider's translation, done backwards from the arguments. */
function restTable(stack: TerraformJson, address: string): unknown {
  const table = resourceAt(stack, address);
  const partitioning = table["time_partitioning"] as Record<string, unknown> | undefined;
  return {
    tableReference: {
      projectId: table["project"],
      datasetId: evaluate(stack, table["dataset_id"]),
      tableId: table["table_id"],
    },
    description: unescape(table["description"]),
    schema: { fields: unescape(evaluate(stack, table["schema"])) },
    timePartitioning: partitioning && {
      type: partitioning["type"],
      field: partitioning["field"],
      expirationMs: decimal(partitioning["expiration_ms"]),
    },
    clustering: table["clustering"] && { fields: table["clustering"] },
    requirePartitionFilter: table["require_partition_filter"],
    tableConstraints: camelCase(evaluateDeep(stack, table["table_constraints"])),
    labels: table["labels"],
    encryptionConfiguration: camelCase(table["encryption_configuration"]),
  };
}

function restDataset(stack: TerraformJson, address: string): unknown {
  const dataset = resourceAt(stack, address);
  return {
    datasetReference: { projectId: dataset["project"], datasetId: dataset["dataset_id"] },
    friendlyName: dataset["friendly_name"],
    description: dataset["description"],
    location: dataset["location"],
    labels: dataset["labels"],
    defaultEncryptionConfiguration: camelCase(dataset["default_encryption_configuration"]),
    defaultPartitionExpirationMs: decimal(dataset["default_partition_expiration_ms"]),
  };
}

/** REST spells 64-bit integers as strings. */
function decimal(value: unknown): string | undefined {
  return typeof value === "number" ? value.toString() : undefined;
}

function resourceAt(stack: TerraformJson, address: string): Record<string, unknown> {
  const [type = "", name = ""] = address.split(".");
  return stack.resource[type]?.[name] ?? {};
}

/** Evaluates the two expressions that stacks hold: a reference to an attribute, and `jsonencode` of a local. */
function evaluate(stack: TerraformJson, value: unknown): unknown {
  const local = /^\$\{jsonencode\(local\.(\w+)\)\}$/.exec(String(value))?.[1];
  if (local !== undefined) return stack.locals[local];
  const [, type, name, attribute] = /^\$\{(\w+)\.(\w+)\.(\w+)\}$/.exec(String(value)) ?? [];
  return attribute === undefined ? value : resourceAt(stack, `${type}.${name}`)[attribute];
}

function evaluateDeep(stack: TerraformJson, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => evaluateDeep(stack, entry));
  if (typeof value !== "object" || value === null) return evaluate(stack, value);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, evaluateDeep(stack, entry)]));
}

/** Terraform's argument names in REST's spelling; its one pair of key columns is a list there. */
function camelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCase);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      key === "column_references" ? [camelCase(entry)] : camelCase(entry),
    ]),
  );
}

function unescape(value: unknown): unknown {
  return value === undefined
    ? undefined
    : (JSON.parse(JSON.stringify(value).replaceAll("$${", "${").replaceAll("%%{", "%{")) as unknown);
}

describe("a table that the runtime creates equals the one Terraform creates", () => {
  const cases: [string, ResolvedTenant, readonly TableDefinition[]][] = [
    ["minimal", tenant(), [MINIMAL_TABLE]],
    ["full", fullTenant(), FULL_TABLES],
    ["without declared keys", fullTenant({ declareConstraints: false }), FULL_TABLES],
  ];
  test.each(cases)("field by field (%s)", (_, resolved, definitions) => {
    const assignment = { stackName: "metadata-dev", environment: environment(), shard: 0, tenants: [resolved] };
    const stack = synthesize({ assignment, definitions });
    expect(restDataset(stack, "google_bigquery_dataset.acme")).toEqual(datasetResource(resolved));
    for (const definition of definitions) {
      expect(restTable(stack, tableAddress("acme", definition.tableId))).toEqual(tableResource(resolved, definition));
    }
  });
});
