/** Gives the time and waits. Everything that talks to BigQuery asks the clock of its connection, so that a test can bring one. */
export interface Clock {
  /** Milliseconds since 1970, as the machine's calendar has it, which may be set back. */
  now(): number;
  /** Milliseconds since some moment; never goes back. */
  elapsed(): number;
  /** Calls back once after `ms` milliseconds, and keeps the process alive until then unless the timer is unref'd. */
  setTimeout(callback: () => void, ms: number): Timer;
  clearTimeout(timer: Timer | undefined): void;
}

export interface Timer {
  unref(): unknown;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
};

/** Resolves after `ms` milliseconds; keeps the process alive until then. */
export async function sleep(clock: Clock, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.setTimeout(resolve, ms);
  });
}
