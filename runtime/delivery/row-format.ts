import type { protos } from "@google-cloud/bigquery-storage";
import type { Column } from "../../model/formats/table-definition";
import { ArrowBatchBuilder } from "../encoding/arrow-batch";
import { rowDescriptor } from "../encoding/row-descriptor";

type Payload = Pick<protos.google.cloud.bigquery.storage.v1.IAppendRowsRequest, "protoRows" | "arrowRows">;

/** What Arrow's layout may add to a batch, in bytes; many rows with many empty columns would outgrow a request. */
const MAX_ARROW_OVERHEAD_BYTES = 1_000_000;

/**
 * Puts encoded rows into a request.
 *
 * @param describe - say what the rows look like as well: the first request of a connection must.
 */
export type RowFormat = (rows: readonly Uint8Array[], describe: boolean) => Payload;

/** The rows' messages as they are. Takes every table. */
export function protobufRows(columns: readonly Column[], without?: ReadonlySet<string>): RowFormat {
  const protoDescriptor = rowDescriptor(columns, without) as object;
  return (rows, describe) => ({
    protoRows: {
      rows: { serializedRows: rows as Uint8Array[] },
      ...(describe ? { writerSchema: { protoDescriptor } } : {}),
    },
  });
}

/** The rows by column, which costs both sides less; `undefined` for a table or a size of batch that it does not suit. */
export function arrowRows(
  columns: readonly Column[],
  maxBatchRows: number,
  without?: ReadonlySet<string>,
): RowFormat | undefined {
  const builder = ArrowBatchBuilder.of(columns, without);
  if (builder === undefined || builder.bytesPerRow * maxBatchRows > MAX_ARROW_OVERHEAD_BYTES) return undefined;
  return (rows, describe) => {
    const { schema, recordBatch } = builder.build(rows);
    return {
      arrowRows: {
        rows: { serializedRecordBatch: recordBatch },
        ...(describe ? { writerSchema: { serializedSchema: schema } } : {}),
      },
    };
  };
}
