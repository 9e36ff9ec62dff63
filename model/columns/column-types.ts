import { own } from "../own";

/** Type of a column, e.g. `INTEGER`. @see https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableFieldSchema */
export type ColumnType =
  | "STRING"
  | "BYTES"
  | "INTEGER"
  | "FLOAT"
  | "NUMERIC"
  | "BIGNUMERIC"
  | "BOOLEAN"
  | "TIMESTAMP"
  | "DATE"
  | "TIME"
  | "DATETIME"
  | "INTERVAL"
  | "GEOGRAPHY"
  | "JSON"
  | "RECORD";

interface Spelling {
  /** In GoogleSQL. */
  readonly sql: string;
  /** Spellings that the google provider and BigQuery take for the same type. */
  readonly same?: readonly string[];
  /** Spellings that BigQuery takes for the same type, but not the provider, which then replaces the table. */
  readonly sameToBigQuery?: readonly string[];
  /** Spelling of the Storage Write API alone. */
  readonly storage?: string;
}

/** Every column type by the spelling used behind the loader, which is REST's and the seed's. */
const TYPES: Readonly<Record<ColumnType, Spelling>> = {
  STRING: { sql: "STRING" },
  BYTES: { sql: "BYTES" },
  INTEGER: { sql: "INT64", same: ["INT64"] },
  FLOAT: { sql: "FLOAT64", same: ["FLOAT64"], storage: "DOUBLE" },
  NUMERIC: { sql: "NUMERIC", sameToBigQuery: ["DECIMAL"] },
  BIGNUMERIC: { sql: "BIGNUMERIC", sameToBigQuery: ["BIGDECIMAL"] },
  BOOLEAN: { sql: "BOOL", same: ["BOOL"] },
  TIMESTAMP: { sql: "TIMESTAMP" },
  DATE: { sql: "DATE" },
  TIME: { sql: "TIME" },
  DATETIME: { sql: "DATETIME" },
  INTERVAL: { sql: "INTERVAL" },
  GEOGRAPHY: { sql: "GEOGRAPHY" },
  JSON: { sql: "JSON" },
  RECORD: { sql: "STRUCT", sameToBigQuery: ["STRUCT"] },
};

/** Every {@link ColumnType}. */
export const COLUMN_TYPES = Object.keys(TYPES) as readonly ColumnType[];

const SPELLINGS: readonly (readonly [ColumnType, Spelling])[] = COLUMN_TYPES.map((type) => [type, TYPES[type]]);
const sameToProvider = spellingMap(({ same = [] }) => same);
const sameToBigQuery = spellingMap(({ same = [], sameToBigQuery: more = [] }) => [...same, ...more]);
const ofStorage = spellingMap(({ storage }) => (storage === undefined ? [] : [storage]));

/** Every spelling that a definition may use. */
export const TYPE_SPELLINGS = [...new Set([...COLUMN_TYPES, ...sameToProvider.keys(), ...sameToBigQuery.keys()])];

/**
 * Whether the google provider takes two types for one.
 *
 * It knows three pairs of aliases and ignores letter case; STRUCT and DECIMAL are strangers to it, though not to BigQuery.
 *
 * @see bigQueryTableTypeEq in the provider's `resource_bigquery_table.go` (v6.50.0, L242-256)
 */
export function isSameTypeToProvider(a: string, b: string): boolean {
  return providerSpelling(a) === providerSpelling(b);
}

/** Whether BigQuery takes two types for one. */
export function isSameTypeToBigQuery(a: string, b: string): boolean {
  return restSpelling(a) === restSpelling(b);
}

/**
 * Types that `ALTER COLUMN SET DATA TYPE` accepts without loss, by the type it starts from.
 *
 * BigQuery also turns INTEGER and NUMERIC into FLOAT, but that rounds integers beyond 2^53, so it is no widening here.
 * Nothing becomes a STRING, and BIGNUMERIC nothing at all.
 */
const WIDENINGS: Readonly<Record<string, readonly string[]>> = {
  INTEGER: ["NUMERIC", "BIGNUMERIC"],
  NUMERIC: ["BIGNUMERIC"],
};

/** Whether BigQuery can change a column's type in place and keep every value. */
export function isWidening(from: string, to: string): boolean {
  return own(WIDENINGS, restSpelling(from))?.includes(restSpelling(to)) ?? false;
}

/** The one spelling of a type in REST, e.g. `INTEGER` for `int64` and `RECORD` for `STRUCT`; an unknown type as it is, in upper case. */
export function restSpelling(type: string): string {
  const upper = type.toUpperCase();
  return sameToBigQuery.get(upper) ?? ofStorage.get(upper) ?? upper;
}

/** The type in GoogleSQL, e.g. `INT64`; an unknown type as it is, in upper case. */
export function sqlSpelling(type: string): string {
  const spelling = restSpelling(type);
  return Object.hasOwn(TYPES, spelling) ? TYPES[spelling as ColumnType].sql : spelling;
}

function providerSpelling(type: string): string {
  const upper = type.toUpperCase();
  return sameToProvider.get(upper) ?? upper;
}

function spellingMap(others: (spelling: Spelling) => readonly string[]): ReadonlyMap<string, ColumnType> {
  return new Map(SPELLINGS.flatMap(([type, spelling]) => others(spelling).map((other) => [other, type] as const)));
}
