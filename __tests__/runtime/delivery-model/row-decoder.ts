import protobuf from "protobufjs";
import { FileDescriptorSet } from "protobufjs/ext/descriptor";

/** A row as the service reads it: what has no value is left out. */
export type DecodedRow = Readonly<Record<string, unknown>>;

/** Messages of rows, by the descriptor that the client sent, and by what it says. */
const known = new WeakMap<object, protobuf.Type>();
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
  const type = known.get(descriptor) ?? typeFor(JSON.stringify(descriptor));
  known.set(descriptor, type);
  return type;
}

function typeFor(text: string): protobuf.Type {
  const type = types.get(text) ?? makeType(JSON.parse(text) as { readonly name: string });
  types.set(text, type);
  return type;
}

function makeType(descriptor: { readonly name: string }): protobuf.Type {
  const root = (protobuf.Root as unknown as { fromDescriptor(set: object): protobuf.Root }).fromDescriptor(
    FileDescriptorSet.fromObject({ file: [{ name: "row.proto", syntax: "proto2", messageType: [descriptor] }] }),
  );
  return root.lookupType(descriptor.name);
}
