import { z } from "zod";
import { type ColumnType, restSpelling, TYPE_SPELLINGS } from "../columns/column-types";
import { defined } from "../defined";
import { checked, ExpirationMs, LabelKey, LabelValue, pattern, SchemaReference, TableId } from "./primitives";

export { COLUMN_TYPES, type ColumnType } from "../columns/column-types";

/** Whether a column may be NULL, must have a value, or holds an array. */
export type ColumnMode = "NULLABLE" | "REQUIRED" | "REPEATED";

const COLUMN_MODES = ["NULLABLE", "REQUIRED", "REPEATED"] as const satisfies readonly ColumnMode[];

/** Who may touch a table's rows: `tenant`, the tenant's readers and writers; `keyAdmins`, they alone. */
export type TableAccess = "tenant" | "keyAdmins";

const TABLE_ACCESS = ["tenant", "keyAdmins"] as const satisfies readonly TableAccess[];

const ColumnFile = z
  .strictObject({
    name: z.string().describe("Column name: letters, digits and _, at most 300."),
    type: z.enum(TYPE_SPELLINGS).describe("BigQuery type."),
    mode: z.enum(COLUMN_MODES).exactOptional().describe("Absent means NULLABLE."),
    description: z.string().max(1024).exactOptional(),
    get fields() {
      return z.array(ColumnFile).min(1).exactOptional().describe("Columns of a RECORD.");
    },
    policyTags: z
      .strictObject({ names: z.array(z.string().max(512)).min(1).max(1) })
      .exactOptional()
      .describe("Policy tag for column-level security: projects/…/locations/…/taxonomies/…/policyTags/…"),
    defaultValueExpression: z
      .string()
      .min(1)
      .max(8192)
      .exactOptional()
      .describe("SQL literal or function, e.g. CURRENT_TIMESTAMP()"),
    allowedValues: z
      .array(z.string().max(1024))
      .min(1)
      .max(1000)
      .exactOptional()
      .describe("Values the runtime accepts in a STRING column. Never sent to BigQuery."),
  })
  .meta({ id: "Column" });

const ForeignKeyFile = z.strictObject({
  name: pattern(/^[A-Za-z_]\w{0,299}$/, {
    allowed: "at most 300 letters, digits and _, starting with a letter or _",
    remedy: "Rename the key, or leave `name` out",
  }).exactOptional(),
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
  access: z
    .enum(TABLE_ACCESS)
    .exactOptional()
    .describe(
      "Who may touch the rows. tenant (default): readers and writers. keyAdmins: they alone. Never sent to BigQuery.",
    ),
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
      foreignKeys: z.array(ForeignKeyFile).min(1).max(64).exactOptional(),
    })
    .check(
      checked((constraints) =>
        Object.keys(constraints).length === 0
          ? {
              message: "No key is declared",
              allowed: "primaryKey, foreignKeys",
              remedy: "Declare one, or leave `tableConstraints` out",
            }
          : undefined,
      ),
    )
    .exactOptional(),
  labels: z.record(LabelKey, LabelValue).exactOptional(),
});

export type ColumnFile = z.infer<typeof ColumnFile>;
export type TableDefinitionFile = z.infer<typeof TableDefinitionFile>;

/** A column as everything behind the loader sees it: canonical type, explicit mode. */
export interface Column {
  /** Letters, digits and `_`, at most 300, e.g. `start_time`. */
  readonly name: string;
  /** BigQuery type in its one spelling, e.g. `INTEGER` for `INT64`. */
  readonly type: ColumnType;
  /** `NULLABLE` where the file says nothing. */
  readonly mode: ColumnMode;
  /** For people, at most 1,024 characters. */
  readonly description?: string;
  /** Columns of a `RECORD`, absent for other types. */
  readonly fields?: readonly Column[];
  /** Policy tag for column-level security: `projects/…/locations/…/taxonomies/…/policyTags/…`. */
  readonly policyTags?: { readonly names: readonly string[] };
  /** SQL literal or function, e.g. `CURRENT_TIMESTAMP()`. */
  readonly defaultValueExpression?: string;
  /** Values the runtime accepts; never sent to BigQuery. */
  readonly allowedValues?: readonly string[];
}

/** A column that refers to a column of another table of the same tenant. */
export interface ForeignKey {
  /** Absent: made from the table and its columns, e.g. `step_logs_pipeline_logging_id_fk`. */
  readonly name?: string;
  /** The table referred to, e.g. `pipeline_runs`. */
  readonly referencedTable: { readonly tableId: string };
  /** Exactly one pair: the google provider declares no more. */
  readonly columnReferences: readonly { readonly referencingColumn: string; readonly referencedColumn: string }[];
}

/** A table as everything behind the loader sees it; the shape of BigQuery's REST `Table`. */
export interface TableDefinition {
  /** Id, e.g. `step_logs`; the name of the file. */
  readonly tableId: string;
  /** Who may touch the rows. Absent: `tenant`. */
  readonly access?: TableAccess;
  /** For people, at most 16,384 characters. */
  readonly description?: string;
  /** The columns, in order. */
  readonly schema: { readonly fields: readonly Column[] };
  /** Partitions by a time column. Absent: the table has none. */
  readonly timePartitioning?: {
    readonly type: "HOUR" | "DAY" | "MONTH" | "YEAR";
    readonly field: string;
    /** Decimal string of milliseconds, as REST spells 64-bit integers. */
    readonly expirationMs?: string;
  };
  /** One to four columns that rows are sorted by, the most filtered first. */
  readonly clustering?: { readonly fields: readonly string[] };
  /** Whether BigQuery refuses queries that do not filter on the partition column. */
  readonly requirePartitionFilter?: boolean;
  /** Keys, which BigQuery does not enforce; sent to it only with an environment's `declareConstraints`. */
  readonly tableConstraints?: {
    readonly primaryKey?: { readonly columns: readonly string[] };
    readonly foreignKeys?: readonly ForeignKey[];
  };
  /** Labels of the table; the environment's, the tenant's and this package's win over an equal key. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Gives every type its one spelling and every column its mode; keeps all else as written. */
export function normaliseDefinition(tableId: string, file: TableDefinitionFile): TableDefinition {
  const { $schema: _, schema, ...rest } = file;
  return { tableId, ...rest, schema: { fields: schema.fields.map(normaliseColumn) } };
}

function normaliseColumn({ fields, ...column }: ColumnFile): Column {
  return defined({
    ...column,
    type: restSpelling(column.type) as ColumnType,
    mode: column.mode ?? "NULLABLE",
    fields: fields?.map(normaliseColumn),
  });
}
