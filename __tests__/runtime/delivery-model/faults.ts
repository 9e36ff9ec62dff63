import { status } from "@grpc/grpc-js";
import * as fc from "fast-check";

/** What happens to one append. Where nothing else is said, the call stays open. */
export type AppendFault =
  | { readonly kind: "none" }
  /** It is carried out late; the client may have given it up by then. */
  | { readonly kind: "late"; readonly ms: number }
  /** It is carried out and never answered. */
  | { readonly kind: "lose-answer" }
  /** It is never carried out and never answered. */
  | { readonly kind: "swallow" }
  /** The call ends instead of an answer; the append is carried out before, some time after, or not at all. */
  | {
      readonly kind: "end";
      readonly code: status;
      readonly carriedOut: "before" | "never" | { readonly afterMs: number };
    }
  /** It is answered with an error; some of its rows may be kept or counted all the same. */
  | { readonly kind: "error"; readonly code: status; readonly kept: Share; readonly counted: Share }
  /** Rows are refused, and none is written. */
  | { readonly kind: "row-errors"; readonly indexes: readonly number[] }
  /** The stream takes nothing any more, and this append is refused. */
  | { readonly kind: "finalize"; readonly code: status }
  /** The stream is gone, its rows stay. */
  | { readonly kind: "forget" };

/** How many of an append's rows. */
export type Share = "none" | "some" | "all";

/** What happens to one call that asks and is answered. */
export type CallFault =
  | { readonly kind: "none" }
  | { readonly kind: "late"; readonly ms: number }
  | { readonly kind: "lose-answer" }
  | { readonly kind: "swallow" }
  /** It fails, carried out or not. */
  | { readonly kind: "error"; readonly code: status; readonly carriedOut: boolean };

/** What happens to one request of the REST API. */
export type RestFault =
  | { readonly kind: "none" }
  | { readonly kind: "late"; readonly ms: number }
  | { readonly kind: "lose-answer" }
  | { readonly kind: "swallow" }
  /** Answered with an HTTP status, or the connection is reset. */
  | { readonly kind: "error"; readonly failure: 429 | 500 | 503 | "reset"; readonly carriedOut: boolean }
  /** The end of the answer is missing. */
  | { readonly kind: "cut" }
  /** Refused because another statement changes the same rows. */
  | { readonly kind: "conflict" }
  /** The answer says that the job still runs, this many times. */
  | { readonly kind: "running"; readonly polls: number };

/** What happens to the network or a table at some time. */
export type Event = { readonly atMs: number; readonly tenant: number } & (
  | /** All connections are lost. */ { readonly kind: "drop" }
  | /** The server asks for new connections. */ { readonly kind: "go-away" }
  | /** All connections are lost and nobody answers for a while. */ { readonly kind: "down"; readonly ms: number }
  | /** Nothing arrives for a while, and nobody says so. */ { readonly kind: "black-hole"; readonly ms: number }
  | /** A tenant's table gets a column more. */ { readonly kind: "add-column" }
  | /** A tenant's table loses a column. */ { readonly kind: "drop-column" }
  | /** A tenant's table is dropped with its rows. */ { readonly kind: "drop-table" }
);

/** Codes after which the same append may be sent again. */
const RETRYABLE = [
  status.UNAVAILABLE,
  status.INTERNAL,
  status.ABORTED,
  status.RESOURCE_EXHAUSTED,
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
] as const;
const FINAL = [status.INVALID_ARGUMENT, status.UNKNOWN, status.PERMISSION_DENIED] as const;
const STREAM = [status.NOT_FOUND, status.OUT_OF_RANGE, status.FAILED_PRECONDITION] as const;

const ms = (max: number) => fc.integer({ min: 1, max });
const none = fc.constant({ kind: "none" as const });
const retryable = fc.constantFrom(...RETRYABLE);
const anyCode = fc.constantFrom(...RETRYABLE, ...FINAL, ...STREAM);

/** Faults after which a client that tries again finds everything as it should be. Shrink to none. */
export const passingAppendFault: fc.Arbitrary<AppendFault> = fc.oneof(
  { weight: 3, arbitrary: none },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("late" as const), ms: ms(80) }) },
  { weight: 1, arbitrary: fc.constant({ kind: "lose-answer" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "swallow" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("end" as const),
      code: fc.constantFrom(status.UNAVAILABLE, status.CANCELLED),
      carriedOut: fc.constantFrom("before" as const, "never" as const, { afterMs: 30 }),
    }),
  },
);

/** Everything that a server or network may do to an append without claiming the opposite of what it did. */
export const appendFault: fc.Arbitrary<AppendFault> = fc.oneof(
  { weight: 4, arbitrary: passingAppendFault },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("late" as const), ms: ms(2000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("end" as const),
      code: anyCode,
      carriedOut: fc.oneof(fc.constantFrom("before" as const, "never" as const), fc.record({ afterMs: ms(1500) })),
    }),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({
        kind: fc.constant("error" as const),
        code: fc.constantFrom(...RETRYABLE, ...FINAL),
        shares: fc.constantFrom<readonly [Share, Share]>(
          ["none", "none"],
          ["none", "all"],
          ["none", "some"],
          ["some", "some"],
          ["some", "all"],
          ["all", "all"],
        ),
      })
      .map(({ kind, code, shares: [kept, counted] }) => ({ kind, code, kept, counted })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("error" as const),
      code: fc.constantFrom(...STREAM),
      kept: fc.constant("none" as const),
      counted: fc.constant("none" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("row-errors" as const),
      indexes: fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("finalize" as const),
      code: fc.constantFrom(status.INVALID_ARGUMENT, status.FAILED_PRECONDITION),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "forget" as const }) },
);

export const callFault: fc.Arbitrary<CallFault> = fc.oneof(
  { weight: 4, arbitrary: none },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("late" as const), ms: ms(2000) }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: "lose-answer" as const }, { kind: "swallow" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("error" as const), code: retryable, carriedOut: fc.boolean() }),
  },
);

export const restFault: fc.Arbitrary<RestFault> = fc.oneof(
  { weight: 4, arbitrary: none },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("late" as const), ms: ms(2000) }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: "lose-answer" as const }, { kind: "swallow" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("error" as const),
      failure: fc.constantFrom(429 as const, 500 as const, 503 as const, "reset" as const),
      carriedOut: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ kind: "conflict" as const }, { kind: "cut" as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("running" as const), polls: fc.integer({ min: 1, max: 3 }) }) },
);

export const event: fc.Arbitrary<Event> = fc
  .record({
    atMs: fc.nat(1500),
    tenant: fc.nat(2),
    what: fc.oneof(
      fc.constantFrom({ kind: "drop" as const }, { kind: "go-away" as const }),
      fc.record({ kind: fc.constant("down" as const), ms: ms(3000) }),
      fc.record({ kind: fc.constant("black-hole" as const), ms: ms(90_000) }),
      fc.constantFrom(
        { kind: "add-column" as const },
        { kind: "drop-column" as const },
        { kind: "drop-table" as const },
      ),
    ),
  })
  .map(({ what, ...when }) => ({ ...when, ...what }));

/** What a server on this machine can do without anybody waiting for long. */
export const realEvent: fc.Arbitrary<Event> = fc.record({
  atMs: fc.nat(300),
  tenant: fc.nat(2),
  kind: fc.constantFrom("drop" as const, "go-away" as const, "add-column" as const, "drop-column" as const),
});
