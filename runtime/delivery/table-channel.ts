import type { RowEncoder } from "../encoding/row-encoder";
import { MetadataWriteError, type RejectedRow, type UndeliveredRow } from "../errors";
import type { QueuedRow, RowQueue } from "./row-queue";

/** Rows of one call, until the last one's fate is known. */
class PendingInsert {
  readonly rejected: RejectedRow[] = [];
  readonly undelivered: UndeliveredRow[] = [];
  private open = 1;
  private settle: () => void = () => undefined;
  readonly settled = new Promise<void>((resolve) => {
    this.settle = resolve;
  });

  opened(): void {
    this.open++;
  }

  /** The rows from `first` on were never queued. */
  notTaken(rows: readonly object[], first: number, cause: Error): void {
    for (let rowIndex = first; rowIndex < rows.length; rowIndex++) {
      this.undelivered.push({ rowIndex, row: rows[rowIndex]!, outcome: "not-written", cause });
    }
  }

  closed(): void {
    this.open--;
    if (this.open === 0) this.settle();
  }
}

/** One row of such a call, on its way. */
class PendingRow implements QueuedRow {
  isSettled = false;

  constructor(
    readonly bytes: Uint8Array,
    readonly row: object,
    private readonly rowIndex: number,
    private readonly insert: PendingInsert,
  ) {
    insert.opened();
  }

  delivered(): void {
    if (!this.isSettled) this.insert.closed();
    this.isSettled = true;
  }

  failed(outcome: "not-written" | "unknown", cause: Error): void {
    if (this.isSettled) return;
    this.isSettled = true;
    const { rowIndex, row, insert } = this;
    insert.undelivered.push({ rowIndex, row, outcome, cause });
    insert.closed();
  }
}

/** The way of rows into one table: check, encode, queue, deliver. */
export class TableChannel {
  constructor(
    private readonly tableId: string,
    private readonly encoder: RowEncoder,
    private readonly queue: RowQueue,
  ) {}

  /**
   * Resolves when every row is in the table. While too much is queued, waits before it takes more of the rows.
   *
   * The rows have their time from the call on, or from when rows of the table were last written. Then they are handed back.
   *
   * @throws {@link MetadataWriteError} with the rows that are not in the table, once the fate of all is known.
   */
  async insert(rows: readonly object[]): Promise<void> {
    const { encoder, queue } = this;
    const insert = new PendingInsert();
    const since = queue.clock.elapsed();
    for (const [rowIndex, row] of rows.entries()) {
      // Awaiting for every row would cost more than encoding it.
      if (queue.isFull) {
        try {
          await queue.notFull(since);
        } catch (error) {
          insert.notTaken(rows, rowIndex, error as Error);
          break;
        }
      }
      const encoded = encoder.encode(row);
      if (!(encoded instanceof Uint8Array)) {
        insert.rejected.push({ rowIndex, row, problems: encoded });
        continue;
      }
      queue.add(new PendingRow(encoded, row, rowIndex, insert), since);
    }
    insert.closed();
    await insert.settled;
    if (insert.rejected.length > 0 || insert.undelivered.length > 0) {
      throw new MetadataWriteError(this.tableId, insert.rejected, insert.undelivered);
    }
  }

  /** Resolves when there is room for another row, or a row's time is over. */
  async notFull(): Promise<void> {
    await this.queue.notFull().catch(() => undefined);
  }

  /** Sends what is queued now without waiting for more. */
  sendNow(): void {
    this.queue.sendNow();
  }

  /** Gives up all rows that are on their way, and any that comes. @returns those on their way. */
  handBack(cause: Error): readonly UndeliveredRow[] {
    return this.queue.handBack(cause).map((undelivered, rowIndex) => ({ rowIndex, ...undelivered, cause }));
  }

  /** Resolves when nothing is on its way. */
  async idle(): Promise<void> {
    await this.queue.idle();
  }
}
