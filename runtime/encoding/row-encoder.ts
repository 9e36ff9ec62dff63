import type { Column, TableDefinition } from "../../model/formats/table-definition";
import { shownName } from "../../model/mask";
import { describeReceived } from "./describe-received";
import { encodeInPartition } from "./partition-window";
import { isPlainObject } from "./plain-object";
import { ProtoBuffer } from "./proto-buffer";
import { encodeAllowed, encodeExactly, SCALAR_ENCODERS, type ValueEncoder, WIRE_FORMS } from "./value-encoders";

/**
 * Bytes one row may have. A request to BigQuery holds 10 MB, and some of it goes to what surrounds the rows.
 *
 * @see https://cloud.google.com/bigquery/quotas#write-api-limits
 */
export const MAX_ROW_BYTES = 9_000_000;

/** One thing that is wrong with a row. Never holds a text of the row, but for a slip in a closed list or a tenant's id. */
export interface RowProblem {
  /** Path of the column, e.g. `start_time` or `lines[2].amount`; empty when the row as a whole is meant. */
  readonly column: string;
  /** What was found there, e.g. `7`, `"COMPLETE"` or `a string of 52 characters`. */
  readonly received: string;
  /** What would have been accepted, ready to print. */
  readonly expected: string;
}

interface ColumnEncoder {
  readonly column: Column;
  /** Field number and wire type. */
  readonly tag: number;
  /** Every object inherits a member of this name, such as `constructor`. */
  readonly isObjectMember: boolean;
  readonly encode: ValueEncoder;
}

/** What one table's rows are checked against in addition to its definition. */
export interface RowEncoderOptions {
  /** The only value its `tenant_id` column may hold. */
  readonly tenantId: string;
  /** Milliseconds since 1970; what the partition window is counted from. */
  readonly now: () => number;
  /**
   * Milliseconds after its end at which BigQuery deletes a partition, where the definition does not say.
   * @default never
   */
  readonly partitionExpirationMs?: number | undefined;
}

const ROW_EXPECTED = "a plain object with a property for each column";

const TENANT_COLUMN = "tenant_id";

/**
 * Checks the rows of one table and turns each into the protobuf message that BigQuery's Storage Write API takes.
 *
 * A value either reads back from BigQuery equal or is refused: none is ever rounded, coerced, cut or dropped. A column left
 * out, `undefined` or `null` is NULL. A field number is the column's place in the definition, from 1.
 */
export class RowEncoder {
  private readonly out = new ProtoBuffer();
  private readonly columns: readonly ColumnEncoder[];
  private readonly names: ReadonlySet<string>;

  constructor(
    readonly definition: TableDefinition,
    options: RowEncoderOptions,
  ) {
    const { schema, timePartitioning } = definition;
    this.names = new Set(schema.fields.map(({ name }) => name));
    this.columns = columnEncoders(schema.fields, (column) => {
      if (column.name === TENANT_COLUMN && column.type === "STRING") return encodeExactly(options.tenantId);
      const encoder = valueEncoder(column);
      return column.name === timePartitioning?.field
        ? encodeInPartition(column.type, encoder, timePartitioning, options)
        : encoder;
    });
  }

  /** The row's message, or everything that is wrong with the row. Never throws. */
  encode(row: unknown): Uint8Array | readonly RowProblem[] {
    try {
      if (!isPlainObject(row)) return [{ column: "", received: describeReceived(row), expected: ROW_EXPECTED }];
      return this.encodeObject(row);
    } catch {
      // A getter or a proxy of the caller's; what it says may be private.
      return [{ column: "", received: "a row that throws while it is read", expected: ROW_EXPECTED }];
    }
  }

  /** Bytes that one column's value takes in the row's message. */
  sizeOf(row: object, name: string): number {
    const column = this.columns.filter((candidate) => candidate.column.name === name);
    const out = new ProtoBuffer();
    encodeColumns(column, out, row, "", []);
    return out.length;
  }

  private encodeObject(row: object): Uint8Array | readonly RowProblem[] {
    const { out } = this;
    out.truncate(0);
    const problems: RowProblem[] = [];
    encodeColumns(this.columns, out, row, "", problems);
    findUnknown(this.names, row, "", problems);
    if (out.length > MAX_ROW_BYTES) {
      problems.push({
        column: "",
        received: `a row of ${out.length} bytes`,
        expected: `at most ${MAX_ROW_BYTES} bytes`,
      });
    }
    return problems.length === 0 ? out.copy() : problems;
  }
}

function columnEncoders(
  columns: readonly Column[],
  encoderOf: (column: Column) => ValueEncoder,
): readonly ColumnEncoder[] {
  return columns.map((column, index) => ({
    column,
    tag: ((index + 1) << 3) | WIRE_FORMS[column.type].wireType,
    isObjectMember: column.name in Object.prototype,
    encode: encoderOf(column),
  }));
}

function valueEncoder(column: Column): ValueEncoder {
  if (column.type === "RECORD") return recordEncoder(column.fields ?? []);
  return encodeAllowed(column) ?? SCALAR_ENCODERS[column.type];
}

function encodeColumns(
  columns: readonly ColumnEncoder[],
  out: ProtoBuffer,
  row: object,
  prefix: string,
  problems: RowProblem[],
): void {
  for (const { column, tag, isObjectMember, encode } of columns) {
    const value =
      isObjectMember && !Object.hasOwn(row, column.name)
        ? undefined
        : (row as Readonly<Record<string, unknown>>)[column.name];
    if (value === undefined || value === null) {
      if (column.mode === "REQUIRED") {
        problems.push({
          column: prefix + column.name,
          received: describeReceived(value),
          expected: "a value: the column is REQUIRED",
        });
      }
    } else if (column.mode === "REPEATED") {
      encodeRepeated(column, tag, encode, out, value, prefix, problems);
    } else {
      out.uint32(tag);
      const expected = encode(out, value);
      if (expected !== undefined) {
        problems.push({ column: prefix + column.name, received: describeReceived(value, column), expected });
      }
    }
  }
}

function encodeRepeated(
  column: Column,
  tag: number,
  encode: ValueEncoder,
  out: ProtoBuffer,
  values: unknown,
  prefix: string,
  problems: RowProblem[],
): void {
  if (!Array.isArray(values) || Object.keys(values).length > values.length) {
    problems.push({
      column: prefix + column.name,
      received: describeReceived(values, column),
      expected: "an array, of values alone: the column is REPEATED",
    });
    return;
  }
  for (let index = 0; index < values.length; index++) {
    const value: unknown = values[index];
    out.uint32(tag);
    const expected =
      value === undefined || value === null ? "a value: an array holds no NULL in BigQuery" : encode(out, value);
    if (expected !== undefined) {
      problems.push({
        column: `${prefix}${column.name}[${index}]`,
        received: describeReceived(value, column),
        expected,
      });
    }
  }
}

/** A RECORD is a message within the message, preceded by its length. */
function recordEncoder(fields: readonly Column[]): ValueEncoder {
  const columns = columnEncoders(fields, valueEncoder);
  const names = new Set(fields.map(({ name }) => name));
  return (out, value) => {
    if (!isPlainObject(value)) return "a plain object";
    const inner = new ProtoBuffer();
    const problems: RowProblem[] = [];
    encodeColumns(columns, inner, value, "", problems);
    findUnknown(names, value, "", problems);
    if (problems.length === 0) out.bytes(inner.copy());
    return problems.length === 0
      ? undefined
      : problems.map(({ column, received, expected }) => `in ${column} ${expected} (received ${received})`).join("; ");
  };
}

function findUnknown(names: ReadonlySet<string>, row: object, prefix: string, problems: RowProblem[]): void {
  // Hidden properties and symbols too, none of which would reach the table.
  for (const key of Reflect.ownKeys(row)) {
    if (typeof key === "string" && names.has(key)) continue;
    problems.push({
      column: prefix + shownName(String(key)),
      received: "a column the definition lacks",
      expected: `one of ${[...names].join(", ")}`,
    });
  }
}
