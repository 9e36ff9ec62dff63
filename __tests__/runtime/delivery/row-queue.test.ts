import * as fc from "fast-check";
import { sleep, systemClock } from "../../../bigquery/clock";
import { DEFAULT_DELIVERY, type DeliveryOptions } from "../../../runtime/delivery/batch-options";
import { VirtualClock } from "../../support/virtual-clock";
import { type QueuedRow, RowQueue } from "../../../runtime/delivery/row-queue";
import { runs } from "../../support/runs";

const row = (id: number, bytes = 10): QueuedRow & { readonly id: number } => ({
  id,
  bytes: new Uint8Array(bytes),
  row: {},
  delivered: () => undefined,
  failed: () => undefined,
});

function queue(options: Partial<DeliveryOptions>) {
  const batches: number[][] = [];
  let delivering = 0;
  const rows = new RowQueue(
    async (batch) => {
      expect(++delivering).toBe(1);
      batches.push(batch.map((queued) => (queued as ReturnType<typeof row>).id));
      await new Promise((resolve) => setImmediate(resolve));
      delivering--;
      return true;
    },
    { ...DEFAULT_DELIVERY, maxDelayMs: 5, ...options },
    systemClock,
  );
  return { rows, batches };
}

test("rows that come together go together, in order", async () => {
  const { rows, batches } = queue({});
  for (let id = 0; id < 5; id++) rows.add(row(id));
  await rows.idle();
  expect(batches).toEqual([[0, 1, 2, 3, 4]]);
});

test("a batch is cut at its number of rows and at its bytes; a large row goes alone", async () => {
  const byRows = queue({ maxBatchRows: 2 });
  for (let id = 0; id < 5; id++) byRows.rows.add(row(id));
  await byRows.rows.idle();
  expect(byRows.batches).toEqual([[0, 1], [2, 3], [4]]);

  const byBytes = queue({ maxBatchBytes: 25 });
  for (const [id, bytes] of [10, 10, 10, 90, 10].entries()) byBytes.rows.add(row(id, bytes));
  await byBytes.rows.idle();
  expect(byBytes.batches).toEqual([[0, 1], [2], [3], [4]]);
});

test("rows that are to be sent now do not wait for the delay", async () => {
  const { rows, batches } = queue({ maxDelayMs: 3_600_000 });
  rows.add(row(0));
  rows.sendNow();
  await rows.idle();
  expect(batches).toEqual([[0]]);
});

test("whoever brings more than there is room for waits until there is", async () => {
  const { rows, batches } = queue({ maxBufferedBytes: 30, maxBatchRows: 1 });
  for (let id = 0; id < 3; id++) {
    await rows.notFull();
    rows.add(row(id));
  }
  expect(rows.isFull).toBe(true);
  await rows.notFull();
  expect(rows.isFull).toBe(false);
  expect(batches.length).toBeGreaterThan(0);
  await rows.idle();
});

test("every row is delivered exactly once and in order, whatever the sizes and limits", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 80 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 300 }),
      async (sizes, maxBatchRows, maxBatchBytes, maxBufferedBytes) => {
        const { rows, batches } = queue({ maxBatchRows, maxBatchBytes, maxBufferedBytes, maxDelayMs: 0 });
        for (const [id, bytes] of sizes.entries()) {
          await rows.notFull();
          rows.add(row(id, bytes));
        }
        await rows.idle();
        expect(batches.flat()).toEqual(sizes.map((_, id) => id));
        expect(batches.every((batch) => batch.length > 0 && batch.length <= maxBatchRows)).toBe(true);
      },
    ),
    { numRuns: runs(30) },
  );
});

test("a batch fits into one request, whatever the limits say", async () => {
  const { rows, batches } = queue({ maxBatchRows: 1e9, maxBatchBytes: 1e9, maxBufferedBytes: 1e9 });
  const sizes = [...Array.from({ length: 300_000 }, () => 30), 9_000_000, 400_000, 9_000_000];
  for (const [id, bytes] of sizes.entries()) rows.add(row(id, bytes));
  await rows.idle();
  expect(batches.flat()).toHaveLength(sizes.length);
  for (const batch of batches) {
    expect(batch.reduce((sum, id) => sum + (sizes[id] ?? 0) + 6, 0)).toBeLessThan(10_000_000);
  }
});

test("rows share a batch only when their deadlines are close", async () => {
  const clock = new VirtualClock();
  const batches: number[] = [];
  const rows = new RowQueue(
    async (batch, deadline) => {
      batches.push(batch.length);
      await deadline.sleep(Infinity);
      return false;
    },
    { ...DEFAULT_DELIVERY, maxDelayMs: 0, retry: { ...DEFAULT_DELIVERY.retry, deadlineMs: 10_000 } },
    clock,
  );
  const settledBy: number[] = [];
  // A server that takes nothing: each batch is given up at its deadline, and those behind it have waited as long.
  for (let second = 0; second < 20; second++) {
    rows.add(row(second));
    await clock.until(sleep(clock, 1000));
  }
  void rows.idle().then(() => settledBy.push(clock.elapsed()));
  await clock.until(rows.idle());
  expect(batches.reduce((sum, count) => sum + count, 0)).toBe(20);
  expect(Math.max(...batches)).toBeLessThanOrEqual(2);
  expect(settledBy[0]).toBeLessThanOrEqual(30_000);
});
