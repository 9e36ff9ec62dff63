import type { Clock } from "../../bigquery/clock";

/** Measures how long something takes, from its creation. */
export class Stopwatch {
  /** When it was started. */
  readonly startTime: Date;
  private readonly startedAt: number;

  constructor(private readonly clock: Clock) {
    this.startTime = new Date(clock.now());
    this.startedAt = clock.elapsed();
  }

  /** Whole milliseconds since the start, and the time that it is now: never before the start, whatever the clock was set to. */
  read(): { readonly durationMs: number; readonly endTime: Date } {
    const durationMs = Math.round(this.clock.elapsed() - this.startedAt);
    return { durationMs, endTime: new Date(this.startTime.getTime() + durationMs) };
  }
}
