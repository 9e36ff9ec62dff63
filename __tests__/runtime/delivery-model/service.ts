import type { protos } from "@google-cloud/bigquery-storage";
import { status } from "@grpc/grpc-js";
import type { Clock } from "../../../bigquery/clock";
import type { ColumnResource } from "../../../model/resources";
import { type DecodedRow, decodeRows, describedColumns } from "./row-decoder";

export type AppendRequest = protos.google.cloud.bigquery.storage.v1.IAppendRowsRequest;
export type AppendResponse = protos.google.cloud.bigquery.storage.v1.IAppendRowsResponse;
export type WriteStream = protos.google.cloud.bigquery.storage.v1.IWriteStream;

/** @see https://cloud.google.com/bigquery/quotas#write-api-limits */
const MAX_APPEND_BYTES = 10_000_000;

/** The status a call of the service ends with. */
export class ServiceError extends Error {
  constructor(
    readonly code: status,
    message: string,
  ) {
    super(message);
  }
}

/** One table from its creation until it is dropped. */
export interface Table {
  readonly path: string;
  readonly createdAtMs: number;
  columns: readonly ColumnResource[];
  /** Changes whenever the columns do. */
  version: number;
  isDropped: boolean;
  /** In the order in which they were written. */
  rows: DecodedRow[];
}

interface Stream {
  readonly name: string;
  readonly table: Table;
  /** Rows the service counts: where the next append must start. */
  rowCount: number;
  isFinalized: boolean;
  /** Version of the table's columns that the client was told of. */
  version: number;
}

/** What an append does to a stream besides what its answer says. */
export interface Effect {
  /** Rows that are kept in the table, from the first one. */
  readonly kept: number;
  /** Rows that the stream counts; never fewer than are kept. */
  readonly counted: number;
}

/**
 * BigQuery's tables and Storage Write API, as documented: COMMITTED streams only, each append at an offset. It does nothing
 * by itself and answers at once; what a network or a bad day does to it is decided elsewhere.
 *
 * @see https://cloud.google.com/bigquery/docs/reference/storage/rpc/google.cloud.bigquery.storage.v1
 */
export class Service {
  readonly tables = new Map<string, Table>();
  /** Tables that were dropped, with what they held. */
  readonly dropped: Table[] = [];
  /** When clients heard that rows of a table are written, by the clock's `elapsed`. */
  readonly heard: { readonly path: string; readonly at: number }[] = [];
  /** What the client did that the documentation forbids. */
  readonly violations: string[] = [];
  private readonly streams = new Map<string, Stream>();
  private nextStream = 0;

  /** @param lagMs - time after a table was created again in which rows still go to the one that was dropped. */
  constructor(
    readonly clock: Clock,
    private readonly lagMs = 0,
  ) {}

  /** @param path - `projects/<project>/datasets/<dataset>/tables/<table>` @returns false when there is one. */
  createTable(path: string, columns: readonly ColumnResource[]): boolean {
    if (this.tables.has(path)) return false;
    const table = { path, createdAtMs: this.clock.now(), columns, version: 0, isDropped: false, rows: [] };
    this.tables.set(path, table);
    return true;
  }

  dropTable(path: string): boolean {
    const table = this.tables.get(path);
    if (table === undefined) return false;
    this.tables.delete(path);
    table.isDropped = true;
    this.dropped.push(table);
    for (const stream of this.streams.values()) if (stream.table === table) this.streams.delete(stream.name);
    return true;
  }

  changeColumns(path: string, change: (columns: readonly ColumnResource[]) => readonly ColumnResource[]): void {
    const table = this.tables.get(path);
    if (table === undefined) return;
    table.columns = change(table.columns);
    table.version++;
  }

  /** A client hears something of a stream or table that may prove rows to be written. */
  hear(name: string): void {
    this.heard.push({ path: name.split("/streams/")[0] ?? "", at: this.clock.elapsed() });
  }

  createWriteStream(parent: string, type: unknown): WriteStream {
    const table = this.tables.get(parent);
    if (table === undefined)
      throw new ServiceError(status.NOT_FOUND, `Requested entity was not found. Table ${parent}`);
    if (type !== "COMMITTED" && type !== 1) this.violations.push(`a stream of type ${String(type)}`);
    const stream: Stream = {
      name: `${parent}/streams/s${this.nextStream++}`,
      table: this.isLagging(table) ? { ...table, isDropped: true, rows: [] } : table,
      rowCount: 0,
      isFinalized: false,
      version: table.version,
    };
    this.streams.set(stream.name, stream);
    const ms = this.clock.now();
    return {
      name: stream.name,
      type: "COMMITTED",
      createTime: { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 },
      tableSchema: schemaOf(table),
      location: "EU",
    };
  }

  getWriteStream(name: string): WriteStream {
    const { table } = this.stream(name);
    return { name, type: "COMMITTED", tableSchema: schemaOf(table) };
  }

  /** Ends a stream for appends. @returns how many rows it counts. Doing it again changes nothing. */
  finalizeWriteStream(name: string): number {
    const stream = this.stream(name);
    stream.isFinalized = true;
    return stream.rowCount;
  }

  /** Ends a stream for appends, as the service does by itself. */
  sealStream(name: string): void {
    const stream = this.streams.get(name);
    if (stream !== undefined) stream.isFinalized = true;
  }

  /** Forgets a stream; its rows stay in the table. */
  forgetStream(name: string): void {
    this.streams.delete(name);
  }

  /**
   * Carries out an append.
   *
   * @param descriptor - writer schema of the call.
   * @param spoil - makes of an append that would be carried out something worse.
   */
  append(
    request: AppendRequest,
    descriptor: object,
    spoil: (count: number) => Effect = (count) => ({ kept: count, counted: count }),
  ): AppendResponse {
    const stream = this.streams.get(request.writeStream ?? "");
    if (stream === undefined)
      return failure(status.NOT_FOUND, `Requested entity was not found. ${request.writeStream ?? ""}`);
    if (stream.isFinalized)
      return failure(status.INVALID_ARGUMENT, `Stream has been finalized. Entity: ${stream.name}`);
    const serialized = request.protoRows?.rows?.serializedRows ?? [];
    const rows = decodeRows(descriptor, serialized);
    const refusal = this.refuseAppend(stream, request, serialized) ?? refuseRows(stream.table, descriptor, rows);
    if (refusal !== undefined) return refusal;
    const { kept, counted } = spoil(rows.length);
    const offset = stream.rowCount;
    stream.table.rows.push(...rows.slice(0, kept));
    stream.rowCount += counted;
    return { appendResult: { offset: { value: offset } }, ...this.news(stream), writeStream: stream.name };
  }

  private refuseAppend(
    { name, rowCount }: Stream,
    { offset: given }: AppendRequest,
    rows: readonly Uint8Array[],
  ): AppendResponse | undefined {
    if (given?.value === undefined || given.value === null) this.violations.push("an append without an offset");
    if (rows.length === 0) this.violations.push("an append without rows");
    const bytes = rows.reduce((sum, row) => sum + row.length, 0);
    if (bytes > MAX_APPEND_BYTES) this.violations.push(`an append of ${bytes} bytes`);
    const offset = Number(given?.value ?? rowCount);
    if (offset < rowCount) {
      return failure(
        status.ALREADY_EXISTS,
        `The offset is within stream, expected offset ${rowCount}, received ${offset}. ${name}`,
      );
    }
    if (offset > rowCount) {
      return failure(
        status.OUT_OF_RANGE,
        `The offset is beyond stream, expected offset ${rowCount}, received ${offset}. ${name}`,
      );
    }
    return undefined;
  }

  /** Tells of changed columns, once for each stream. */
  private news(stream: Stream): AppendResponse {
    if (stream.version === stream.table.version) return {};
    stream.version = stream.table.version;
    return { updatedSchema: schemaOf(stream.table) };
  }

  private stream(name: string): Stream {
    const stream = this.streams.get(name);
    if (stream === undefined) throw new ServiceError(status.NOT_FOUND, `Requested entity was not found. ${name}`);
    return stream;
  }

  /** @see https://github.com/googleapis/python-bigquery/issues/1331 */
  private isLagging({ path, createdAtMs }: Table): boolean {
    return this.clock.now() < createdAtMs + this.lagMs && this.dropped.some((dropped) => dropped.path === path);
  }
}

function refuseRows({ columns }: Table, descriptor: object, rows: readonly DecodedRow[]): AppendResponse | undefined {
  const names = new Set(columns.map(({ name }) => name));
  const extra = describedColumns(descriptor).filter((name) => !names.has(name));
  if (extra.length > 0) {
    return failure(status.INVALID_ARGUMENT, `The source object has fields unknown to BigQuery: ${extra.join(", ")}.`);
  }
  const required = columns.filter(({ mode }) => mode === "REQUIRED");
  const rowErrors = rows.flatMap((row, index) =>
    required.filter(({ name }) => row[name] === undefined).map(({ name }) => rowError(index, `${name} is required`)),
  );
  return rowErrors.length === 0
    ? undefined
    : { ...failure(status.INVALID_ARGUMENT, "Errors found in rows."), rowErrors };
}

/** The answer to an append that is refused as a whole. */
export function failure(code: status, message: string): AppendResponse {
  return { error: { code, message } };
}

export function rowError(index: number, message: string) {
  return { index, code: "FIELDS_ERROR" as const, message };
}

function schemaOf({ columns }: Table): NonNullable<WriteStream["tableSchema"]> {
  return { fields: columns.map(({ name, type, mode }) => ({ name, type: API_TYPES[type] ?? type, mode })) as never };
}

/** Types that the Storage API spells otherwise than the REST API. */
const API_TYPES: Readonly<Record<string, string>> = {
  INTEGER: "INT64",
  FLOAT: "DOUBLE",
  BOOLEAN: "BOOL",
  RECORD: "STRUCT",
};
