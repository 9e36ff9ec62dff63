import type { v1 } from "@google-cloud/bigquery-storage";
import * as fc from "fast-check";
import { systemClock } from "../../../bigquery/clock";
import { Deadline } from "../../../bigquery/deadline";
import { WriteChannels } from "../../../bigquery/write-channels";
import type { TableDefinition } from "../../../model/formats/table-definition";
import { DEFAULT_DELIVERY } from "../../../runtime/delivery/batch-options";
import { TableWriter } from "../../../runtime/delivery/table-writer";
import { runs } from "../../support/runs";
import { ScriptedService } from "./scripted-service";

const TABLE: TableDefinition = {
  tableId: "numbers",
  schema: {
    fields: [
      { name: "n", type: "INTEGER", mode: "REQUIRED" },
      { name: "note", type: "STRING", mode: "NULLABLE" },
    ],
  },
};
const KNOWN_MS = 5000;
/** What `ScriptedService` says of its streams. */
const STREAM_CREATED_MS = 1000;

/** A writer of rows with a note, into a table that somebody changes meanwhile. */
function setUp() {
  const live = { hasNote: false, createdAtMs: (): number | undefined => 0 };
  const time = { ms: 0 };
  const counts = { streams: 0, restored: 0 };
  const service = new ScriptedService([]);
  const client = {
    ...(service.client as object),
    createWriteStream: async (request: object) => {
      counts.streams++;
      const [stream] = await service.client.createWriteStream(request);
      const fields = [{ name: "n", type: "INT64", mode: "REQUIRED" }];
      const note = { name: "note", type: "STRING", mode: "NULLABLE" };
      return [{ ...stream, tableSchema: { fields: live.hasNote ? [...fields, note] : fields } }];
    },
  } as unknown as v1.BigQueryWriteClient;
  const clock = { ...systemClock, elapsed: () => time.ms };
  const writer = new TableWriter(
    new WriteChannels(() => client),
    "projects/p/datasets/d/tables/numbers",
    TABLE,
    {
      restore: async () => void counts.restored++,
      createdAtMs: async () => live.createdAtMs(),
      find: async () => new Set(),
      reportDifferences: () => undefined,
    },
    { ...DEFAULT_DELIVERY, clock },
  );
  const write = async (): Promise<string> => {
    let outcome = "never settled";
    const row = {
      bytes: Uint8Array.of(1),
      row: { n: 1, note: "x" },
      delivered: () => (outcome = "written"),
      failed: (failed: string) => (outcome = failed),
    };
    await writer.deliver([row], Deadline.after(clock, 10_000));
    return outcome;
  };
  return { live, time, counts, service, writer, write };
}

test("a table that was put right takes rows again, and is looked at once in five seconds", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ waitMs: fc.integer({ min: 0, max: 8000 }), hasNote: fc.boolean() }), { maxLength: 12 }),
      async (steps) => {
        const { live, time, counts, writer, write } = setUp();
        let known = false;
        let knownAtMs = 0;
        let looks = 1;
        expect(await write()).toBe("not-written");
        for (const { waitMs, hasNote } of steps) {
          time.ms += waitMs;
          live.hasNote = hasNote;
          if (!known && time.ms - knownAtMs >= KNOWN_MS) {
            known = hasNote;
            knownAtMs = time.ms;
            looks++;
          }
          expect(await write()).toBe(known ? "written" : "not-written");
          expect(counts.streams).toBe(looks);
        }
        await writer.close();
      },
    ),
    { numRuns: runs(100) },
  );
});

test.each<[string, () => number | undefined, number]>([
  ["recreated", () => STREAM_CREATED_MS + 1, 1],
  ["deleted", () => undefined, 1],
  ["repaired in place", () => STREAM_CREATED_MS - 1, 0],
])(
  "a table that was %s is restored before rows go into it, when it is another one",
  async (_, createdAtMs, restored) => {
    const { live, time, counts, writer, write } = setUp();
    expect(await write()).toBe("not-written");
    Object.assign(live, { hasNote: true, createdAtMs });
    time.ms = KNOWN_MS;
    expect(await write()).toBe("written");
    expect(counts.restored).toBe(restored);
    await writer.close();
  },
);

test("a table of which nobody knows whether it is the same takes no row", async () => {
  const { live, time, counts, service, writer, write } = setUp();
  expect(await write()).toBe("not-written");
  live.hasNote = true;
  live.createdAtMs = () => {
    throw new Error("no answer");
  };
  time.ms = KNOWN_MS;
  expect(await write()).toBe("not-written");
  expect([counts.streams, service.table]).toEqual([1, []]);
  await writer.close();
});
