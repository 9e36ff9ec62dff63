import type { Clock, Timer } from "../../bigquery/clock";

class VirtualTimer implements Timer {
  constructor(
    readonly due: number,
    readonly callback: () => void,
  ) {}

  unref(): this {
    return this;
  }
}

/** More than any work needs. */
const MAX_TIMERS = 5000;

/** A clock whose time passes at once, from timer to timer, whenever nothing else is left to do. */
export class VirtualClock implements Clock {
  /** In the order in which they are due; those due at the same time in the order in which they were set. */
  private readonly timers: VirtualTimer[] = [];
  private time = 0;

  /** @param start - milliseconds since 1970. */
  constructor(private readonly start = Date.now()) {}

  now(): number {
    return Math.floor(this.start + this.time);
  }

  elapsed(): number {
    return this.time;
  }

  setTimeout(callback: () => void, ms: number): Timer {
    // As Node does.
    const timer = new VirtualTimer(this.time + Math.max(1, Math.trunc(ms)), callback);
    const later = this.timers.findIndex(({ due }) => due > timer.due);
    this.timers.splice(later === -1 ? this.timers.length : later, 0, timer);
    return timer;
  }

  clearTimeout(timer: Timer | undefined): void {
    const index = this.timers.indexOf(timer as VirtualTimer);
    if (index !== -1) this.timers.splice(index, 1);
  }

  /**
   * Lets time pass until `work` settles.
   *
   * @throws when it never will: nothing is left to do and no timer is set, or one is set again and again.
   */
  async until<T>(work: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = () => (isSettled = true);
    work.then(settle, settle);
    for (let timers = 0; ; timers++) {
      await idle();
      if (isSettled) return work;
      const timer = this.timers.shift();
      if (timer === undefined) throw new Error(`Stuck ${this.time} ms after the start: no timer is set`);
      if (timers === MAX_TIMERS) throw new Error(`Not done ${this.time} ms after the start, and ${MAX_TIMERS} timers`);
      this.time = Math.max(this.time, timer.due);
      timer.callback();
    }
  }
}

/** Resolves when nothing can go on without a timer or the outside world. */
async function idle(): Promise<void> {
  // Code that gives way once itself is not left behind.
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}
