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
  return bigQuerySpelling(a) === bigQuerySpelling(b);
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
  return WIDENINGS[bigQuerySpelling(from)]?.includes(bigQuerySpelling(to)) ?? false;
}

function providerSpelling(type: string): string {
  const upper = type.toUpperCase();
  return PROVIDER_ALIASES[upper] ?? upper;
}

/** The one spelling of a type in REST, e.g. `INTEGER` for `int64`, `RECORD` for `STRUCT`. */
export function bigQuerySpelling(type: string): string {
  const spelling = providerSpelling(type);
  return FURTHER_ALIASES[spelling] ?? spelling;
}

const PROVIDER_ALIASES: Readonly<Record<string, string>> = { INT64: "INTEGER", FLOAT64: "FLOAT", BOOL: "BOOLEAN" };
const FURTHER_ALIASES: Readonly<Record<string, string>> = {
  STRUCT: "RECORD",
  DECIMAL: "NUMERIC",
  BIGDECIMAL: "BIGNUMERIC",
};
