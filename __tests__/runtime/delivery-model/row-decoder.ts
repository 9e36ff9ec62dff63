import protobuf from "protobufjs";
import { FileDescriptorSet } from "protobufjs/ext/descriptor";

/** A row as the service reads it: what has no value is left out. */
export type DecodedRow = Readonly<Record<string, unknown>>;

/** Messages of rows, by the descriptor that the client sent. */
const types = new Map<string, protobuf.Type>();

/** Reads rows' messages by nothing but the writer schema that came over the wire. */
export function decodeRows(descriptor: object, serializedRows: readonly Uint8Array[]): readonly DecodedRow[] {
  const type = typeOf(descriptor);
  return serializedRows.map((bytes) => type.toObject(type.decode(bytes), { longs: String }) as DecodedRow);
}

/** Names of the columns that the writer schema describes. */
export function describedColumns(descriptor: object): readonly string[] {
  return typeOf(descriptor).fieldsArray.map(({ name }) => name);
}

function typeOf(descriptor: object): protobuf.Type {
  const key = JSON.stringify(descriptor);
  const known = types.get(key);
  if (known !== undefined) return known;
  const root = (protobuf.Root as unknown as { fromDescriptor(set: object): protobuf.Root }).fromDescriptor(
    FileDescriptorSet.fromObject({ file: [{ name: "row.proto", syntax: "proto2", messageType: [descriptor] }] }),
  );
  const type = root.lookupType((descriptor as { readonly name: string }).name);
  types.set(key, type);
  return type;
}
