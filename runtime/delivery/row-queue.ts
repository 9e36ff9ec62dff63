import type { Clock } from "../../bigquery/clock";
import { Deadline } from "../../bigquery/deadline";
import type { DeliveryOptions } from "./batch-options";

/** Part of a row's time by which it may be settled early, because it shares a batch with older rows. */
const MAX_DEADLINE_SPREAD = 0.1;

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
 * Rows are delivered in the order they were added, each settled by its own deadline, which begins when it is added. Memory is
 * bounded: {@link notFull} waits while too much is queued.
 */
export class RowQueue {
  private readonly rows: QueuedRow[] = [];
  /** When each of them is to be settled, by the clock's `elapsed`. */
  private readonly endsAt: number[] = [];
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
    private readonly deliver: (rows: readonly QueuedRow[], deadline: Deadline) => Promise<void>,
    private readonly options: DeliveryOptions,
    private readonly clock: Clock,
  ) {}

  /** Too much is queued for another row, or others wait to add theirs. */
  get isFull(): boolean {
    return this.handedBackFor === undefined && (this.isOverfull || this.waiting.length > 0);
  }

  /**
   * Waits for its turn to add a row, while the queue is full. Everyone who waits is let in in turn, one row each.
   *
   * @throws `DeadlineError` when a row's time was over first.
   */
  async notFull(): Promise<void> {
    if (!this.isFull) return;
    const turn = new Promise<void>((resolve) => this.waiting.push(resolve));
    await Deadline.after(this.clock, this.options.retry.deadlineMs).race("Waiting for rows to be delivered", turn);
  }

  /** Queues a row; await {@link notFull} before. */
  add(row: QueuedRow): void {
    if (this.handedBackFor !== undefined) {
      row.failed("not-written", this.handedBackFor);
      return;
    }
    this.rows.push(row);
    this.endsAt.push(this.clock.elapsed() + this.options.retry.deadlineMs);
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
    for (const letIn of this.waiting.splice(0)) letIn();
    return all.map(({ queued: { row }, outcome }) => ({ row, outcome }));
  }

  /** Resolves when nothing is queued or being delivered. */
  async idle(): Promise<void> {
    while (this.pump !== undefined) await this.pump;
  }

  private async run(): Promise<void> {
    while (this.rows.length > 0) {
      await this.batchReady();
      const deadline = Deadline.at(this.clock, this.endsAt[0] ?? 0);
      const batch = this.nextBatch();
      this.delivering = batch;
      this.deadline = deadline;
      if (batch.length > 0) await this.deliver(batch, deadline);
      this.delivering = [];
      this.bytes -= batch.reduce((sum, { bytes }) => sum + bytes.length, 0);
      this.letIn();
    }
    this.pump = undefined;
  }

  private get isOverfull(): boolean {
    return this.bytes >= this.options.maxBufferedBytes;
  }

  /** Lets those who wait in, one after the other, so that each has added its row before the next one looks. */
  private letIn(): void {
    if (this.isOverfull) return;
    const next = this.waiting.shift();
    if (next === undefined) return;
    next();
    setImmediate(() => this.letIn());
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

  private nextBatch(): readonly QueuedRow[] {
    const { maxBatchRows, maxBatchBytes, retry } = this.options;
    // A batch has its first row's deadline, and no row of it a much later one.
    const latestEnd = (this.endsAt[0] ?? 0) + retry.deadlineMs * MAX_DEADLINE_SPREAD;
    let bytes = 0;
    let count = 0;
    for (const row of this.rows) {
      if (count === maxBatchRows || (count > 0 && bytes + row.bytes.length > maxBatchBytes)) break;
      if ((this.endsAt[count] ?? 0) > latestEnd) break;
      bytes += row.bytes.length;
      count++;
    }
    this.urgent = Math.max(0, this.urgent - count);
    this.endsAt.splice(0, count);
    return this.rows.splice(0, count);
  }
}
