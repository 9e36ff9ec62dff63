import * as fc from "fast-check";
import { drive } from "./drive";
import { judge } from "./judge";
import { anySchedule, passingSchedule, type Schedule } from "./schedule";
import { virtualWorld } from "./world";

async function complaints(schedule: Schedule): Promise<readonly string[]> {
  const world = await virtualWorld(schedule);
  return judge(await drive(schedule, world), world);
}

test("whatever happens, every promise is kept", async () => {
  await fc.assert(
    fc.asyncProperty(anySchedule, async (schedule) => {
      expect(await complaints(schedule)).toEqual([]);
    }),
    { numRuns: Number(process.env["RUNS"] ?? 200), endOnFailure: process.env["NOSHRINK"] === "1" },
  );
});

test("what passes is not noticed: every row is written", async () => {
  await fc.assert(
    fc.asyncProperty(passingSchedule, async (schedule) => {
      const world = await virtualWorld(schedule);
      const ledger = await drive(schedule, world);
      expect(judge(ledger, world)).toEqual([]);
      expect([...ledger.reported]).toEqual([]);
    }),
    { numRuns: Number(process.env["RUNS"] ?? 200), endOnFailure: process.env["NOSHRINK"] === "1" },
  );
});
