import type { Column, ColumnType, TableDefinition } from "../../../model/formats/table-definition";

const TYPES: Readonly<Record<Exclude<ColumnType, "RECORD">, string>> = {
  STRING: "string",
  BYTES: "Uint8Array",
  INTEGER: "number | bigint | string",
  FLOAT: "number",
  NUMERIC: "string | number | bigint",
  BIGNUMERIC: "string | number | bigint",
  BOOLEAN: "boolean",
  TIMESTAMP: "Date | string",
  DATE: "Date | string",
  TIME: "string",
  DATETIME: "string",
  INTERVAL: "string",
  GEOGRAPHY: "string",
  JSON: "JsonValue",
};

/** TypeScript source with a type for the rows of each table, as the runtime takes them. */
export function rowTypes(definitions: readonly TableDefinition[]): string {
  return [
    "// Generated from configs/metadata/schemas by `npm run generate`. Do not edit.",
    'import type { JsonValue } from "./encoding/json-value";',
    "",
    "/** Rows of each table, by table id. */",
    "export interface MetadataRows {",
    ...definitions.flatMap(({ tableId }) => [
      `  /** A row of \`${tableId}\`. */`,
      `  ${tableId}: ${interfaceName(tableId)};`,
    ]),
    "}",
    ...definitions.flatMap((definition) => ["", ...rowInterface(definition)]),
    "",
  ].join("\n");
}

function rowInterface({ tableId, description, schema }: TableDefinition): readonly string[] {
  return [
    ...comment(description, ""),
    `export interface ${interfaceName(tableId)} {`,
    ...schema.fields.flatMap((column) => property(column, "  ")),
    "}",
  ];
}

function property(column: Column, indent: string): readonly string[] {
  const optional = column.mode !== "REQUIRED";
  const type = column.mode === "REPEATED" ? `readonly (${valueType(column, indent)})[]` : valueType(column, indent);
  return [
    ...comment(column.description, indent),
    `${indent}readonly ${column.name}${optional ? "?" : ""}: ${type}${optional ? " | null | undefined" : ""};`,
  ];
}

function valueType({ type, fields = [], allowedValues }: Column, indent: string): string {
  if (type === "RECORD") {
    return ["{", ...fields.flatMap((field) => property(field, `${indent}  `)), `${indent}}`].join("\n");
  }
  return allowedValues === undefined ? TYPES[type] : allowedValues.map((value) => JSON.stringify(value)).join(" | ");
}

/** A description could end the comment it stands in. */
function comment(text: string | undefined, indent: string): readonly string[] {
  return text === undefined ? [] : [`${indent}/** ${text.replaceAll("*/", "*\\/").replaceAll(/\s+/g, " ")} */`];
}

/** `step_logs` gives `StepLogsRow`. */
function interfaceName(tableId: string): string {
  const words = tableId.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("")}Row`;
}
