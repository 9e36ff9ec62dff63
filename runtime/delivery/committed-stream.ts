import type { protos, v1 } from "@google-cloud/bigquery-storage";
import type { Clock, Timer } from "../../bigquery/clock";
import type { Deadline } from "../../bigquery/deadline";
import type { Lease, WriteChannels } from "../../bigquery/write-channels";
import type { RowDescriptor } from "../encoding/row-descriptor";
import { AppendError, Code, fromCall, fromStatus } from "./append-error";

type AppendRowsRequest = protos.google.cloud.bigquery.storage.v1.IAppendRowsRequest;
type AppendRowsResponse = protos.google.cloud.bigquery.storage.v1.IAppendRowsResponse;
type Connection = ReturnType<v1.BigQueryWriteClient["appendRows"]>;

/** Longest wait for the server to agree that a connection is over. */
const MAX_CLOSING_MS = 400;

/** A stream as the server made it. */
export interface NewStream {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** The table's columns at that time. */
  readonly columns: protos.google.cloud.bigquery.storage.v1.ITableFieldSchema[] | undefined;
}

/**
 * Has the server make a COMMITTED stream.
 *
 * @param tablePath - `projects/<project>/datasets/<dataset>/tables/<table>`
 * @throws the client's own error; `DeadlineError`.
 */
export async function createStream(channels: WriteChannels, tablePath: string, deadline: Deadline): Promise<NewStream> {
  const client = await channels.client(deadline);
  const [{ name, createTime, tableSchema }] = await deadline.race(
    "Opening a stream",
    client.createWriteStream(
      { parent: tablePath, writeStream: { type: "COMMITTED" } },
      { timeout: deadline.remainingMs, retry: null },
    ),
  );
  return {
    name: name ?? "",
    // Without a time no table counts as newer than the stream: that would be taken for a loss of its rows.
    createdAtMs: createTime
      ? Number(createTime.seconds ?? 0) * 1000 + Math.floor((createTime.nanos ?? 0) / 1_000_000)
      : Infinity,
    columns: tableSchema?.fields ?? undefined,
  };
}

/** What became of rows. */
export type Outcome = "written" | "not-written" | "unknown";

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
  private lease: Lease | undefined;
  private waiting: Waiting | undefined;
  private idleTimer: Timer | undefined;
  /** Rows known to be in the table: the offset of the next append. */
  private rows = 0;
  /** An append was answered with an error since rows were last acknowledged, and the server may count its rows. */
  private isCountSpoiled = false;
  /** The table's columns changed since the stream was created; a new stream knows the new ones. */
  schemaChanged = false;

  constructor(
    private readonly channels: WriteChannels,
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

  /**
   * Appends rows after those known to be in the table.
   *
   * @param wereSent - the same rows were sent before, and no answer came.
   * @throws {@link AppendError} when the rows are not known to be in the table. Unless it is an answer they may be there all the
   * same, now or later: then only the same rows may follow.
   */
  async append(rows: readonly Uint8Array[], wereSent: boolean, deadline: Deadline): Promise<void> {
    try {
      const { error, rowErrors, updatedSchema } = await this.send(rows, deadline.within(this.options.appendTimeoutMs));
      if (updatedSchema) this.schemaChanged = true;
      if (error) throw fromStatus(error, rowErrors ?? []);
      this.isCountSpoiled = false;
    } catch (error) {
      const failure = fromCall(error);
      this.isCountSpoiled ||= failure.spoilsCount;
      // Only this stream's owner appends to it: what is at the offset is these rows, unless the server counts some it did not keep.
      if (failure.code !== Code.ALREADY_EXISTS || !wereSent || this.isCountSpoiled) throw failure;
    }
    this.rows += rows.length;
  }

  /**
   * Seals the stream, so that nothing can arrive late, and finds out whether the last rows sent are in the table.
   *
   * @param count - how many they are.
   * @returns `unknown` when the server counts rows that it may not have kept.
   * @throws the client's own error when the server cannot say.
   */
  async settle(count: number, deadline: Deadline): Promise<Outcome> {
    await this.disconnect();
    const client = await this.channels.client(deadline);
    const [{ rowCount }] = await deadline.race(
      "Sealing a stream",
      client.finalizeWriteStream({ name: this.name }, { timeout: deadline.remainingMs, retry: null }),
    );
    const extra = Number(rowCount) - this.rows;
    if (extra === 0) return "not-written";
    return extra === count && !this.isCountSpoiled ? "written" : "unknown";
  }

  /** Ends the connection in good order, between appends. The stream can still be appended to, over a new connection. */
  async close(): Promise<void> {
    await this.release((connection) => connection.end());
  }

  /** Breaks the connection off; a pending append fails. The stream can still be appended to, over a new connection. */
  async disconnect(): Promise<void> {
    await this.release((connection) => connection.cancel());
  }

  /** Returns when the connection is over, so that nothing of it happens later. */
  private async release(finish: (connection: Connection) => void): Promise<void> {
    this.options.clock.clearTimeout(this.idleTimer);
    const { connection } = this;
    this.connection = undefined;
    this.fail("The connection was closed", Code.CANCELLED);
    if (connection === undefined) return;
    const { clock } = this.options;
    let timer: Timer | undefined;
    await new Promise<void>((resolve) => {
      for (const event of ["end", "error", "status"]) connection.once(event, () => resolve());
      finish(connection);
      timer = clock.setTimeout(() => {
        connection.cancel();
        resolve();
      }, MAX_CLOSING_MS);
      timer.unref();
    });
    clock.clearTimeout(timer);
  }

  private async send(rows: readonly Uint8Array[], deadline: Deadline): Promise<AppendRowsResponse> {
    const { clock, idleConnectionMs } = this.options;
    clock.clearTimeout(this.idleTimer);
    this.lease?.setIdle(false);
    const isFirst = this.connection === undefined;
    const connection = this.connection ?? (await this.open(deadline));
    const request: AppendRowsRequest = {
      writeStream: this.name,
      offset: { value: this.rows },
      protoRows: {
        rows: { serializedRows: rows as Uint8Array[] },
        // The first request of a connection says what the rows look like.
        ...(isFirst ? { writerSchema: { protoDescriptor: this.descriptor as object } } : {}),
      },
    };
    let leave: (() => void) | undefined;
    try {
      return await new Promise<AppendRowsResponse>((resolve, reject) => {
        this.waiting = { resolve, reject };
        connection.write(request);
        leave = deadline.onOver(() => {
          this.fail("No answer to an append in time", Code.DEADLINE_EXCEEDED);
          void this.disconnect();
        });
      });
    } finally {
      leave?.();
      this.idleTimer = clock.setTimeout(() => void this.close(), idleConnectionMs);
      this.lease?.setIdle(true);
    }
  }

  private async open(deadline: Deadline): Promise<Connection> {
    // In good order: Google's client takes a millisecond of processor time to tell of a stream that was broken off.
    const lease = await this.channels.acquire(() => void this.close(), deadline);
    const connection = lease.client.appendRows({
      otherArgs: { headers: { "x-goog-request-params": `write_stream=${encodeURIComponent(this.name)}` } },
    });
    this.connection = connection;
    this.lease = lease;
    connection.on("data", (response: AppendRowsResponse) => {
      const { waiting } = this;
      this.waiting = undefined;
      waiting?.resolve(response);
    });
    // The listener stays for good: a stream that fails after it was given up would otherwise end the process.
    connection.on("error", (error: Error & { code?: number }) => this.lose(connection, error.message, error.code));
    connection.on("end", () => this.lose(connection, "The server ended the connection"));
    connection.on("close", () => this.lose(connection, "The connection was closed"));
    for (const event of ["error", "end", "close", "status"]) connection.once(event, () => lease.release());
    return connection;
  }

  private lose(connection: Connection, message: string, code: number = Code.UNAVAILABLE): void {
    if (this.connection !== connection) return;
    this.connection = undefined;
    this.options.clock.clearTimeout(this.idleTimer);
    this.fail(message, code);
    connection.cancel();
  }

  private fail(message: string, code: number): void {
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.reject(new AppendError(message, code));
  }
}
