import * as fc from "fast-check";
import { runs } from "../../support/runs";
import { drive } from "./drive";
import { judge } from "./judge";
import { anySchedule, passingSchedule, type Schedule } from "./schedule";
import { virtualWorld } from "./world";

/** How many schedules are tried, and whether what fails is made as small as can be; README.md says how to use these. */
const { DELIVERY_MODEL_RUNS, DELIVERY_MODEL_SHRINK, DELIVERY_MODEL_SEED, DELIVERY_MODEL_PATH } = process.env;
const isSearch = process.env["TEST_EFFORT"] !== undefined || DELIVERY_MODEL_RUNS !== undefined;

function parameters(numRuns: number): fc.Parameters<[Schedule]> {
  return {
    numRuns: Number(DELIVERY_MODEL_RUNS ?? runs(numRuns)),
    endOnFailure: DELIVERY_MODEL_SHRINK === "no",
    // `npm test` tries the same schedules each time; what looks for new ones says so by TEST_EFFORT or DELIVERY_MODEL_RUNS.
    ...(isSearch && DELIVERY_MODEL_SEED === undefined ? {} : { seed: Number(DELIVERY_MODEL_SEED ?? 2) }),
    ...(DELIVERY_MODEL_PATH === undefined ? {} : { path: DELIVERY_MODEL_PATH }),
  };
}

async function play(schedule: Schedule) {
  const world = await virtualWorld(schedule);
  const ledger = await drive(schedule, world);
  return { ledger, complaints: judge(ledger, world) };
}

test("whatever happens, every promise is kept", async () => {
  const property = fc.asyncProperty(anySchedule, async (schedule) => {
    expect((await play(schedule)).complaints).toEqual([]);
  });
  await fc.assert(property, parameters(300));
});

test("what passes is not noticed: every row is written", async () => {
  const property = fc.asyncProperty(passingSchedule, async (schedule) => {
    const { ledger, complaints } = await play(schedule);
    expect(complaints).toEqual([]);
    expect([...ledger.reported]).toEqual([]);
  });
  await fc.assert(property, parameters(100));
});
