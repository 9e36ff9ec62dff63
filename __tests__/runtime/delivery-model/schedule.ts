import * as fc from "fast-check";
import type { MetadataLoggerOptions } from "../../../runtime/logger/logger-options";
import {
  appendFault,
  type AppendFault,
  callFault,
  type CallFault,
  event,
  type Event,
  passingAppendFault,
  realEvent,
  restFault,
  type RestFault,
} from "./faults";

/** Bytes that one value of a row is long: what a row weighs. */
type Size = number;

/** Something that a pipeline does with its tenant's logger, some time after the one before. */
export type Action = { readonly afterMs: number; readonly tenant: number } & (
  | {
      readonly kind: "insert";
      readonly tableId: "step_logs" | "dq_results";
      readonly sizes: readonly Size[];
      /** Whether the rows have a value in the column that a table may lose. */
      readonly isFull: boolean;
    }
  | {
      readonly kind: "run";
      readonly steps: readonly { readonly ms: number; readonly size: Size; readonly fails: boolean }[];
      readonly dqResults: number;
      readonly fails: boolean;
    }
  | { readonly kind: "flush" }
);

type Delivery = NonNullable<MetadataLoggerOptions["delivery"]>;

/** Everything that decides what happens: run again, it happens again. */
export interface Schedule {
  /** Of the pauses between tries. */
  readonly seed: number;
  readonly tenants: number;
  readonly latencyMs: number;
  /** Whether the tenants' tables are there at the start. */
  readonly hasTables: boolean;
  readonly onFailure: "report" | "throw";
  readonly delivery: Required<Delivery> & { readonly retry: Required<NonNullable<Delivery["retry"]>> };
  readonly actions: readonly Action[];
  /** Milliseconds after the last action. */
  readonly closeAfterMs: number;
  readonly closeTimeoutMs: number | undefined;
  readonly appends: readonly AppendFault[];
  readonly creates: readonly CallFault[];
  readonly finalizes: readonly CallFault[];
  readonly rest: readonly RestFault[];
  readonly events: readonly Event[];
}

const size = fc.oneof(
  { weight: 4, arbitrary: fc.nat(60) },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 900 }) },
);

const action: fc.Arbitrary<Action> = fc
  .record({
    afterMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(400) }),
    tenant: fc.nat(2),
    what: fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant("insert" as const),
          tableId: fc.constantFrom("step_logs" as const, "dq_results" as const),
          sizes: fc.array(size, { minLength: 1, maxLength: 9 }),
          isFull: fc.boolean(),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant("run" as const),
          steps: fc.array(fc.record({ ms: fc.nat(100), size, fails: fc.boolean() }), { maxLength: 3 }),
          dqResults: fc.nat(2),
          fails: fc.boolean(),
        }),
      },
      { weight: 1, arbitrary: fc.constant({ kind: "flush" as const }) },
    ),
  })
  .map(({ what, ...when }) => ({ ...when, ...what }));

const actions = fc.array(action, { minLength: 1, maxLength: 7 });

const common = {
  seed: fc.nat(),
  tenants: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constantFrom(2, 3) }),
  latencyMs: fc.constantFrom(0, 1, 7),
  hasTables: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  onFailure: fc.constantFrom("report" as const, "throw" as const),
  actions,
  closeAfterMs: fc.constantFrom(0, 30, 3000),
};

const batches = {
  maxBatchRows: fc.integer({ min: 1, max: 12 }),
  maxBatchBytes: fc.integer({ min: 50, max: 3000 }),
  maxDelayMs: fc.constantFrom(1, 20),
  maxBufferedBytes: fc.oneof(fc.constant(16_000_000), fc.integer({ min: 1, max: 1500 })),
  idleConnectionMs: fc.constantFrom(30, 60_000),
};

/** Anything may happen. */
export const anySchedule: fc.Arbitrary<Schedule> = fc.record({
  ...common,
  delivery: fc.record({
    ...batches,
    appendTimeoutMs: fc.constantFrom(60, 500, 30_000),
    retry: fc.record({
      initialDelayMs: fc.constantFrom(5, 50),
      maxDelayMs: fc.constantFrom(50, 500),
      deadlineMs: fc.constantFrom(300, 2000, 10_000),
    }),
  }),
  closeTimeoutMs: fc.option(fc.constantFrom(0, 500, 5000), { nil: undefined }),
  appends: fc.array(appendFault, { maxLength: 12 }),
  creates: fc.array(callFault, { maxLength: 3 }),
  finalizes: fc.array(callFault, { maxLength: 3 }),
  rest: fc.array(restFault, { maxLength: 6 }),
  events: fc.array(event, { maxLength: 2 }),
});

/** Whatever happens passes before the deadline, and what is lost can be sent again. */
export const passingSchedule: fc.Arbitrary<Schedule> = fc.record({
  ...common,
  delivery: fc.record({
    ...batches,
    appendTimeoutMs: fc.constantFrom(60, 500),
    retry: fc.constant({ initialDelayMs: 5, maxDelayMs: 100, deadlineMs: 120_000 }),
  }),
  closeTimeoutMs: fc.constant(undefined),
  appends: fc.array(passingAppendFault, { maxLength: 20 }),
  creates: fc.constant([]),
  finalizes: fc.constant([]),
  rest: fc.constant([]),
  events: fc.array(fc.record({ atMs: fc.nat(1000), tenant: fc.constant(0), kind: fc.constant("drop" as const) }), {
    maxLength: 2,
  }),
});

/** As {@link anySchedule}, with times short enough to wait for. */
export const realSchedule: fc.Arbitrary<Schedule> = fc.record({
  ...common,
  latencyMs: fc.constant(0),
  closeAfterMs: fc.constantFrom(0, 30),
  delivery: fc.record({
    ...batches,
    appendTimeoutMs: fc.constantFrom(60, 200),
    retry: fc.record({
      initialDelayMs: fc.constant(5),
      maxDelayMs: fc.constant(50),
      deadlineMs: fc.constantFrom(500, 1500),
    }),
  }),
  closeTimeoutMs: fc.option(fc.constantFrom(0, 300), { nil: undefined }),
  appends: fc.array(appendFault, { maxLength: 12 }),
  creates: fc.array(callFault, { maxLength: 2 }),
  finalizes: fc.array(callFault, { maxLength: 2 }),
  // Fetching waits by the machine's clock; what REST does is the other world's.
  rest: fc.constant([]),
  events: fc.array(realEvent, { maxLength: 2 }),
});
