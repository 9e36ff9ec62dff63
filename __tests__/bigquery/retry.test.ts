import * as fc from "fast-check";
import { Deadline } from "../../bigquery/deadline";
import { withRetry } from "../../bigquery/retry";
import { DeadlineError } from "../../model/errors";
import { VirtualClock } from "../support/virtual-clock";

const isTransient = ({ message }: Error) => message.startsWith("transient");

test("a failure is retried until it works, with pauses", async () => {
  const clock = new VirtualClock();
  let tries = 0;
  const options = { initialDelayMs: 100, maxDelayMs: 400, deadlineMs: 120_000 };
  const result = withRetry("The call", Deadline.after(clock, options.deadlineMs), options, isTransient, async () => {
    if (++tries < 6) throw new Error("transient");
    return "done";
  });
  await expect(clock.until(result)).resolves.toBe("done");
  expect(tries).toBe(6);
  expect(clock.elapsed()).toBeGreaterThan(0);
  expect(clock.elapsed()).toBeLessThanOrEqual(5 * 400);
});

test("a failure that is not transient ends it as it is", async () => {
  const failure = new Error("for good");
  const options = { initialDelayMs: 100, maxDelayMs: 400, deadlineMs: 120_000 };
  const deadline = Deadline.after(new VirtualClock(), options.deadlineMs);
  const result = withRetry("The call", deadline, options, isTransient, async () => Promise.reject(failure));
  await expect(result).rejects.toBe(failure);
});

test("no try starts after the deadline, and the last failure is told", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 1, max: 100 }),
      async (initialDelayMs, longest, all) => {
        const clock = new VirtualClock();
        const options = { initialDelayMs, maxDelayMs: initialDelayMs * longest, deadlineMs: initialDelayMs * all };
        let tries = 0;
        let lastStart = 0;
        const result = withRetry(
          "The call",
          Deadline.after(clock, options.deadlineMs),
          options,
          isTransient,
          async () => {
            lastStart = clock.elapsed();
            throw new Error(`transient ${++tries}`);
          },
        );
        const error: unknown = await clock.until(result).catch((failure: unknown) => failure);
        expect(error).toBeInstanceOf(DeadlineError);
        expect((error as Error).message).toBe(
          `The call did not work within ${options.deadlineMs} ms: transient ${tries}`,
        );
        expect(lastStart).toBeLessThan(options.deadlineMs);
        expect(clock.elapsed()).toBe(lastStart);
      },
    ),
    { numRuns: 50 },
  );
});
