import * as fc from "fast-check";
import { systemClock } from "../../../bigquery/clock";
import { Deadline } from "../../../bigquery/deadline";
import { WriteChannels } from "../../../bigquery/write-channels";
import type { TableDefinition } from "../../../model/formats/table-definition";
import { Code } from "../../../runtime/delivery/append-error";
import { DEFAULT_DELIVERY } from "../../../runtime/delivery/batch-options";
import { TableWriter } from "../../../runtime/delivery/table-writer";
import { type Behaviour, ScriptedService } from "./scripted-service";
import { runs } from "../../support/runs";

const TABLE: TableDefinition = {
  tableId: "numbers",
  schema: { fields: [{ name: "n", type: "INTEGER", mode: "REQUIRED" }] },
};

type Outcome = "written" | "not-written" | "unknown";

/** Writes batches of rows, numbered from 0, and says what became of each. */
async function write(script: readonly Behaviour[], batches: readonly number[], canLookUp = false) {
  const service = new ScriptedService([...script]);
  const writer = new TableWriter(
    new WriteChannels(() => service.client),
    "projects/p/datasets/d/tables/numbers",
    TABLE,
    {
      restore: async () => undefined,
      createdAtMs: async () => 0,
      find: async (rows) =>
        new Set(rows.filter((row) => canLookUp && service.table.includes((row as { n: number }).n))),
      reportDifferences: () => undefined,
    },
    { ...DEFAULT_DELIVERY, clock: systemClock, retry: { initialDelayMs: 1, maxDelayMs: 1, deadlineMs: 10_000 } },
  );
  const outcomes: Outcome[] = [];
  for (const length of batches) {
    const first = outcomes.length;
    const rows = Array.from({ length }, (_, index) => ({
      bytes: Uint8Array.of(first + index),
      row: { n: first + index },
      delivered: () => (outcomes[first + index] = "written"),
      failed: (outcome: Outcome) => (outcomes[first + index] = outcome),
    }));
    await writer.deliver(rows, Deadline.after(systemClock, 10_000));
    expect(outcomes).toHaveLength(first + length);
  }
  await writer.close();
  service.deliverLate();
  return { outcomes, table: service.table };
}

const FAILED: Pick<Extract<Behaviour, { kind: "answer" }>, "kind" | "code"> = { kind: "answer", code: Code.INTERNAL };

test.each<[string, readonly Behaviour[], readonly Outcome[]]>([
  ["answered with an error and counted", [{ ...FAILED, code: Code.UNKNOWN, counted: 1, stored: 0 }], ["unknown"]],
  ["ended with an error and counted", [{ kind: "status", code: Code.UNKNOWN, counted: 1, stored: 0 }], ["unknown"]],
  ["answered with a passing error and counted", [{ ...FAILED, counted: 1, stored: 0 }], ["unknown"]],
  [
    "answered with an error and not counted, twice",
    Array.from({ length: 2 }, () => ({ ...FAILED, code: Code.UNKNOWN, counted: 0 as const, stored: 0 as const })),
    ["not-written"],
  ],
  ["lost after the commit", [{ kind: "lost", arrives: "first" }], ["written"]],
  [
    "lost after the commit, then the stream takes no more",
    [
      { kind: "lost", arrives: "first" },
      { ...FAILED, code: Code.NOT_FOUND, counted: 0, stored: 0 },
    ],
    ["written"],
  ],
])("an append that was %s", async (_, script, expected) => {
  const { outcomes } = await write(script, [2]);
  expect(new Set(outcomes)).toEqual(new Set(expected));
});

test("rows said to be there already, although they were never sent, go to another stream", async () => {
  const { outcomes, table } = await write([{ ...FAILED, code: Code.ALREADY_EXISTS, counted: 0, stored: 0 }], [2]);
  expect([outcomes, table]).toEqual([
    ["written", "written"],
    [0, 1],
  ]);
});

const part = fc.constantFrom<0 | 0.5 | 1>(0, 0.5, 1);
const code = fc.constantFrom(Code.UNKNOWN, Code.INVALID_ARGUMENT, Code.RESOURCE_EXHAUSTED, Code.ABORTED, Code.INTERNAL);
/** A server may count rows that it does not keep, and then says that it failed; what it keeps it counts. */
const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.constant<Behaviour>({ kind: "ok" }),
  fc
    .record({ kind: fc.constantFrom("answer" as const, "status" as const), code, counted: part, stored: part })
    .filter(({ counted, stored }) => stored <= counted),
  fc.record({
    kind: fc.constant("lost" as const),
    arrives: fc.constantFrom("never" as const, "first" as const, "late" as const),
  }),
  fc.record({ kind: fc.constant("row-errors" as const), counted: fc.constantFrom<0 | 1>(0, 1) }),
);

test("acknowledged is stored exactly once, and not-written is not stored, whatever the service does", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(behaviour, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      async (script, batches, canLookUp) => {
        const { outcomes, table } = await write(script, batches, canLookUp);
        for (const [row, outcome] of outcomes.entries()) {
          const times = table.filter((stored) => stored === row).length;
          const allowed = { written: [1], "not-written": [0], unknown: canLookUp ? [0] : [0, 1] }[outcome];
          expect({ row, outcome, isAllowed: allowed.includes(times) }).toEqual({ row, outcome, isAllowed: true });
        }
        expect(table).toEqual([...table].sort((a, b) => a - b));
      },
    ),
    { numRuns: runs(200) },
  );
}, 60_000);
