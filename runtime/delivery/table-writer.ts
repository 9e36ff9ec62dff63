import type { v1 } from "@google-cloud/bigquery-storage";
import type { TableDefinition } from "../../model/formats/table-definition";
import { rowDescriptor } from "../encoding/row-descriptor";
import { SchemaMismatchError } from "../errors";
import type { Clock } from "../../bigquery/clock";
import { withRetry } from "../../bigquery/retry";
import { fitTable, liveColumns, type SchemaDifference, type TableFit } from "../tables/schema-difference";
import { AppendError, Code, fromCall, TryAgain } from "./append-error";
import type { DeliveryOptions } from "./batch-options";
import { CommittedStream } from "./committed-stream";
import type { QueuedRow } from "./row-queue";

/** What a writer asks about its table, and has done to it. */
export interface TableKeeper {
  /** Creates the table that is missing. @param existed - rows were written to it before. @throws when it must not. */
  restore(existed: boolean): Promise<void>;
  /** When the table was created, in milliseconds since 1970; `undefined` when there is none. */
  createdAtMs(): Promise<number | undefined>;
  /** Called once per stream with a live table that differs from the definition. */
  reportDifferences(differences: readonly SchemaDifference[]): void;
}

type Outcome = "written" | "not-written" | "unknown";

/** Rows that are delivered together; shrinks when some are refused. */
interface Batch {
  rows: readonly QueuedRow[];
  /** A fresh stream was tried after the server had refused the batch as a whole. */
  refused: boolean;
}

/**
 * Delivers batches of one table, each exactly once, over COMMITTED streams that it creates, renews and gives up.
 *
 * While an append is unanswered it is only ever repeated at its own offset of its own stream. When that stream is lost, the
 * server is asked how many rows it holds before the batch goes to another one; when it cannot say, the rows are handed back.
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
    const batch: Batch = { rows, refused: false };
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
      const outcome = await this.giveUpStream();
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
    if (!stream.isInDoubt) this.refuseUnfit(batch);
    if (batch.rows.length === 0) return;
    try {
      await stream.append(batch.rows.map(({ bytes }) => bytes));
    } catch (error) {
      const failure = fromCall(error);
      if (await this.recover(batch, failure)) return;
      throw new TryAgain(failure);
    }
    if (stream.schemaChanged) await this.close();
  }

  /** @returns true when the fate of the whole batch is settled; false when it is to be tried again. */
  private async recover(batch: Batch, error: AppendError): Promise<boolean> {
    if (error.rowErrors.length > 0) {
      const messages = new Map(error.rowErrors.map(({ index, message }) => [index, message]));
      batch.rows = refuse(batch.rows, (_, index) => {
        const message = messages.get(index);
        return message === undefined ? undefined : new AppendError(message, Code.INVALID_ARGUMENT);
      });
      return batch.rows.length === 0;
    }
    if (error.remedy === "retry") return false;
    const outcome = await this.giveUpStream();
    if (outcome === "written") return true;
    // The columns may have changed under the stream: a fresh one knows them as they are now.
    const again = error.remedy === "new-stream" || !batch.refused;
    if (error.remedy === "give-up") batch.refused = true;
    if (outcome === "unknown" || !again) {
      for (const row of batch.rows) row.failed(outcome, error);
      batch.rows = [];
      return true;
    }
    return false;
  }

  /** Gives the stream up, and finds out what became of the append that was not answered. */
  private async giveUpStream(): Promise<Outcome> {
    const { stream } = this;
    this.stream = undefined;
    if (stream === undefined) return "not-written";
    await stream.disconnect();
    if (!stream.isInDoubt) return "not-written";
    try {
      const createdAtMs = await this.keeper.createdAtMs();
      // The stream went with its table, and so did whatever was written through it.
      if (createdAtMs === undefined || createdAtMs > stream.createdAtMs) return "not-written";
      return (await stream.settle()) ? "written" : "not-written";
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
  const hasValue = (name: string) => row[name] !== undefined && row[name] !== null;
  return unknownRequired.length === 0 && ![...unwritable].some(hasValue) && required.every(hasValue);
}
