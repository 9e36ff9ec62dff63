import type { TableDefinition } from "../../model/formats/table-definition";
import { rowDescriptor } from "../encoding/row-descriptor";
import { DeadlineError } from "../../model/errors";
import type { WriteChannels } from "../../bigquery/write-channels";
import { SchemaMismatchError } from "../errors";
import type { Clock } from "../../bigquery/clock";
import type { Deadline } from "../../bigquery/deadline";
import { withRetry } from "../../bigquery/retry";
import { fitTable, liveColumns, type SchemaDifference, type TableFit } from "../tables/schema-difference";
import { AppendError, Code, fromCall, TryAgain } from "./append-error";
import type { DeliveryOptions } from "./batch-options";
import { CommittedStream, createStream, type Outcome } from "./committed-stream";
import type { QueuedRow } from "./row-queue";

/** What a writer asks about its table, and has done to it, always until a deadline. */
export interface TableKeeper {
  /** Creates the table when it is missing, and waits until rows arrive in it. @throws when it must not be created. */
  restore(deadline: Deadline): Promise<void>;
  /** When the table was created, in milliseconds since 1970; `undefined` when there is none. */
  createdAtMs(deadline: Deadline): Promise<number | undefined>;
  /** Looks rows up. @returns those that are in the table; others may be there too. */
  find(rows: readonly object[], deadline: Deadline): Promise<ReadonlySet<object>>;
  /** Called before the first row goes over a new stream. */
  streamOpened?(name: string): void;
  /** Called once per stream with a live table that differs from the definition. */
  reportDifferences(differences: readonly SchemaDifference[]): void;
}

/** Of the time for a batch, the part at its end that is for finding out what became of it. */
const SETTLING_SHARE = 0.2;
const MAX_SETTLING_MS = 5000;

/** For so long rows are refused by a difference of the table before it is looked at again: it may have been put right. */
const DIFFERENCE_KNOWN_MS = 5000;

/** Rows that are delivered together; shrinks when some are refused. */
interface Batch {
  rows: readonly QueuedRow[];
  /** A fresh stream was tried after the server had refused the batch as a whole. */
  refused: boolean;
  /** A try over the present stream was not answered: the rows may be in the table, now or later. */
  unanswered: boolean;
  /** A try over the present stream was answered with an error after which the rows, or some, may be in the table all the same. */
  erred: boolean;
  /** Its rows were handed back, though the server named none of them. */
  failed: boolean;
}

/**
 * Delivers batches of one table, each exactly once, over COMMITTED streams that it creates, renews and gives up.
 *
 * While an append is unanswered it is only ever repeated at its own offset of its own stream. When that stream is lost, it is
 * sealed and its rows are counted before the batch goes to another one. The count always proves that nothing was written; it
 * proves that a batch was written only where no append was answered with an error. Otherwise the rows are looked for in the
 * table, and those that are not found are handed back.
 */
export class TableWriter {
  private stream: CommittedStream | undefined;
  private fit: TableFit | undefined;
  /** When `fit` was found, or looked for in vain, by the clock's `elapsed`. */
  private fitAtMs = 0;
  /** The table was missing, or is another one than before: rows may go astray until it is restored. */
  private mustRestore = false;

  constructor(
    private readonly channels: WriteChannels,
    /** `projects/<project>/datasets/<dataset>/tables/<table>` */
    private readonly tablePath: string,
    private readonly definition: TableDefinition,
    private readonly keeper: TableKeeper,
    private readonly options: DeliveryOptions & { readonly clock: Clock },
  ) {}

  /** Settles every row by the deadline, and never throws. @returns whether all that were not refused were written. */
  async deliver(rows: readonly QueuedRow[], deadline: Deadline): Promise<boolean> {
    const batch: Batch = { rows, refused: false, unanswered: false, erred: false, failed: false };
    const { remainingMs } = deadline;
    const sendBy = deadline.within(remainingMs - Math.min(MAX_SETTLING_MS, remainingMs * SETTLING_SHARE));
    try {
      await withRetry(`Writing to ${this.tablePath}`, sendBy, this.options.retry, isWorthRetrying, async () =>
        this.attempt(batch, sendBy),
      );
      for (const row of batch.rows) row.delivered();
      return !batch.failed;
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      const outcome = await this.giveUpStream(batch, deadline);
      for (const row of batch.rows) {
        if (outcome === "written") row.delivered();
        else row.failed(outcome, cause);
      }
      return outcome === "written";
    }
  }

  /** Closes the connection. Call it when nothing is being delivered. */
  async close(): Promise<void> {
    const { stream } = this;
    this.stream = undefined;
    await stream?.close();
  }

  private async attempt(batch: Batch, deadline: Deadline): Promise<void> {
    if (!batch.unanswered && !batch.erred) await this.renewFit(batch, deadline);
    const stream = this.stream ?? (await this.openStream(deadline));
    // Rows whose first try is unanswered must be repeated as they were.
    if (!batch.unanswered) this.refuseUnfit(batch);
    if (batch.rows.length === 0) return;
    try {
      await stream.append(
        batch.rows.map(({ bytes }) => bytes),
        batch.unanswered,
        deadline,
      );
    } catch (error) {
      const failure = fromCall(error);
      if (await this.recover(batch, failure, deadline)) return;
      throw new TryAgain(failure);
    }
    if (stream.schemaChanged) await this.close();
  }

  /** @returns true when the fate of the whole batch is settled; false when it is to be tried again. */
  private async recover(batch: Batch, failure: AppendError, deadline: Deadline): Promise<boolean> {
    batch.unanswered ||= !failure.isAnswer;
    // Rows that the server names are why it wrote none.
    batch.erred ||= failure.spoilsCount && failure.rowErrors.length === 0;
    if (failure.remedy === "retry") return false;
    // A batch with refused rows is not written, unless an earlier try of it was.
    const keepsStream = failure.rowErrors.length > 0 && !batch.unanswered && !batch.erred;
    const outcome = keepsStream ? "not-written" : await this.giveUpStream(batch, deadline, failure);
    if (outcome === "written") return true;
    if (outcome === "not-written" && failure.rowErrors.length > 0) {
      refuseRows(batch, failure);
      return batch.rows.length === 0;
    }
    // The columns may have changed under the stream: a fresh one knows them as they are now.
    const again = failure.remedy === "new-stream" || !batch.refused;
    if (failure.remedy === "give-up") batch.refused = true;
    if (outcome === "not-written" && again) return false;
    for (const row of batch.rows) row.failed(outcome, failure);
    batch.rows = [];
    batch.failed = true;
    return true;
  }

  /** Gives the stream up, and finds out what became of the batch; rows that are found in the table leave it. */
  private async giveUpStream(batch: Batch, deadline: Deadline, failure?: AppendError): Promise<Outcome> {
    const { stream } = this;
    const isInDoubt = batch.unanswered || batch.erred;
    this.stream = undefined;
    batch.unanswered = false;
    batch.erred = false;
    if (stream === undefined) return "not-written";
    await stream.disconnect();
    const isLost = failure?.code === Code.NOT_FOUND;
    if (!isInDoubt && !isLost) return "not-written";
    this.mustRestore ||= isLost;
    try {
      const createdAtMs = await this.keeper.createdAtMs(deadline);
      // The stream went with its table, and so did whatever was written through it.
      this.mustRestore = createdAtMs === undefined || createdAtMs > stream.createdAtMs;
      if (this.mustRestore || !isInDoubt) return "not-written";
      const outcome = await stream.settle(batch.rows.length, deadline);
      if (outcome !== "unknown") return outcome;
      const found = await this.keeper.find(
        batch.rows.map(({ row }) => row),
        deadline,
      );
      batch.rows = batch.rows.filter((queued) => {
        if (found.has(queued.row)) queued.delivered();
        return !found.has(queued.row);
      });
      return batch.rows.length === 0 ? "written" : "unknown";
    } catch {
      return isInDoubt ? "unknown" : "not-written";
    }
  }

  private async openStream(deadline: Deadline): Promise<CommittedStream> {
    const { channels, tablePath, definition, options } = this;
    if (this.mustRestore) await this.restoreTable(deadline);
    try {
      const created = await createStream(channels, tablePath, deadline.within(options.appendTimeoutMs));
      const { fields } = definition.schema;
      const fit = created.columns ? fitTable(definition.tableId, fields, liveColumns(created.columns)) : undefined;
      if (fit !== undefined && fit.differences.length > 0) this.keeper.reportDifferences(fit.differences);
      this.fit = fit;
      this.fitAtMs = options.clock.elapsed();
      this.keeper.streamOpened?.(created.name);
      const descriptor = rowDescriptor(fields, fit?.unwritable);
      this.stream = new CommittedStream(channels, created.name, descriptor, created.createdAtMs, options);
      return this.stream;
    } catch (error) {
      const failure = fromCall(error);
      this.mustRestore = failure.code === Code.NOT_FOUND;
      throw failure.remedy === "give-up" ? failure : new TryAgain(failure);
    }
  }

  private async restoreTable(deadline: Deadline): Promise<void> {
    try {
      await this.keeper.restore(deadline);
      this.mustRestore = false;
    } catch (error) {
      // Another table's writer may have asked for it, with less time left.
      throw error instanceof DeadlineError ? new TryAgain(fromCall(error)) : error;
    }
  }

  /** Gives up the stream of a table that rows were found not to fit a while ago: refused rows alone would never open another. */
  private async renewFit({ rows }: Batch, deadline: Deadline): Promise<void> {
    const { stream, fit } = this;
    const { clock, appendTimeoutMs } = this.options;
    if (stream === undefined || clock.elapsed() - this.fitAtMs < DIFFERENCE_KNOWN_MS) return;
    if (rows.every(({ row }) => fits(row, fit))) return;
    this.fitAtMs = clock.elapsed();
    try {
      const createdAtMs = await this.keeper.createdAtMs(deadline.within(appendTimeoutMs));
      this.mustRestore = createdAtMs === undefined || createdAtMs > stream.createdAtMs;
      await this.close();
    } catch {
      // Whether it is still the same table is not known, and rows for another one may go astray.
    }
  }

  private refuseUnfit(batch: Batch): void {
    const { fit, definition } = this;
    if (fit === undefined) return;
    batch.rows = refuse(batch.rows, ({ row }) =>
      fits(row, fit) ? undefined : new SchemaMismatchError(definition.tableId, fit.differences),
    );
  }
}

function isWorthRetrying(error: Error): boolean {
  return error instanceof TryAgain;
}

/** Settles the rows that the server refuses. */
function refuseRows(batch: Batch, { rowErrors }: AppendError): void {
  const messages = new Map(rowErrors.map(({ index, message }) => [index, message]));
  batch.rows = refuse(batch.rows, (_, index) => {
    const message = messages.get(index);
    return message === undefined ? undefined : new AppendError(message, Code.INVALID_ARGUMENT);
  });
}

/** Settles the rows that have a reason against them; returns the others. */
function refuse(
  rows: readonly QueuedRow[],
  reason: (row: QueuedRow, index: number) => Error | undefined,
): readonly QueuedRow[] {
  return rows.filter((row, index) => {
    const error = reason(row, index);
    if (error !== undefined) row.failed("not-written", error);
    return error === undefined;
  });
}

function fits(row: object, fit: TableFit | undefined): boolean {
  if (fit === undefined || fit.differences.length === 0) return true;
  const values = row as Readonly<Record<string, unknown>>;
  const hasValue = (name: string) => Object.hasOwn(row, name) && values[name] !== undefined && values[name] !== null;
  return fit.unknownRequired.length === 0 && ![...fit.unwritable].some(hasValue) && fit.required.every(hasValue);
}
