import {
  Binary,
  Bool,
  type Data,
  type DataType,
  DateDay,
  Float64,
  Int64,
  makeData,
  TimestampMicrosecond,
  Utf8,
} from "apache-arrow";
import type { Column, ColumnType } from "../../model/formats/table-definition";
import type { ProtoReader } from "./proto-reader";

const INITIAL_BYTES = 4096;

/** Gathers one column's values of a batch from the rows' protobuf messages, in Arrow's memory layout. */
export abstract class ColumnBuilder {
  /** Bytes that a row takes in the column whatever its value. */
  abstract readonly bytesPerRow: number;
  private validity = new Uint8Array();
  private values = 0;

  constructor(readonly type: DataType) {}

  /** Forgets the batch before. */
  start(rows: number): void {
    this.validity = new Uint8Array(Math.ceil(rows / 8));
    this.values = 0;
  }

  /** Reads the value of a row; rows come in order, and those that are left out are NULL. */
  read(message: ProtoReader, row: number): void {
    this.validity[row >> 3]! |= 1 << (row & 7);
    this.values++;
    this.readValue(message, row);
  }

  /** The column of the batch, valid until the next {@link start}. */
  finish(rows: number): Data {
    const { type, validity: nullBitmap, values } = this;
    return makeData({ type, length: rows, nullCount: rows - values, nullBitmap, ...this.buffers(rows) } as never);
  }

  protected abstract readValue(message: ProtoReader, row: number): void;
  protected abstract buffers(rows: number): { readonly data: ArrayBufferView; readonly valueOffsets?: Int32Array };
}

/** Values of one width, kept as little-endian words of 32 bits. */
class FixedWidthBuilder extends ColumnBuilder {
  private words = new Int32Array();

  constructor(
    type: DataType,
    readonly bytesPerRow: number,
    private readonly readInto: (words: Int32Array, message: ProtoReader, row: number) => void,
  ) {
    super(type);
  }

  override start(rows: number): void {
    super.start(rows);
    this.words = new Int32Array(Math.ceil((rows * this.bytesPerRow) / 4));
  }

  protected readValue(message: ProtoReader, row: number): void {
    this.readInto(this.words, message, row);
  }

  protected buffers(): { readonly data: Int32Array } {
    return { data: this.words };
  }
}

/** Strings in UTF-8, and bytes: one after the other, with an offset for each row. */
class VariableWidthBuilder extends ColumnBuilder {
  readonly bytesPerRow = 4;
  private offsets = new Int32Array();
  private offsetsFilled = 0;
  private bytes = new Uint8Array(INITIAL_BYTES);
  private length = 0;

  override start(rows: number): void {
    super.start(rows);
    this.offsets = new Int32Array(rows + 1);
    this.offsetsFilled = 0;
    this.length = 0;
  }

  protected readValue(message: ProtoReader, row: number): void {
    const length = message.varint32();
    this.fillOffsets(row);
    this.reserve(length);
    message.copy(length, this.bytes, this.length);
    this.length += length;
  }

  protected buffers(rows: number): { readonly data: Uint8Array; readonly valueOffsets: Int32Array } {
    this.fillOffsets(rows);
    return { data: this.bytes.subarray(0, this.length), valueOffsets: this.offsets };
  }

  /** Up to `row`: it begins where the last value ended, and so do the NULLs before it. */
  private fillOffsets(row: number): void {
    while (this.offsetsFilled <= row) this.offsets[this.offsetsFilled++] = this.length;
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}

/**
 * The types whose Arrow form holds the very bits that are in the message.
 *
 * @see https://cloud.google.com/bigquery/docs/supported-data-types#supported_apache_arrow_data_types
 */
const BUILDERS: Readonly<Partial<Record<ColumnType, () => ColumnBuilder>>> = {
  STRING: () => new VariableWidthBuilder(new Utf8()),
  JSON: () => new VariableWidthBuilder(new Utf8()),
  BYTES: () => new VariableWidthBuilder(new Binary()),
  INTEGER: () => new FixedWidthBuilder(new Int64(), 8, readInt64),
  TIMESTAMP: () => new FixedWidthBuilder(new TimestampMicrosecond("UTC"), 8, readInt64),
  FLOAT: () => new FixedWidthBuilder(new Float64(), 8, readDouble),
  DATE: () => new FixedWidthBuilder(new DateDay(), 4, readInt32),
  BOOLEAN: () => new FixedWidthBuilder(new Bool(), 1 / 8, readBool),
};

/** `undefined` for a column that is repeated, nested, or of another type than {@link BUILDERS} has. */
export function columnBuilder({ type, mode }: Column): ColumnBuilder | undefined {
  return mode === "REPEATED" ? undefined : BUILDERS[type]?.();
}

function readInt64(words: Int32Array, message: ProtoReader, row: number): void {
  message.varint64(words, row * 2);
}

function readDouble(words: Int32Array, message: ProtoReader, row: number): void {
  message.fixed64(words, row * 2);
}

function readInt32(words: Int32Array, message: ProtoReader, row: number): void {
  words[row] = message.varint32();
}

function readBool(words: Int32Array, message: ProtoReader, row: number): void {
  words[row >> 5]! |= message.varint32() << (row & 31);
}
