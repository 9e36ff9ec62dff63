import * as fc from "fast-check";
import { type Clock, systemClock } from "../../../bigquery/clock";
import { Stopwatch } from "../../../runtime/runs/stopwatch";

test("an end is never before its start, and as far from it as the time measured, whatever the clock is set to", () => {
  const moment = fc.integer({ min: 0, max: 4_102_444_800_000 });
  fc.assert(
    fc.property(fc.array(moment, { minLength: 1 }), fc.array(fc.nat(100_000)), (settings, pauses) => {
      let monotonic = 0;
      let reads = 0;
      const clock: Clock = {
        ...systemClock,
        now: () => settings[reads++ % settings.length] ?? 0,
        elapsed: () => monotonic,
      };
      const stopwatch = new Stopwatch(clock);
      for (const pause of pauses) {
        monotonic += pause + 0.4;
        const { durationMs, endTime } = stopwatch.read();
        expect(durationMs).toBe(Math.round(monotonic));
        expect(endTime.getTime() - stopwatch.startTime.getTime()).toBe(durationMs);
      }
    }),
  );
});
