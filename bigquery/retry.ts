import { ExponentialBackoff } from "cockatiel";
import { DeadlineError } from "../model/errors";
import { type Clock, sleep } from "./clock";

/** Pauses between tries and the time after which there is no further one. */
export interface RetryOptions {
  /** First pause, in milliseconds; each later one is longer, with jitter. */
  readonly initialDelayMs: number;
  /** Longest pause, in milliseconds. */
  readonly maxDelayMs: number;
  /** Milliseconds from the first try after which no other one starts. */
  readonly deadlineMs: number;
}

export const DEFAULT_RETRY: RetryOptions = { initialDelayMs: 100, maxDelayMs: 10_000, deadlineMs: 120_000 };

/**
 * Carries out `attempt` until it works, fails for good, or its time is over. Pauses grow with decorrelated jitter, so that
 * many workers that failed together do not come back together.
 *
 * @throws {@link DeadlineError} with the last failure as its cause; a failure that is not worth a retry as it is.
 */
export async function withRetry<T>(
  clock: Clock,
  what: string,
  { initialDelayMs, maxDelayMs, deadlineMs }: RetryOptions,
  isTransient: (error: Error) => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  const deadline = clock.elapsed() + deadlineMs;
  let pause = new ExponentialBackoff({ initialDelay: initialDelayMs, maxDelay: maxDelayMs }).next();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Error) || !isTransient(error)) throw error;
      if (clock.elapsed() + pause.duration >= deadline) {
        throw new DeadlineError(`${what} did not work within ${deadlineMs} ms: ${error.message}`, { cause: error });
      }
    }
    await sleep(clock, pause.duration);
    pause = pause.next(undefined);
  }
}
