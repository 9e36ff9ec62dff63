/** A NUMERIC or BIGNUMERIC: a whole number of units of 10^-scale, from `min` to `max`. */
export interface DecimalType {
  readonly scale: number;
  readonly min: bigint;
  readonly max: bigint;
  /** For messages. */
  readonly expected: string;
}

/** @see https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#decimal_types */
export const NUMERIC: DecimalType = {
  scale: 9,
  min: -(10n ** 38n) + 1n,
  max: 10n ** 38n - 1n,
  expected: "a decimal string, bigint or number with at most 29 digits before the point and 9 after it",
};

export const BIGNUMERIC: DecimalType = {
  scale: 38,
  min: -(2n ** 255n),
  max: 2n ** 255n - 1n,
  expected:
    "a decimal string, bigint or number from -5.78…e38 to 5.78…e38 (2^255 units of 10^-38) with at most 38 digits after the point",
};

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/;
/** More than any type holds; longer ones would take long to count. */
const MAX_DIGITS = 100;

/** The plain form of a value, `-0.00001` for `-1e-5`; `undefined` when the type cannot hold it unchanged. */
export function decimalText(value: unknown, { scale, min, max }: DecimalType): string | undefined {
  if (typeof value !== "string" && typeof value !== "bigint" && typeof value !== "number") return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = DECIMAL.exec(String(value)) ?? [];
  if (sign === undefined) return undefined;
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/(?<!0)0+$/, "");
  if (significant === "") return "0";
  /** Places that the last significant digit stands after the point; negative before it. */
  const places = fraction.length - Number(exponent) - (digits.length - significant.length);
  if (significant.length > MAX_DIGITS || places > scale || places < -MAX_DIGITS) return undefined;
  const isNegative = sign === "-";
  const units = BigInt(significant) * 10n ** BigInt(scale - places);
  if (isNegative ? -units < min : units > max) return undefined;
  return (isNegative ? "-" : "") + withPoint(significant, places);
}

function withPoint(significant: string, places: number): string {
  if (places <= 0) return significant + "0".repeat(-places);
  const padded = significant.padStart(places + 1, "0");
  return `${padded.slice(0, -places)}.${padded.slice(-places)}`;
}
