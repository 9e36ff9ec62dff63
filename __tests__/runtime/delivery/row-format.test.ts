import type { Column } from "../../../model/formats/table-definition";
import { arrowRows, protobufRows } from "../../../runtime/delivery/row-format";

const COLUMNS: readonly Column[] = [
  { name: "id", type: "INTEGER", mode: "REQUIRED" },
  { name: "name", type: "STRING", mode: "NULLABLE" },
];
/** `{ id: 7 }`, as a message. */
const ROW = Uint8Array.of(8, 7);

test("only the first request of a connection says what the rows look like", () => {
  const arrow = arrowRows(COLUMNS, 2000)!;
  expect(arrow([ROW], true).arrowRows).toEqual({
    rows: { serializedRecordBatch: expect.any(Uint8Array) as Uint8Array },
    writerSchema: { serializedSchema: expect.any(Uint8Array) as Uint8Array },
  });
  expect(Object.keys(arrow([ROW], false).arrowRows ?? {})).toEqual(["rows"]);
  const protobuf = protobufRows(COLUMNS);
  expect(protobuf([ROW], true).protoRows).toMatchObject({
    rows: { serializedRows: [ROW] },
    writerSchema: { protoDescriptor: { name: "Row" } },
  });
  expect(Object.keys(protobuf([ROW], false).protoRows ?? {})).toEqual(["rows"]);
});

test("batches that empty columns could make too large for a request are not sent by column", () => {
  // 12.25 bytes a row for an INTEGER and a STRING.
  expect(arrowRows(COLUMNS, 80_000)).toBeDefined();
  expect(arrowRows(COLUMNS, 82_000)).toBeUndefined();
});
