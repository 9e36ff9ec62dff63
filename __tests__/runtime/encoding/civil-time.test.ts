import * as fc from "fast-check";
import { dateDays, isDatetime, isTime, timestampMicros, utcDate } from "../../../runtime/encoding/civil-time";

describe("timestampMicros", () => {
  test.each<[unknown, number | bigint]>([
    [new Date(0), 0],
    [new Date("2026-01-02T03:04:05.678Z"), 1_767_323_045_678_000],
    ["2026-01-02T03:04:05.678901Z", 1_767_323_045_678_901],
    ["2026-01-02 03:04:05.6+01:30", 1_767_317_645_600_000],
    ["2026-01-02T03:04Z", 1_767_323_040_000_000],
    ["2026-01-02t03:04:05z", 1_767_323_045_000_000],
    ["1969-12-31T23:59:59.999999Z", -1],
    ["0001-01-01T00:00:00Z", -62_135_596_800_000_000n],
    ["9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999n],
    // As BigQuery's own client prints microseconds.
    ["2026-01-02T03:04:05.678901000Z", 1_767_323_045_678_901],
  ])("reads %p", (value, micros) => expect(timestampMicros(value)).toBe(micros));

  test.each<[unknown, string]>([
    ["2026-01-02T03:04:05", "no zone"],
    ["2026-01-02", "no time"],
    ["2026-02-30T00:00:00Z", "no such day"],
    ["2026-01-02T24:00:00Z", "no such hour"],
    ["2026-01-02T03:04:60Z", "no such second"],
    ["2026-01-02T03:04:05.1234567Z", "nanoseconds"],
    ["2026-01-02T03:04:05+15:00", "no such zone"],
    ["0000-01-01T00:00:00Z", "before year 1"],
    ["9999-12-31T23:59:59-01:00", "after year 9999"],
    ["today", "no date"],
    [new Date(Number.NaN), "an invalid Date"],
    [1_767_323_045_678, "a number"],
    [null, "nothing"],
  ])("does not read %p: %s", (value) => expect(timestampMicros(value)).toBeUndefined());

  test("reads every Date and its ISO string alike", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(-62_135_596_800_000), max: new Date(253_402_300_799_999), noInvalidDate: true }),
        (date) => {
          const micros = timestampMicros(date);
          expect(BigInt(micros ?? 0)).toBe(BigInt(date.getTime()) * 1000n);
          expect(timestampMicros(date.toISOString())).toBe(micros);
        },
      ),
    );
  });
});

describe("dateDays", () => {
  test.each<[unknown, number]>([
    ["1970-01-01", 0],
    ["2024-02-29", 19_782],
    ["0001-01-01", -719_162],
    ["9999-12-31", 2_932_896],
    [new Date("2026-01-02T00:00:00Z"), 20_455],
  ])("reads %p", (value, days) => expect(dateDays(value)).toBe(days));

  test.each([
    ["2023-02-29"],
    ["2026-1-2"],
    ["2026-01-02T00:00:00Z"],
    [new Date("2026-01-02T00:00:01Z")],
    [20_455],
    [new Date("")],
  ])("does not read %p", (value) => expect(dateDays(value)).toBeUndefined());

  test("reads every day back from its name", () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
        expect(dateDays(new Date(days * 86_400_000).toISOString().slice(0, 10))).toBe(days);
      }),
    );
  });
});

test("a time of day and a datetime are taken as BigQuery writes them, and nothing else", () => {
  expect(["00:00:00", "23:59:59.999999"].every(isTime)).toBe(true);
  expect(["24:00:00", "1:2:3", "12:00", "12:00:00.1234567", 12, null].some(isTime)).toBe(false);
  expect(["2026-01-02T03:04:05", "2026-01-02 03:04:05.123456"].every(isDatetime)).toBe(true);
  expect(["2026-01-02T03:04:05Z", "2026-02-30T00:00:00", "2026-01-02", null].some(isDatetime)).toBe(false);
});

test("the UTC date of a moment does not depend on the machine's zone", () => {
  expect(utcDate(new Date("2026-01-02T23:59:59.999Z"))).toBe("2026-01-02");
  expect(utcDate(new Date("2026-01-03T00:30:00+01:00"))).toBe("2026-01-02");
});
