import { DeadlineError } from "../model/errors";
import type { Clock, Timer } from "./clock";

/**
 * The moment by which a piece of work is over, whatever it is waiting for. It is handed down: whoever is given one hands it, or
 * a sooner one of its own, to everything it calls.
 */
export class Deadline {
  private readonly listeners = new Set<() => void>();
  private readonly startedAt: number;
  private timer: Timer | undefined;
  private hasEnded = false;

  private constructor(
    readonly clock: Clock,
    /** By the clock's `elapsed`. */
    private readonly endsAt: number,
    private readonly parent?: Deadline,
  ) {
    this.startedAt = clock.elapsed();
  }

  /** `ms` milliseconds from now. */
  static after(clock: Clock, ms: number): Deadline {
    return new Deadline(clock, clock.elapsed() + ms);
  }

  /** At a time by the clock's `elapsed`. */
  static at(clock: Clock, elapsedMs: number): Deadline {
    return new Deadline(clock, elapsedMs);
  }

  /** `ms` milliseconds from now, or this one when it is sooner. */
  within(ms: number): Deadline {
    return new Deadline(this.clock, Math.min(this.endsAt, this.clock.elapsed() + ms), this);
  }

  get remainingMs(): number {
    return this.isOver ? 0 : this.endsAt - this.clock.elapsed();
  }

  get isOver(): boolean {
    return this.hasEnded || this.clock.elapsed() >= this.endsAt || this.parent?.isOver === true;
  }

  /** Has it be over now. */
  end(): void {
    this.hasEnded = true;
    this.clock.clearTimeout(this.timer);
    for (const listener of this.listeners) listener();
  }

  /** Calls back once when it is over, at once when it is. @returns what takes the callback away again. */
  onOver(callback: () => void): () => void {
    if (this.isOver) {
      callback();
      return () => undefined;
    }
    let leaveParent: (() => void) | undefined;
    const leave = () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.clock.clearTimeout(this.timer);
      leaveParent?.();
    };
    const listener = () => {
      leave();
      callback();
    };
    if (this.listeners.size === 0) {
      this.timer = this.clock.setTimeout(() => this.end(), this.endsAt - this.clock.elapsed());
    }
    this.listeners.add(listener);
    leaveParent = this.parent?.onOver(listener);
    return leave;
  }

  /**
   * Waits for work, but no longer than until it is over; then the work goes on unheard.
   *
   * @param what - the beginning of the error's message, e.g. `Opening a stream`.
   * @throws {@link DeadlineError} when it is over first.
   */
  async race<T>(what: string, work: Promise<T>): Promise<T> {
    let leave: (() => void) | undefined;
    const over = new Promise<never>((_, reject) => {
      leave = this.onOver(() => reject(this.error(what)));
    });
    try {
      return await Promise.race([work, over]);
    } finally {
      leave?.();
      work.catch(() => undefined);
    }
  }

  /** Resolves after `ms` milliseconds, or when it is over. */
  async sleep(ms: number): Promise<void> {
    const pause = this.within(ms);
    await new Promise<void>((resolve) => {
      pause.onOver(resolve);
    });
  }

  /** For work that was not done in time. */
  error(what: string, cause?: Error): DeadlineError {
    const ms = Math.round(this.endsAt - this.startedAt);
    const message = `${what} did not work within ${ms} ms`;
    return cause === undefined
      ? new DeadlineError(message)
      : new DeadlineError(`${message}: ${cause.message}`, { cause });
  }
}
