import type { Clock } from "../../bigquery/clock";
import type { DeliveryOptions } from "./batch-options";

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
 * Rows are delivered in the order they were added. Memory is bounded: {@link room} waits while too much is queued.
 */
export class RowQueue {
  private readonly rows: QueuedRow[] = [];
  /** Bytes queued and being delivered. */
  private bytes = 0;
  /** Of the rows queued, how many are not to wait for others. */
  private urgent = 0;
  private pump: Promise<void> | undefined;
  private wakePump: (() => void) | undefined;
  private delivering: readonly QueuedRow[] = [];
  private handedBackFor: Error | undefined;
  private readonly waitingForRoom: (() => void)[] = [];

  constructor(
    private readonly deliver: (rows: readonly QueuedRow[]) => Promise<void>,
    private readonly options: DeliveryOptions,
    private readonly clock: Clock,
  ) {}

  /** Resolves when there is room for another row; at once when there is. */
  async room(): Promise<void> {
    while (this.isFull) {
      await new Promise<void>((resolve) => this.waitingForRoom.push(resolve));
    }
  }

  get isFull(): boolean {
    return this.handedBackFor === undefined && this.bytes >= this.options.maxBufferedBytes;
  }

  /** Queues a row; await {@link room} before. */
  add(row: QueuedRow): void {
    if (this.handedBackFor !== undefined) {
      row.failed("not-written", this.handedBackFor);
      return;
    }
    this.rows.push(row);
    this.bytes += row.bytes.length;
    this.pump ??= this.run();
    if (this.isBatchReady()) this.wakePump?.();
  }

  /** Sends what is queued now without waiting for more. */
  hurry(): void {
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
    const unsettled = this.delivering.filter(({ isSettled }) => isSettled !== true);
    const unknown = unsettled.map((queued) => ({ queued, outcome: "unknown" as const }));
    const unsent = this.rows.splice(0).map((queued) => ({ queued, outcome: "not-written" as const }));
    const all = [...unknown, ...unsent];
    for (const { queued, outcome } of all) queued.failed(outcome, cause);
    this.delivering = [];
    this.wakePump?.();
    for (const resolve of this.waitingForRoom.splice(0)) resolve();
    return all.map(({ queued: { row }, outcome }) => ({ row, outcome }));
  }

  /** Resolves when nothing is queued or being delivered. */
  async idle(): Promise<void> {
    while (this.pump !== undefined) await this.pump;
  }

  private async run(): Promise<void> {
    while (this.rows.length > 0) {
      await this.batchReady();
      const batch = this.take();
      this.delivering = batch;
      if (batch.length > 0) await this.deliver(batch);
      this.delivering = [];
      this.bytes -= batch.reduce((sum, { bytes }) => sum + bytes.length, 0);
      for (const resolve of this.waitingForRoom.splice(0)) resolve();
    }
    this.pump = undefined;
  }

  private isBatchReady(): boolean {
    const { maxBatchRows, maxBatchBytes } = this.options;
    return this.urgent > 0 || this.rows.length >= maxBatchRows || this.bytes >= maxBatchBytes;
  }

  private async batchReady(): Promise<void> {
    if (this.isBatchReady()) return;
    await new Promise<void>((resolve) => {
      const timer = this.clock.setTimeout(resolve, this.options.maxDelayMs);
      this.wakePump = () => {
        this.clock.clearTimeout(timer);
        resolve();
      };
    });
    this.wakePump = undefined;
  }

  private take(): readonly QueuedRow[] {
    const { maxBatchRows, maxBatchBytes } = this.options;
    let bytes = 0;
    let count = 0;
    for (const row of this.rows) {
      if (count === maxBatchRows || (count > 0 && bytes + row.bytes.length > maxBatchBytes)) break;
      bytes += row.bytes.length;
      count++;
    }
    this.urgent = Math.max(0, this.urgent - count);
    return this.rows.splice(0, count);
  }
}
