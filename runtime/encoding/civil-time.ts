/*
 * Dates and times of day, read strictly: what BigQuery would not give back as it was given is not read at all.
 * Microseconds since 1970 fit a JavaScript number exactly only until the year 2255; beyond it they are a bigint.
 */

/** Microseconds since 1970-01-01T00:00:00Z. */
export type Micros = number | bigint;

const MS_PER_DAY = 86_400_000;
/** 0001-01-01 and 9999-12-31T23:59:59.999, the range of a BigQuery TIMESTAMP, in milliseconds. */
const MIN_MS = -62_135_596_800_000;
const MAX_MS = 253_402_300_799_999;

const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})(\d*))?)?(?:[Zz]|([+-])(\d\d):?(\d\d))$/;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/;
const DATETIME = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d(?:\.\d{1,6})?)$/;

/** What is wrong with a value, as the end of the sentence "expected …". */
export interface NotATime {
  readonly expected: string;
}

export const TIMESTAMP_EXPECTED =
  "a valid Date, or an ISO 8601 string with a zone and at most microseconds, such as 2026-01-02T03:04:05.123456Z";
export const DATE_EXPECTED = "a string such as 2026-01-02, or a Date at midnight UTC";

/** A `Date` or ISO string as microseconds; `undefined` when it is neither, or would not read back as given. */
export function timestampMicros(value: unknown): Micros | undefined {
  if (value instanceof Date) return inRange(value.getTime()) ? toMicros(value.getTime(), 0) : undefined;
  if (typeof value !== "string") return undefined;
  const match = TIMESTAMP.exec(value);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = "0", fraction = "", excess = "", sign, zoneHour, zoneMinute] =
    match;
  const date = dateMs(Number(year), Number(month), Number(day));
  const time = timeMs(Number(hour), Number(minute), Number(second));
  if (date === undefined || time === undefined || /[^0]/.test(excess)) return undefined;
  const offset = zoneMs(sign, Number(zoneHour ?? 0), Number(zoneMinute ?? 0));
  if (offset === undefined) return undefined;
  const ms = date + time - offset;
  return inRange(ms) ? toMicros(ms, Number(fraction.padEnd(6, "0"))) : undefined;
}

/** A date as days since 1970; `undefined` when it is none, or a `Date` with a time of day that would be lost. */
export function dateDays(value: unknown): number | undefined {
  if (value instanceof Date) {
    const ms = value.getTime();
    return inRange(ms) && ms % MS_PER_DAY === 0 ? ms / MS_PER_DAY : undefined;
  }
  const match = typeof value === "string" ? DATE.exec(value) : null;
  if (match === null) return undefined;
  const ms = dateMs(Number(match[1]), Number(match[2]), Number(match[3]));
  return ms === undefined ? undefined : ms / MS_PER_DAY;
}

/** Whether a string is a time of day that BigQuery reads back as given: `03:04:05.123456`. */
export function isTime(value: unknown): value is string {
  const match = typeof value === "string" ? TIME.exec(value) : null;
  return match !== null && timeMs(Number(match[1]), Number(match[2]), Number(match[3])) !== undefined;
}

/** Whether a string is a date and time without a zone: `2026-01-02T03:04:05`. */
export function isDatetime(value: unknown): value is string {
  const match = typeof value === "string" ? DATETIME.exec(value) : null;
  return match !== null && dateDays(match[1]) !== undefined && isTime(match[2]);
}

/** The UTC date of a moment, `2026-01-02`. */
export function utcDate(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

function dateMs(year: number, month: number, day: number): number | undefined {
  if (year < 1) return undefined;
  const date = new Date(0);
  // Date.UTC takes years below 100 for the 20th century's.
  const ms = date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? ms : undefined;
}

function timeMs(hour: number, minute: number, second: number): number | undefined {
  return hour < 24 && minute < 60 && second < 60 ? ((hour * 60 + minute) * 60 + second) * 1000 : undefined;
}

function zoneMs(sign: string | undefined, hour: number, minute: number): number | undefined {
  if (hour > 14 || minute > 59) return undefined;
  const ms = (hour * 60 + minute) * 60_000;
  return sign === "-" ? -ms : ms;
}

/** False for an invalid `Date` too, whose time is NaN. */
function inRange(ms: number): boolean {
  return ms >= MIN_MS && ms <= MAX_MS;
}

function toMicros(ms: number, fraction: number): Micros {
  const micros = ms * 1000 + fraction;
  return Number.isSafeInteger(micros) ? micros : BigInt(ms) * 1000n + BigInt(fraction);
}
