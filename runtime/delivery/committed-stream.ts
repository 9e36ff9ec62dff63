import type { protos, v1 } from "@google-cloud/bigquery-storage";
import type { Clock, Timer } from "../../bigquery/clock";
import type { RowDescriptor } from "../encoding/row-descriptor";
import { AppendError, Code, fromStatus } from "./append-error";

type AppendRowsRequest = protos.google.cloud.bigquery.storage.v1.IAppendRowsRequest;
type AppendRowsResponse = protos.google.cloud.bigquery.storage.v1.IAppendRowsResponse;
type Connection = ReturnType<v1.BigQueryWriteClient["appendRows"]>;

/** Longest wait for the server to agree that a connection is over. */
const MAX_CLOSING_MS = 1000;

interface Waiting {
  readonly resolve: (response: AppendRowsResponse) => void;
  readonly reject: (error: AppendError) => void;
}

/**
 * A COMMITTED stream of BigQuery's Storage Write API: rows are in the table once their append is acknowledged, and each
 * append names its offset, so sending it again can never write it again.
 *
 * One append is under way at a time. The connection is opened when needed and outlives any number of appends; the stream
 * outlives any number of connections. Keeps the process alive only while a connection is open.
 *
 * @see https://cloud.google.com/bigquery/docs/write-api#committed_type
 */
export class CommittedStream {
  private connection: Connection | undefined;
  private waiting: Waiting | undefined;
  private idleTimer: Timer | undefined;
  /** Rows acknowledged so far: the offset of the next append. */
  private offset = 0;
  /** An append at {@link offset} was sent and not answered: it may or may not be in the table. */
  private inDoubt = false;
  /** The table's columns changed since the stream was created; a new stream knows the new ones. */
  schemaChanged = false;

  constructor(
    private readonly client: v1.BigQueryWriteClient,
    readonly name: string,
    private readonly descriptor: RowDescriptor,
    /** When the server created it, in milliseconds since 1970. */
    readonly createdAtMs: number,
    private readonly options: {
      readonly appendTimeoutMs: number;
      readonly idleConnectionMs: number;
      readonly clock: Clock;
    },
  ) {}

  get isInDoubt(): boolean {
    return this.inDoubt;
  }

  /**
   * Appends rows after those already acknowledged.
   *
   * @throws {@link AppendError}; when {@link isInDoubt} is true then, calling again with the same rows is safe and settles
   * it, and calling with other rows is not.
   */
  async append(rows: readonly Uint8Array[]): Promise<void> {
    const wasInDoubt = this.inDoubt;
    this.inDoubt = true;
    const { error, rowErrors, updatedSchema } = await this.send(rows);
    if (updatedSchema) this.schemaChanged = true;
    // Only this stream's owner appends to it, so what is already at the offset is these rows, sent before.
    if (error && error.code !== Code.ALREADY_EXISTS) {
      const failure = fromStatus(error, rowErrors ?? []);
      // Refused rows are not written; any other answer leaves open what became of an earlier try.
      this.inDoubt = failure.rowErrors.length === 0 && (wasInDoubt || failure.remedy === "retry");
      throw failure;
    }
    this.inDoubt = false;
    this.offset += rows.length;
  }

  /**
   * Seals the stream and finds out whether the append in doubt was written. Nothing can be appended afterwards.
   *
   * @returns whether it was.
   * @throws the client's own error when the server cannot say.
   */
  async settle(): Promise<boolean> {
    await this.disconnect();
    const [{ rowCount }] = await this.client.finalizeWriteStream(
      { name: this.name },
      { timeout: this.options.appendTimeoutMs, retry: null },
    );
    return Number(rowCount) > this.offset;
  }

  /** Ends the connection in good order, between appends. The stream can still be appended to, over a new connection. */
  async close(): Promise<void> {
    await this.release((connection) => connection.end());
  }

  /** Breaks the connection off; a pending append fails. The stream can still be appended to, over a new connection. */
  async disconnect(): Promise<void> {
    await this.release((connection) => connection.cancel());
  }

  /** Returns when the connection is over, so that nothing of it happens afterwards. */
  private async release(finish: (connection: Connection) => void): Promise<void> {
    this.options.clock.clearTimeout(this.idleTimer);
    const { connection } = this;
    this.connection = undefined;
    this.fail(new AppendError("The connection was closed", Code.CANCELLED));
    if (connection === undefined) return;
    await new Promise<void>((resolve) => {
      for (const event of ["end", "error", "status"]) connection.once(event, () => resolve());
      finish(connection);
      this.options.clock
        .setTimeout(() => {
          connection.cancel();
          resolve();
        }, MAX_CLOSING_MS)
        .unref();
    });
  }

  private async send(rows: readonly Uint8Array[]): Promise<AppendRowsResponse> {
    this.options.clock.clearTimeout(this.idleTimer);
    const isFirst = this.connection === undefined;
    const connection = this.connection ?? this.open();
    const request: AppendRowsRequest = {
      writeStream: this.name,
      offset: { value: this.offset },
      protoRows: {
        rows: { serializedRows: rows as Uint8Array[] },
        // The first request of a connection says what the rows look like.
        ...(isFirst ? { writerSchema: { protoDescriptor: this.descriptor as object } } : {}),
      },
    };
    const { appendTimeoutMs, idleConnectionMs } = this.options;
    const deadline = this.options.clock.setTimeout(() => {
      this.fail(new AppendError(`No answer to an append within ${appendTimeoutMs} ms`, Code.DEADLINE_EXCEEDED));
      void this.disconnect();
    }, appendTimeoutMs);
    try {
      return await new Promise<AppendRowsResponse>((resolve, reject) => {
        this.waiting = { resolve, reject };
        connection.write(request);
      });
    } finally {
      this.options.clock.clearTimeout(deadline);
      this.idleTimer = this.options.clock.setTimeout(() => void this.close(), idleConnectionMs);
    }
  }

  private open(): Connection {
    const connection = this.client.appendRows({
      otherArgs: { headers: { "x-goog-request-params": `write_stream=${encodeURIComponent(this.name)}` } },
    });
    this.connection = connection;
    connection.on("data", (response: AppendRowsResponse) => {
      const { waiting } = this;
      this.waiting = undefined;
      waiting?.resolve(response);
    });
    // The listener stays for good: a stream that fails after it was given up would otherwise end the process.
    connection.on("error", (error: Error & { code?: number }) => this.lose(connection, error.message, error.code));
    connection.on("end", () => this.lose(connection, "The server ended the connection"));
    connection.on("close", () => this.lose(connection, "The connection was closed"));
    return connection;
  }

  private lose(connection: Connection, message: string, code: number = Code.UNAVAILABLE): void {
    if (this.connection !== connection) return;
    this.connection = undefined;
    this.options.clock.clearTimeout(this.idleTimer);
    this.fail(new AppendError(message, code));
    connection.cancel();
  }

  private fail(error: AppendError): void {
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.reject(error);
  }
}
