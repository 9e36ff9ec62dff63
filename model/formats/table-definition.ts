import { z } from "zod";
import { ExpirationMs, LabelKey, LabelValue, SchemaReference, TableId } from "./primitives";

/** Column types by the spelling used everywhere behind the loader (the seed's), with their other spelling. */
const TYPE_ALIASES = {
  INT64: "INTEGER",
  FLOAT64: "FLOAT",
  BOOL: "BOOLEAN",
  STRUCT: "RECORD",
  DECIMAL: "NUMERIC",
  BIGDECIMAL: "BIGNUMERIC",
} as const;

export const COLUMN_TYPES = [
  "STRING",
  "BYTES",
  "INTEGER",
  "FLOAT",
  "NUMERIC",
  "BIGNUMERIC",
  "BOOLEAN",
  "TIMESTAMP",
  "DATE",
  "TIME",
  "DATETIME",
  "INTERVAL",
  "GEOGRAPHY",
  "JSON",
  "RECORD",
] as const;

/** Type of a column, e.g. `INTEGER`. @see https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableFieldSchema */
export type ColumnType = (typeof COLUMN_TYPES)[number];

const COLUMN_MODES = ["NULLABLE", "REQUIRED", "REPEATED"] as const;
export type ColumnMode = (typeof COLUMN_MODES)[number];

const SPELLINGS = [...COLUMN_TYPES, ...(Object.keys(TYPE_ALIASES) as (keyof typeof TYPE_ALIASES)[])] as const;

const ColumnFile = z
  .strictObject({
    name: z.string().describe("Column name: letters, digits and _, at most 300."),
    type: z.enum(SPELLINGS).describe("BigQuery type."),
    mode: z.enum(COLUMN_MODES).exactOptional().describe("Absent means NULLABLE."),
    description: z.string().max(1024).exactOptional(),
    get fields() {
      return z.array(ColumnFile).min(1).exactOptional().describe("Columns of a RECORD.");
    },
    policyTags: z
      .strictObject({ names: z.array(z.string()).min(1).max(1) })
      .exactOptional()
      .describe("Policy tag for column-level security: projects/…/locations/…/taxonomies/…/policyTags/…"),
    defaultValueExpression: z
      .string()
      .min(1)
      .exactOptional()
      .describe("SQL literal or function, e.g. CURRENT_TIMESTAMP()"),
    allowedValues: z
      .array(z.string())
      .min(1)
      .exactOptional()
      .describe("Values the runtime accepts in a STRING column. Never sent to BigQuery."),
  })
  .meta({ id: "Column" });

const ForeignKeyFile = z.strictObject({
  name: z.string().min(1).exactOptional(),
  referencedTable: z.strictObject({ tableId: TableId }).describe("Table of the same tenant."),
  columnReferences: z
    .array(z.strictObject({ referencingColumn: z.string(), referencedColumn: z.string() }))
    .min(1)
    .max(1)
    .describe("Exactly one pair: the google provider declares no more."),
});

/** Body of `metadata/schemas/<tableId>.json`: a strict subset of BigQuery's REST `Table`, plus `allowedValues`. */
export const TableDefinitionFile = z.strictObject({
  $schema: SchemaReference.exactOptional(),
  description: z.string().max(16_384).exactOptional(),
  schema: z.strictObject({ fields: z.array(ColumnFile).min(1).max(10_000) }),
  timePartitioning: z
    .strictObject({
      type: z.enum(["HOUR", "DAY", "MONTH", "YEAR"]),
      field: z.string().describe("Top-level DATE, TIMESTAMP or DATETIME column."),
      expirationMs: ExpirationMs.exactOptional(),
    })
    .exactOptional(),
  clustering: z.strictObject({ fields: z.array(z.string()).min(1).max(4) }).exactOptional(),
  requirePartitionFilter: z.boolean().exactOptional(),
  tableConstraints: z
    .strictObject({
      primaryKey: z.strictObject({ columns: z.array(z.string()).min(1).max(16) }).exactOptional(),
      foreignKeys: z.array(ForeignKeyFile).min(1).exactOptional(),
    })
    .exactOptional(),
  labels: z.record(LabelKey, LabelValue).exactOptional(),
});

type ColumnFile = z.infer<typeof ColumnFile>;
export type TableDefinitionFile = z.infer<typeof TableDefinitionFile>;

/** A column as everything behind the loader sees it: canonical type, explicit mode. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly mode: ColumnMode;
  readonly description?: string;
  /** Columns of a `RECORD`, absent for other types. */
  readonly fields?: readonly Column[];
  readonly policyTags?: { readonly names: readonly string[] };
  readonly defaultValueExpression?: string;
  /** Values the runtime accepts; never sent to BigQuery. */
  readonly allowedValues?: readonly string[];
}

export interface ForeignKey {
  readonly name?: string;
  readonly referencedTable: { readonly tableId: string };
  readonly columnReferences: readonly { readonly referencingColumn: string; readonly referencedColumn: string }[];
}

/** A table as everything behind the loader sees it; the shape of BigQuery's REST `Table`. */
export interface TableDefinition {
  readonly tableId: string;
  readonly description?: string;
  readonly schema: { readonly fields: readonly Column[] };
  readonly timePartitioning?: {
    readonly type: "HOUR" | "DAY" | "MONTH" | "YEAR";
    readonly field: string;
    /** Decimal string of milliseconds, as REST spells 64-bit integers. */
    readonly expirationMs?: string;
  };
  readonly clustering?: { readonly fields: readonly string[] };
  readonly requirePartitionFilter?: boolean;
  readonly tableConstraints?: {
    readonly primaryKey?: { readonly columns: readonly string[] };
    readonly foreignKeys?: readonly ForeignKey[];
  };
  readonly labels?: Readonly<Record<string, string>>;
}

/** Gives every type its one spelling and every column its mode; keeps all else as written. */
export function normaliseDefinition(tableId: string, file: TableDefinitionFile): TableDefinition {
  const { $schema: _, schema, ...rest } = file;
  return { tableId, ...rest, schema: { fields: schema.fields.map(normaliseColumn) } };
}

function normaliseColumn({ fields, ...column }: ColumnFile): Column {
  return {
    ...column,
    type: canonicalType(column.type),
    mode: column.mode ?? "NULLABLE",
    ...(fields === undefined ? {} : { fields: fields.map(normaliseColumn) }),
  };
}

/** `INT64` gives `INTEGER`; a canonical spelling gives itself. */
function canonicalType(type: (typeof SPELLINGS)[number]): ColumnType {
  return type in TYPE_ALIASES ? TYPE_ALIASES[type as keyof typeof TYPE_ALIASES] : (type as ColumnType);
}
