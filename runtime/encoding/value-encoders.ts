import type { Column, ColumnType } from "../../model/formats/table-definition";
import { DATE_EXPECTED, dateDays, isDatetime, isTime, TIMESTAMP_EXPECTED, timestampMicros } from "./civil-time";
import { BIGNUMERIC, decimalText, type DecimalType, NUMERIC } from "./decimal";
import { jsonText } from "./json-value";
import type { ProtoBuffer } from "./proto-buffer";

/**
 * Appends one value that is not null, in the wire form of its column; returns what it expected when the value does not fit,
 * and has then appended nothing that counts.
 */
export type ValueEncoder = (out: ProtoBuffer, value: unknown) => string | undefined;

/** Wire type of a column and the type its descriptor names. @see https://protobuf.dev/programming-guides/encoding/#structure */
export interface WireForm {
  readonly wireType: 0 | 1 | 2;
  /** `google.protobuf.FieldDescriptorProto.Type`. */
  readonly descriptorType:
    | "TYPE_STRING"
    | "TYPE_INT64"
    | "TYPE_INT32"
    | "TYPE_BOOL"
    | "TYPE_DOUBLE"
    | "TYPE_BYTES"
    | "TYPE_MESSAGE";
}

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const INTERVAL = /^[+-]?\d+-\d+ [+-]?\d+ [+-]?\d+:\d+:\d+(?:\.\d{1,6})?$/;
const WELL_FORMED = "a string without lone surrogates";

const STRING: WireForm = { wireType: 2, descriptorType: "TYPE_STRING" };

/** @see https://cloud.google.com/bigquery/docs/supported-data-types (Storage Write API) */
export const WIRE_FORMS: Readonly<Record<ColumnType, WireForm>> = {
  STRING,
  JSON: STRING,
  NUMERIC: STRING,
  BIGNUMERIC: STRING,
  TIME: STRING,
  DATETIME: STRING,
  GEOGRAPHY: STRING,
  INTERVAL: STRING,
  INTEGER: { wireType: 0, descriptorType: "TYPE_INT64" },
  TIMESTAMP: { wireType: 0, descriptorType: "TYPE_INT64" },
  DATE: { wireType: 0, descriptorType: "TYPE_INT32" },
  BOOLEAN: { wireType: 0, descriptorType: "TYPE_BOOL" },
  FLOAT: { wireType: 1, descriptorType: "TYPE_DOUBLE" },
  BYTES: { wireType: 2, descriptorType: "TYPE_BYTES" },
  RECORD: { wireType: 2, descriptorType: "TYPE_MESSAGE" },
};

/** Encoders of the types that need nothing of their column; `RECORD` needs its columns and is made with the row's encoder. */
export const SCALAR_ENCODERS: Readonly<Record<Exclude<ColumnType, "RECORD">, ValueEncoder>> = {
  STRING: encodeText(() => true, WELL_FORMED),
  GEOGRAPHY: encodeText((value) => value !== "", "a string in WKT or GeoJSON"),
  NUMERIC: encodeDecimal(NUMERIC),
  BIGNUMERIC: encodeDecimal(BIGNUMERIC),
  TIME: encodeText(isTime, "a string such as 03:04:05.123456"),
  DATETIME: encodeText(isDatetime, "a string without a zone such as 2026-01-02T03:04:05.123456"),
  INTERVAL: encodeText((value) => INTERVAL.test(value), "a string such as 0-0 1 2:3:4"),
  JSON: encodeJson,
  INTEGER: encodeInteger,
  FLOAT: encodeFloat,
  BOOLEAN: encodeBoolean,
  BYTES: encodeBytes,
  DATE: encodeDate,
  TIMESTAMP: encodeTimestamp,
};

/** A STRING column whose definition lists the values it takes. */
export function encodeAllowed(column: Column): ValueEncoder | undefined {
  if (column.allowedValues === undefined) return undefined;
  const allowed = new Set(column.allowedValues);
  return encodeText((value) => allowed.has(value), `one of ${column.allowedValues.join(", ")}`);
}

/** A STRING column that holds one value only, such as the `tenant_id` in one tenant's tables. */
export function encodeExactly(only: string): ValueEncoder {
  return encodeText((value) => value === only, `${JSON.stringify(only)}, the tenant of this logger`);
}

function encodeText(accepts: (value: string) => boolean, expected: string): ValueEncoder {
  return (out, value) => (typeof value === "string" && accepts(value) && out.string(value) ? undefined : expected);
}

function encodeJson(out: ProtoBuffer, value: unknown): string | undefined {
  const json = jsonText(value);
  if ("loses" in json) return `a value JSON can hold unchanged; it cannot hold ${json.loses}`;
  out.string(json.text);
  return undefined;
}

function encodeInteger(out: ProtoBuffer, value: unknown): string | undefined {
  const integer = toInteger(value);
  if (integer === undefined) {
    return "an integer from -2^63 to 2^63 - 1; beyond 2^53 - 1 as a bigint or a decimal string, since a number is not exact there";
  }
  out.int64(integer);
  return undefined;
}

function toInteger(value: unknown): number | bigint | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value === "string" && !/^[+-]?\d{1,19}$/.test(value)) return undefined;
  if (typeof value !== "string" && typeof value !== "bigint") return undefined;
  const integer = BigInt(value);
  return integer >= MIN_INT64 && integer <= MAX_INT64 ? integer : undefined;
}

function encodeDecimal(type: DecimalType): ValueEncoder {
  return (out, value) => {
    const text = decimalText(value, type);
    if (text === undefined) return type.expected;
    out.string(text);
    return undefined;
  };
}

function encodeFloat(out: ProtoBuffer, value: unknown): string | undefined {
  if (typeof value !== "number") return "a number";
  out.double(value);
  return undefined;
}

function encodeBoolean(out: ProtoBuffer, value: unknown): string | undefined {
  if (typeof value !== "boolean") return "true or false";
  out.bool(value);
  return undefined;
}

function encodeBytes(out: ProtoBuffer, value: unknown): string | undefined {
  if (!(value instanceof Uint8Array)) return "a Uint8Array or Buffer";
  out.bytes(value);
  return undefined;
}

function encodeDate(out: ProtoBuffer, value: unknown): string | undefined {
  const days = dateDays(value);
  if (days === undefined) return DATE_EXPECTED;
  out.int64(days);
  return undefined;
}

function encodeTimestamp(out: ProtoBuffer, value: unknown): string | undefined {
  const micros = timestampMicros(value);
  if (micros === undefined) return TIMESTAMP_EXPECTED;
  out.int64(micros);
  return undefined;
}
