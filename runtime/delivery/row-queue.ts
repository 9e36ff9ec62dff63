import type { Clock, Timer } from "../../bigquery/clock";
import { Deadline } from "../../bigquery/deadline";
import { DeadlineError } from "../../model/errors";
import type { DeliveryOptions } from "./batch-options";

/** Part of a row's time by which it may be settled early, because it shares a batch with older rows. */
const MAX_DEADLINE_SPREAD = 0.1;

/**
 * Bytes of one request at most, with something left for what surrounds the rows: BigQuery takes 10 MB.
 *
 * @see https://cloud.google.com/bigquery/quotas#write-api-limits
 */
const MAX_REQUEST_BYTES = 9_500_000;
/** A row's tag and length in its request. */
const ROW_OVERHEAD_BYTES = 6;

/** An encoded row on its way, with what to call when its fate is known. The first call counts. */
export interface QueuedRow {
  readonly bytes: Uint8Array;
  /** As the caller gave it, to be handed back. */
  readonly row: object;
  /** Its fate is known. @default false */
  readonly isSettled?: boolean;
  delivered(): void;
  failed(outcome: "not-written" | "unknown", cause: Error): void;
}

/**
 * Gathers one table's rows into batches, by number, bytes and time, and has them delivered one batch after the other.
 *
 * Rows are delivered in the order they were added, and each is settled in the time it has: from when its caller brought it, or
 * from when rows were last written. Memory is bounded: {@link notFull} waits while too much is queued.
 */
export class RowQueue {
  private rows: QueuedRow[] = [];
  /** When each of them is to be settled, by the clock's `elapsed`. */
  private endsAt: number[] = [];
  private expiryTimer: Timer | undefined;
  private expiresAt = Infinity;
  /** When rows were last written, by the clock's `elapsed`. */
  private lastWritten = -Infinity;
  /** Bytes queued and being delivered. */
  private bytes = 0;
  /** Of the rows queued, how many are not to wait for others. */
  private urgent = 0;
  private pump: Promise<void> | undefined;
  private wakePump: (() => void) | undefined;
  private delivering: readonly QueuedRow[] = [];
  private deadline: Deadline | undefined;
  private handedBackFor: Error | undefined;
  private readonly waiting: (() => void)[] = [];

  constructor(
    /** Settles all rows by the deadline. @returns whether some were written. */
    private readonly deliver: (rows: readonly QueuedRow[], deadline: Deadline) => Promise<boolean>,
    private readonly options: DeliveryOptions,
    readonly clock: Clock,
  ) {}

  /** Too much is queued for another row, or others wait to add theirs. */
  get isFull(): boolean {
    return this.handedBackFor === undefined && (this.isOverfull || this.waiting.length > 0);
  }

  /**
   * Waits for its turn to add a row, while the queue is full. Everyone who waits is let in in turn, one row each.
   *
   * @param since - when its caller brought the row, by the clock's `elapsed`.
   * @throws `DeadlineError` when the row's time was over first.
   */
  async notFull(since = this.clock.elapsed()): Promise<void> {
    while (this.isFull) {
      const deadline = Deadline.at(this.clock, this.endOf(since));
      const turn = new Promise<void>((resolve) => this.waiting.push(resolve));
      try {
        await deadline.race("Waiting for rows to be delivered", turn);
        return;
      } catch (error) {
        // Rows that were written meanwhile give it more time.
        if (this.endOf(since) <= this.clock.elapsed()) throw error;
      }
    }
  }

  /**
   * Queues a row; await {@link notFull} before.
   *
   * @param since - when its caller brought it.
   */
  add(row: QueuedRow, since = this.clock.elapsed()): void {
    if (this.handedBackFor !== undefined) {
      row.failed("not-written", this.handedBackFor);
      return;
    }
    this.rows.push(row);
    const endsAt = this.endOf(since);
    this.endsAt.push(endsAt);
    if (endsAt < this.expiresAt) this.expireAt(endsAt);
    this.bytes += row.bytes.length;
    this.pump ??= this.run();
    if (this.isBatchReady()) this.wakePump?.();
  }

  /** Sends what is queued now without waiting for more. */
  sendNow(): void {
    this.urgent = this.rows.length;
    this.wakePump?.();
  }

  /**
   * Gives up at once: rows that are queued, or added later, fail as not written. Those being delivered fail as unknown, though
   * their delivery may still end.
   *
   * @returns the rows, in their order.
   */
  handBack(cause: Error): readonly { readonly row: object; readonly outcome: "not-written" | "unknown" }[] {
    this.handedBackFor = cause;
    this.endsAt.length = 0;
    const unsettled = this.delivering.filter(({ isSettled }) => isSettled !== true);
    const unknown = unsettled.map((queued) => ({ queued, outcome: "unknown" as const }));
    const unsent = this.rows.splice(0).map((queued) => ({ queued, outcome: "not-written" as const }));
    const all = [...unknown, ...unsent];
    for (const { queued, outcome } of all) queued.failed(outcome, cause);
    this.delivering = [];
    this.deadline?.end();
    this.wakePump?.();
    for (const admitWaiting of this.waiting.splice(0)) admitWaiting();
    return all.map(({ queued: { row }, outcome }) => ({ row, outcome }));
  }

  /** Resolves when nothing is queued or being delivered. */
  async idle(): Promise<void> {
    while (this.pump !== undefined) await this.pump;
  }

  private async run(): Promise<void> {
    while (this.rows.length > 0) {
      await this.batchReady();
      const { batch, endsAt } = this.nextBatch();
      const deadline = Deadline.at(this.clock, endsAt);
      this.delivering = batch;
      this.deadline = deadline;
      if (batch.length > 0 && (await this.deliver(batch, deadline))) this.lastWritten = this.clock.elapsed();
      this.delivering = [];
      this.bytes -= batch.reduce((sum, { bytes }) => sum + bytes.length, 0);
      this.admitWaiting();
    }
    this.pump = undefined;
    this.expireAt(Infinity);
  }

  private endOf(since: number): number {
    return Math.max(since, this.lastWritten) + this.options.retry.deadlineMs;
  }

  /** Has rows whose time is over by then fail, when they are still queued. */
  private expireAt(endsAt: number): void {
    this.clock.clearTimeout(this.expiryTimer);
    this.expiresAt = endsAt;
    if (endsAt === Infinity) return;
    this.expiryTimer = this.clock.setTimeout(() => this.expire(), endsAt - this.clock.elapsed());
    this.expiryTimer.unref();
  }

  private expire(): void {
    const now = this.clock.elapsed();
    const isOver = this.endsAt.map((endsAt) => endsAt <= now);
    const cause = new DeadlineError(`Waiting to be sent took ${this.options.retry.deadlineMs} ms`);
    for (const [index, row] of this.rows.entries()) {
      if (!isOver[index]) continue;
      this.bytes -= row.bytes.length;
      row.failed("not-written", cause);
    }
    this.rows = this.rows.filter((_, index) => !isOver[index]);
    this.endsAt = this.endsAt.filter((endsAt) => endsAt > now);
    this.expireAt(this.endsAt.reduce((least, endsAt) => Math.min(least, endsAt), Infinity));
    this.admitWaiting();
  }

  private get isOverfull(): boolean {
    return this.bytes >= this.options.maxBufferedBytes;
  }

  /** Lets those who wait in, one after the other, so that each has added its row before the next one looks. */
  private admitWaiting(): void {
    if (this.isOverfull) return;
    const next = this.waiting.shift();
    if (next === undefined) return;
    next();
    setImmediate(() => this.admitWaiting());
  }

  private isBatchReady(): boolean {
    const { maxBatchRows, maxBatchBytes } = this.options;
    return this.urgent > 0 || this.rows.length >= maxBatchRows || this.bytes >= maxBatchBytes;
  }

  private async batchReady(): Promise<void> {
    if (this.isBatchReady()) return;
    await new Promise<void>((resolve) => {
      const untilDeadline = (this.endsAt[0] ?? 0) - this.clock.elapsed();
      const timer = this.clock.setTimeout(resolve, Math.min(this.options.maxDelayMs, untilDeadline));
      this.wakePump = () => {
        this.clock.clearTimeout(timer);
        resolve();
      };
    });
    this.wakePump = undefined;
  }

  private nextBatch(): { readonly batch: readonly QueuedRow[]; readonly endsAt: number } {
    const { maxBatchRows, maxBatchBytes, retry } = this.options;
    const firstEnd = this.endsAt[0] ?? 0;
    let earliestEnd = firstEnd;
    let bytes = 0;
    let count = 0;
    for (const row of this.rows) {
      if (count === maxBatchRows || (count > 0 && bytes + row.bytes.length > maxBatchBytes)) break;
      // A batch has the deadline of the row whose time is over first, so none has a much later one.
      const end = this.endsAt[count] ?? 0;
      if (Math.abs(end - firstEnd) > retry.deadlineMs * MAX_DEADLINE_SPREAD) break;
      if (count > 0 && bytes + row.bytes.length + (count + 1) * ROW_OVERHEAD_BYTES > MAX_REQUEST_BYTES) break;
      bytes += row.bytes.length;
      earliestEnd = Math.min(earliestEnd, end);
      count++;
    }
    this.urgent = Math.max(0, this.urgent - count);
    this.endsAt.splice(0, count);
    return { batch: this.rows.splice(0, count), endsAt: earliestEnd };
  }
}
