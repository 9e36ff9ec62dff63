/** What a server must know of an append to count it. */
export interface Append {
  /** Empty where the request does not repeat it. */
  readonly stream: string;
  readonly offset: number;
  readonly rows: number;
}

/**
 * Reads stream, offset and number of rows of an AppendRowsRequest, and looks into no row.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/cloud/bigquery/storage/v1/storage.proto
 */
export function readAppend(request: Buffer): Append {
  let stream = "";
  let offset = 0;
  let rows = 0;
  for (const [field, value] of fields(request)) {
    if (field === 1) stream = value.toString();
    else if (field === 2) offset = value.length === 0 ? 0 : varint(value, 1)[0];
    else if (field === 4) {
      for (const [part, protoRows] of fields(value)) if (part === 2) rows += countFields(protoRows);
    }
  }
  return { stream, offset, rows };
}

/** Fields with a length; the request has no others but varints, which are passed over. */
function* fields(message: Buffer): Generator<readonly [number, Buffer]> {
  let at = 0;
  while (at < message.length) {
    const [tag, afterTag] = varint(message, at);
    const [value, afterValue] = varint(message, afterTag);
    if ((tag & 7) === 2) {
      yield [tag >>> 3, message.subarray(afterValue, afterValue + value)];
      at = afterValue + value;
    } else at = afterValue;
  }
}

function countFields(message: Buffer): number {
  let count = 0;
  for (let at = 0; at < message.length; count++) {
    const [length, begin] = varint(message, at + 1);
    at = begin + length;
  }
  return count;
}

function varint(bytes: Buffer, begin: number): readonly [number, number] {
  let value = 0;
  let factor = 1;
  let at = begin;
  for (;;) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return [value, at];
    factor *= 128;
  }
}
