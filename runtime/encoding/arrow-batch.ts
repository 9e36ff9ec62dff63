import { Field, makeData, RecordBatch, RecordBatchStreamWriter, Schema, Struct } from "apache-arrow";
import type { Column } from "../../model/formats/table-definition";
import { columnBuilder, type ColumnBuilder } from "./column-builders";
import { ProtoReader } from "./proto-reader";

/** Mark and length before the metadata of a message. */
const PREFIX_BYTES = 8;
/** What ends a stream of messages. */
const END_OF_STREAM_BYTES = 8;

/**
 * A batch of rows as BigQuery takes it.
 *
 * @see https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc
 */
export interface ArrowMessages {
  readonly schema: Uint8Array;
  readonly recordBatch: Uint8Array;
}

/** Lays batches of one table's rows, encoded by a `RowEncoder`, out by column. */
export class ArrowBatchBuilder {
  private readonly schema: Schema;
  private readonly message = new ProtoReader();

  private constructor(
    columns: readonly Column[],
    /** One for each column; `undefined` where no row has a value. */
    private readonly builders: readonly (ColumnBuilder | undefined)[],
  ) {
    this.schema = new Schema(
      columns.flatMap(({ name }, index) => {
        const builder = builders[index];
        // Nullable all: which of them are REQUIRED, the server knows from the table.
        return builder === undefined ? [] : [new Field(name, builder.type, true)];
      }),
    );
  }

  /**
   * @param without - columns of the definition that the live table lacks, or holds in another type; no row has a value there.
   * @returns `undefined` when some column cannot be laid out so; see {@link columnBuilder}.
   */
  static of(columns: readonly Column[], without: ReadonlySet<string> = new Set()): ArrowBatchBuilder | undefined {
    const builders = columns.map((column) => (without.has(column.name) ? undefined : columnBuilder(column)));
    const isWhole = columns.every(({ name }, index) => without.has(name) || builders[index] !== undefined);
    return isWhole ? new ArrowBatchBuilder(columns, builders) : undefined;
  }

  /** Bytes a row takes whatever its values; in each column, a bit says whether it is NULL. */
  get bytesPerRow(): number {
    return this.builders.reduce((sum, builder) => sum + (builder === undefined ? 0 : builder.bytesPerRow + 1 / 8), 0);
  }

  build(rows: readonly Uint8Array[]): ArrowMessages {
    const { builders, message } = this;
    const { length } = rows;
    for (const builder of builders) builder?.start(length);
    for (let row = 0; row < length; row++) {
      message.start(rows[row]!);
      while (!message.isAtEnd) {
        const fieldNumber = message.varint32() >>> 3;
        builders[fieldNumber - 1]!.read(message, row);
      }
    }
    const children = builders.flatMap((builder) => builder?.finish(length) ?? []);
    const type = new Struct(this.schema.fields);
    return serialize(new RecordBatch(this.schema, makeData({ type, length, nullCount: 0, children })));
  }
}

function serialize(batch: RecordBatch): ArrowMessages {
  const stream = new RecordBatchStreamWriter().writeAll([batch]).toUint8Array(true);
  const schemaBytes = PREFIX_BYTES + new DataView(stream.buffer, stream.byteOffset).getInt32(4, true);
  return {
    schema: stream.subarray(0, schemaBytes),
    recordBatch: stream.subarray(schemaBytes, stream.length - END_OF_STREAM_BYTES),
  };
}
