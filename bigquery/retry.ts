// By its own path: the index loads 28 files for it.
import { ExponentialBackoff } from "cockatiel/dist/backoff/ExponentialBackoff";
import type { Deadline } from "./deadline";

/** Pauses between tries and the time after which it is given up. */
export interface RetryOptions {
  /** First pause, in milliseconds; each later one is longer, with jitter. */
  readonly initialDelayMs: number;
  /** Longest pause, in milliseconds. */
  readonly maxDelayMs: number;
  /** Milliseconds after which it is given up. */
  readonly deadlineMs: number;
}

export const DEFAULT_RETRY: RetryOptions = { initialDelayMs: 100, maxDelayMs: 10_000, deadlineMs: 120_000 };

/**
 * Calls `attempt` until it works, fails for good, or its time is over; not at all when it is over already. Pauses grow with
 * decorrelated jitter, so that many workers that failed together do not come back together.
 *
 * @param attempt - ends by the deadline itself.
 * @throws {@link DeadlineError} with the last failure as its cause; a failure that is not worth a retry as it is.
 */
export async function withRetry<T>(
  what: string,
  deadline: Deadline,
  { initialDelayMs, maxDelayMs }: Omit<RetryOptions, "deadlineMs">,
  isTransient: (error: Error) => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  let pause = new ExponentialBackoff({ initialDelay: initialDelayMs, maxDelay: maxDelayMs }).next();
  let last: Error | undefined;
  while (!deadline.isOver) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Error) || !isTransient(error)) throw error;
      last = error;
      if (pause.duration >= deadline.remainingMs) break;
    }
    await deadline.sleep(pause.duration);
    pause = pause.next(undefined);
  }
  throw deadline.error(what, last);
}
