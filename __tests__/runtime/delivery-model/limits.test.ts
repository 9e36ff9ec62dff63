import * as fc from "fast-check";
import { sleep } from "../../../bigquery/clock";
import { DEFAULT_DELIVERY } from "../../../runtime/delivery/batch-options";
import { MetadataLogger } from "../../../runtime/logger/metadata-logger";
import { stepRow } from "./drive";
import type { AppendFault } from "./faults";
import type { Schedule } from "./schedule";
import { tablePath, virtualWorld } from "./world";
import { runs } from "../../support/runs";

const CALM: Schedule = {
  seed: 0,
  tenants: 1,
  latencyMs: 1,
  hasTables: true,
  onFailure: "report",
  delivery: DEFAULT_DELIVERY,
  actions: [],
  closeAfterMs: 0,
  closeTimeoutMs: undefined,
  appends: [],
  creates: [],
  finalizes: [],
  rest: [],
  events: [],
};

test("rows are taken only as long as there is room for them", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(400), { minLength: 20, maxLength: 120 }),
      fc.integer({ min: 1, max: 4000 }),
      fc.integer({ min: 1, max: 1500 }),
      fc.array(fc.constantFrom<AppendFault>({ kind: "none" }, { kind: "late", ms: 40 }, { kind: "lose-answer" })),
      async (sizes, maxBufferedBytes, maxBatchBytes, appends) => {
        const delivery = { ...DEFAULT_DELIVERY, maxBufferedBytes, maxBatchBytes, maxDelayMs: 1, appendTimeoutMs: 100 };
        const world = await virtualWorld({ ...CALM, appends });
        const [tenant] = world.tenants;
        const logger = new MetadataLogger(world.context, tenant!.tenantId, { delivery });
        const start = new Date(world.clock.now());
        const rows = sizes.map((size, index) => stepRow(`r${index}`, start, size, false));
        // A row is looked at when it is taken; what is in the table is out of the way.
        let taken = 0;
        let most = 0;
        const watched = new Proxy(rows, {
          get: (target, key, receiver) => {
            if (typeof key === "string" && /^\d+$/.test(key)) {
              taken = Math.max(taken, Number(key) + 1);
              const written = world.service.tables.get(tablePath(tenant!, "step_logs"))?.rows.length ?? 0;
              most = Math.max(most, bytesOf(rows.slice(written, Number(key))));
            }
            return Reflect.get(target, key, receiver) as unknown;
          },
        });
        await world.run(logger.insert("step_logs", watched as never));
        await world.run(logger.close());
        expect(taken).toBe(rows.length);
        // Those that are written may not have been answered yet: another batch at most, and the row that filled the queue.
        expect(most).toBeLessThanOrEqual(maxBufferedBytes + LARGEST_ROW);
      },
    ),
    { numRuns: runs(20) },
  );
});

const LARGEST_ROW = 500;

/** What the values of rows weigh at least. */
function bytesOf(rows: readonly ReturnType<typeof stepRow>[]): number {
  return rows.reduce((sum, { step_type: type, step_name: name }) => sum + type.length + 2 * name.length, 0);
}

test("more tables than one connection has streams: all rows are written, soon", async () => {
  const world = await virtualWorld({ ...CALM, tenants: 60 });
  const loggers = world.tenants.map(({ tenantId }) => new MetadataLogger(world.context, tenantId));
  const start = new Date(world.clock.now());
  const work = loggers.map(async (logger, index) => {
    await sleep(world.clock, index);
    await Promise.all([
      logger.insert("step_logs", [stepRow("a", start, 0, false) as never]),
      logger.withRun({ pipelineId: "p", triggerType: "api", triggerBy: "ana@example.com" }, () => undefined),
    ]);
  });
  await world.run(Promise.all(work));
  expect(world.clock.elapsed()).toBeLessThan(1000);
  const closing = Promise.all(loggers.map(async (logger) => logger.close()));
  await world.run(closing);
  const written = [...world.service.tables.values()].flatMap(({ rows }) => rows);
  expect(written).toHaveLength(120);
});
