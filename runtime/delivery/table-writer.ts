import type { v1 } from "@google-cloud/bigquery-storage";
import type { TableDefinition } from "../../model/formats/table-definition";
import { rowDescriptor } from "../encoding/row-descriptor";
import { SchemaMismatchError } from "../errors";
import type { Clock } from "../../bigquery/clock";
import { withRetry } from "../../bigquery/retry";
import { fitTable, liveColumns, type SchemaDifference, type TableFit } from "../tables/schema-difference";
import { AppendError, Code, fromCall, TryAgain } from "./append-error";
import type { DeliveryOptions } from "./batch-options";
import { CommittedStream, type Outcome } from "./committed-stream";
import type { QueuedRow } from "./row-queue";

/** What a writer asks about its table, and has done to it. */
export interface TableKeeper {
  /** Creates the table that is missing. @param existed - rows were written to it before. @throws when it must not. */
  restore(existed: boolean): Promise<void>;
  /** When the table was created, in milliseconds since 1970; `undefined` when there is none. */
  createdAtMs(): Promise<number | undefined>;
  /** Looks rows up. @returns those that are in the table; others may be there too. */
  find(rows: readonly object[]): Promise<ReadonlySet<object>>;
  /** Called once per stream with a live table that differs from the definition. */
  reportDifferences(differences: readonly SchemaDifference[]): void;
}

/** Rows that are delivered together; shrinks when some are refused. */
interface Batch {
  rows: readonly QueuedRow[];
  /** A fresh stream was tried after the server had refused the batch as a whole. */
  refused: boolean;
  /** A try over the present stream was not answered: the rows may be in the table, now or later. */
  unanswered: boolean;
  /** A try over the present stream was answered with an error after which the rows, or some, may be in the table all the same. */
  erred: boolean;
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
  private hadStream = false;

  constructor(
    private readonly client: () => Promise<v1.BigQueryWriteClient>,
    /** `projects/<project>/datasets/<dataset>/tables/<table>` */
    private readonly tablePath: string,
    private readonly definition: TableDefinition,
    private readonly keeper: TableKeeper,
    private readonly options: DeliveryOptions & { readonly clock: Clock },
  ) {}

  /** Settles every row, and never throws. */
  async deliver(rows: readonly QueuedRow[]): Promise<void> {
    const batch: Batch = { rows, refused: false, unanswered: false, erred: false };
    try {
      await withRetry(
        this.options.clock,
        `Writing to ${this.tablePath}`,
        this.options.retry,
        isWorthRetrying,
        async () => this.attempt(batch),
      );
      for (const row of batch.rows) row.delivered();
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      const outcome = await this.giveUpStream(batch);
      for (const row of batch.rows) {
        if (outcome === "written") row.delivered();
        else row.failed(outcome, cause);
      }
    }
  }

  /** Closes the connection. Call it when nothing is being delivered. */
  async close(): Promise<void> {
    const { stream } = this;
    this.stream = undefined;
    await stream?.close();
  }

  private async attempt(batch: Batch): Promise<void> {
    const stream = this.stream ?? (await this.openStream());
    // Rows whose first try is unanswered must be repeated as they were.
    if (!batch.unanswered) this.refuseUnfit(batch);
    if (batch.rows.length === 0) return;
    try {
      await stream.append(
        batch.rows.map(({ bytes }) => bytes),
        batch.unanswered,
      );
    } catch (error) {
      const failure = fromCall(error);
      if (await this.recover(batch, failure)) return;
      throw new TryAgain(failure);
    }
    if (stream.schemaChanged) await this.close();
  }

  /** @returns true when the fate of the whole batch is settled; false when it is to be tried again. */
  private async recover(batch: Batch, failure: AppendError): Promise<boolean> {
    batch.unanswered ||= !failure.isAnswer;
    // Rows that the server names are why it wrote none.
    batch.erred ||= failure.spoilsCount && failure.rowErrors.length === 0;
    if (failure.remedy === "retry") return false;
    // A batch with refused rows is not written; a try of it that is still on its way could be.
    const keepsStream = failure.rowErrors.length > 0 && !batch.unanswered;
    const outcome = keepsStream ? "not-written" : await this.giveUpStream(batch);
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
    return true;
  }

  /** Gives the stream up, and finds out what became of the batch; rows that are found in the table leave it. */
  private async giveUpStream(batch: Batch): Promise<Outcome> {
    const { stream } = this;
    const isInDoubt = batch.unanswered || batch.erred;
    this.stream = undefined;
    batch.unanswered = false;
    batch.erred = false;
    if (stream === undefined) return "not-written";
    await stream.disconnect();
    if (!isInDoubt) return "not-written";
    try {
      const createdAtMs = await this.keeper.createdAtMs();
      // The stream went with its table, and so did whatever was written through it.
      if (createdAtMs === undefined || createdAtMs > stream.createdAtMs) return "not-written";
      const outcome = await stream.settle(batch.rows.length);
      if (outcome !== "unknown") return outcome;
      const found = await this.keeper.find(batch.rows.map(({ row }) => row));
      batch.rows = batch.rows.filter((queued) => {
        if (found.has(queued.row)) queued.delivered();
        return !found.has(queued.row);
      });
      return batch.rows.length === 0 ? "written" : "unknown";
    } catch {
      return "unknown";
    }
  }

  private async openStream(): Promise<CommittedStream> {
    const { tablePath, definition, options } = this;
    try {
      const client = await this.client();
      const [{ name, createTime, tableSchema }] = await client.createWriteStream(
        { parent: tablePath, writeStream: { type: "COMMITTED" } },
        { timeout: options.appendTimeoutMs, retry: null },
      );
      const { fields } = definition.schema;
      const fit = tableSchema?.fields
        ? fitTable(definition.tableId, fields, liveColumns(tableSchema.fields))
        : undefined;
      if (fit !== undefined && fit.differences.length > 0) this.keeper.reportDifferences(fit.differences);
      this.fit = fit;
      this.hadStream = true;
      this.stream = new CommittedStream(
        client,
        name ?? "",
        rowDescriptor(fields, fit?.unwritable),
        // Without a time no table counts as newer than the stream: that would be taken for a loss of its rows.
        createTime
          ? Number(createTime.seconds ?? 0) * 1000 + Math.floor((createTime.nanos ?? 0) / 1_000_000)
          : Infinity,
        options,
      );
      return this.stream;
    } catch (error) {
      const failure = fromCall(error);
      if (failure.code === Code.NOT_FOUND) await this.keeper.restore(this.hadStream);
      throw failure.remedy === "give-up" ? failure : new TryAgain(failure);
    }
  }

  private refuseUnfit(batch: Batch): void {
    const { fit, definition } = this;
    if (fit === undefined || fit.differences.length === 0) return;
    batch.rows = refuse(batch.rows, ({ row }) =>
      fits(row as Readonly<Record<string, unknown>>, fit)
        ? undefined
        : new SchemaMismatchError(definition.tableId, fit.differences),
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

function fits(row: Readonly<Record<string, unknown>>, { unwritable, required, unknownRequired }: TableFit): boolean {
  const hasValue = (name: string) => Object.hasOwn(row, name) && row[name] !== undefined && row[name] !== null;
  return unknownRequired.length === 0 && ![...unwritable].some(hasValue) && required.every(hasValue);
}
