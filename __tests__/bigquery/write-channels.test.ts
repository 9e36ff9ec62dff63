import * as fc from "fast-check";
import { Deadline } from "../../bigquery/deadline";
import { type Lease, MAX_CHANNELS, STREAMS_PER_CHANNEL, WriteChannels } from "../../bigquery/write-channels";
import { VirtualClock } from "../support/virtual-clock";

const CAPACITY = MAX_CHANNELS * STREAMS_PER_CHANNEL;

function pool() {
  const clock = new VirtualClock();
  let clients = 0;
  const channels = new WriteChannels(() => ({ id: clients++, initialize: async () => undefined }) as never);
  const acquire = async (giveWay: () => void = () => undefined, ms = 60_000) =>
    channels.acquire(giveWay, Deadline.after(clock, ms));
  return { clock, channels, acquire };
}

test("no channel carries more streams than it may, and a channel is made only when the others are full", async () => {
  const { acquire } = pool();
  const leases: Lease[] = [];
  for (let stream = 0; stream < STREAMS_PER_CHANNEL * 2 + 1; stream++) leases.push(await acquire());
  const perClient = new Map<unknown, number>();
  for (const { client } of leases) perClient.set(client, (perClient.get(client) ?? 0) + 1);
  expect([...perClient.values()]).toEqual([STREAMS_PER_CHANNEL, STREAMS_PER_CHANNEL, 1]);
});

test("where all places are taken, who waits gets no place by its deadline, and the next one is not lost", async () => {
  const { clock, acquire } = pool();
  const leases = await Promise.all(Array.from({ length: CAPACITY }, async () => acquire()));
  await expect(clock.until(acquire(undefined, 100))).rejects.toMatchObject({ name: "DeadlineError" });
  const next = acquire();
  leases[0]?.release();
  await expect(clock.until(next)).resolves.toBeDefined();
});

test("500 tenants with three tables share the places: idle streams give way, all get one in the order of asking", async () => {
  const { clock, acquire } = pool();
  const served: number[] = [];
  let open = 0;
  let mostOpen = 0;
  const write = async (table: number) => {
    const lease: Lease = await acquire(() => {
      open--;
      lease.release();
    });
    mostOpen = Math.max(mostOpen, ++open);
    served.push(table);
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 20));
    // The connection stays open, as that of a table does.
    lease.setIdle(true);
  };
  const tables = Array.from({ length: 1500 }, (_, table) => table);
  await clock.until(Promise.all(tables.map(write)));
  expect(served).toEqual(tables);
  expect(mostOpen).toBe(CAPACITY);
  expect(clock.elapsed()).toBeLessThanOrEqual(60);
});

test("whatever is acquired, left idle, released and given up, no place is lost and none is given twice", async () => {
  const action = fc.constantFrom("acquire", "idle", "busy", "release", "wait") as fc.Arbitrary<string>;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(action, fc.nat()), { maxLength: 60 }), async (actions) => {
      const { clock, acquire } = pool();
      const held = new Set<Lease>();
      const others = await Promise.all(Array.from({ length: CAPACITY - 3 }, async () => acquire()));
      const take = async () => {
        const lease: Lease = await acquire(() => {
          held.delete(lease);
          lease.release();
        }, 50);
        held.add(lease);
        expect(held.size).toBeLessThanOrEqual(3);
      };
      const waiting: Promise<void>[] = [];
      for (const [name, place] of actions) {
        const lease = [...held][place % Math.max(1, held.size)];
        if (name === "acquire") waiting.push(take().catch(() => undefined));
        if (name === "idle") lease?.setIdle(true);
        if (name === "busy") lease?.setIdle(false);
        if (name === "release" && lease !== undefined) {
          held.delete(lease);
          lease.release();
        }
        if (name === "wait") await clock.until(new Promise<void>((resolve) => clock.setTimeout(resolve, 60)));
      }
      await clock.until(Promise.all(waiting));
      for (const lease of [...held, ...others]) lease.release();
      const all = await clock.until(Promise.all(Array.from({ length: CAPACITY }, async () => acquire(undefined, 1))));
      expect(all).toHaveLength(CAPACITY);
    }),
    { numRuns: 60 },
  );
});
