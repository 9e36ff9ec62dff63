import type { Column, ColumnType } from "../../model/formats/table-definition";
import { DATE_EXPECTED, dateDays, isDatetime, isTime, TIMESTAMP_EXPECTED, timestampMicros } from "./civil-time";
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
const DECIMAL = /^[+-]?(\d+)(?:\.(\d+))?$/;
const INTERVAL = /^[+-]?\d+-\d+ [+-]?\d+ [+-]?\d+:\d+:\d+(?:\.\d{1,6})?$/;
const WINDOW_KEPT_MS = 60_000;
const WINDOW_EXPECTED = "a time from 10 years ago to 1 year ahead, the partitions BigQuery takes streamed rows for";
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
  NUMERIC: encodeDecimal(29, 9),
  BIGNUMERIC: encodeDecimal(38, 38),
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

function encodeDecimal(maxIntegerDigits: number, maxFractionDigits: number): ValueEncoder {
  const expected = `a decimal string with at most ${maxIntegerDigits} digits before the point and ${maxFractionDigits} after it`;
  return (out, value) => {
    if (typeof value !== "string" && typeof value !== "bigint" && !Number.isFinite(value)) return expected;
    const text = String(value);
    const match = DECIMAL.exec(text);
    if (match === null) return expected;
    const integerDigits = (match[1] ?? "").replace(/^0+/, "").length;
    const fractionDigits = (match[2] ?? "").replace(/0+$/, "").length;
    if (integerDigits > maxIntegerDigits || fractionDigits > maxFractionDigits) return expected;
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

/**
 * Encodes a partition column: BigQuery takes a streamed row only when its partition lies between 10 years back and 1 year
 * ahead, and an emulator takes any.
 *
 * @see https://cloud.google.com/bigquery/docs/write-api#partitioned_tables
 */
export function encodeInPartitionWindow(type: ColumnType, encoder: ValueEncoder, now: () => number): ValueEncoder {
  const isInWindow = partitionWindow(now);
  if (type === "TIMESTAMP") {
    // The commonest partition column, read once.
    return (out, value) => {
      const micros = timestampMicros(value);
      if (micros === undefined) return TIMESTAMP_EXPECTED;
      if (!isInWindow(Number(micros) / 1000)) return WINDOW_EXPECTED;
      out.int64(micros);
      return undefined;
    };
  }
  return (out, value) => {
    const expected = encoder(out, value);
    if (expected !== undefined) return expected;
    // A DATETIME has no zone; its partition is that of the same reading in UTC.
    const ms =
      type === "DATE" ? Number(dateDays(value)) * 86_400_000 : Number(timestampMicros(`${String(value)}Z`)) / 1000;
    return isInWindow(ms) ? undefined : WINDOW_EXPECTED;
  };
}

/** Counting calendar years for every row would cost as much as encoding it, so the window is kept for a minute. */
function partitionWindow(now: () => number): (ms: number) => boolean {
  let window = { at: Number.NaN, from: 0, to: 0 };
  return (ms) => {
    const at = now();
    if (!(Math.abs(at - window.at) < WINDOW_KEPT_MS)) window = { at, from: addYears(at, -10), to: addYears(at, 1) };
    return ms >= window.from && ms <= window.to;
  };
}

function addYears(ms: number, years: number): number {
  return new Date(ms).setUTCFullYear(new Date(ms).getUTCFullYear() + years);
}
