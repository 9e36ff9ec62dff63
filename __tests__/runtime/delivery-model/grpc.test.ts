import * as fc from "fast-check";
import { drive } from "./drive";
import { judge } from "./judge";
import { realSchedule } from "./schedule";
import { grpcWorld } from "./world";

/** Schedules that take place at the same time. */
const AT_ONCE = 6;

test("behind a real gRPC server, too, every promise is kept", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(realSchedule, { minLength: 1, maxLength: AT_ONCE }), async (schedules) => {
      const complaints = schedules.map(async (schedule) => {
        const world = await grpcWorld(schedule);
        return judge(await drive(schedule, world), world);
      });
      expect((await Promise.all(complaints)).flat()).toEqual([]);
    }),
    // Shrinking waits in real time: what it finds is small enough as it is.
    { numRuns: 6, endOnFailure: true },
  );
});
