import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { protos } from "@google-cloud/bigquery-storage";
import { type handleBidiStreamingCall, type handleUnaryCall, Server, ServerCredentials } from "@grpc/grpc-js";
import { loadConfig } from "../../model/load-config";
import { readAppend } from "./append-request";

const {
  AppendRowsResponse,
  CreateWriteStreamRequest,
  FinalizeWriteStreamRequest,
  FinalizeWriteStreamResponse,
  WriteStream,
} = protos.google.cloud.bigquery.storage.v1;
const SERVICE = "/google.cloud.bigquery.storage.v1.BigQueryWrite";
/** As Google's front ends have it. */
const STREAMS_PER_CONNECTION = 100;

export interface CountingServer {
  /** `127.0.0.1:…` */
  readonly grpcAddress: string;
  /** `127.0.0.1:…`, of `insertAll` alone. */
  readonly restAddress: string;
  readonly counts: {
    rows: number;
    streams: number;
    /** Append connections, and the most that were open at once. */
    open: number;
    mostOpen: number;
  };
  readonly close: () => void;
}

/**
 * Stands in for the Storage Write API and for `insertAll`: checks each append's offset and counts its rows, and decodes none, so
 * that what is measured is the client. Takes 100 streams on a connection.
 *
 * @param answerMs - milliseconds until an append is answered.
 */
export async function startCountingServer(answerMs = 0): Promise<CountingServer> {
  const counts = { rows: 0, streams: 0, open: 0, mostOpen: 0 };
  /** Rows of each stream. */
  const streams = new Map<string, number>();
  const definitions = new Map(loadConfig("configs").definitions.map((definition) => [definition.tableId, definition]));

  const create: handleUnaryCall<Buffer, Buffer> = ({ request }, callback) => {
    const { parent } = CreateWriteStreamRequest.decode(request);
    const name = `${parent}/streams/s${++counts.streams}`;
    streams.set(name, 0);
    const fields = definitions.get(parent.slice(parent.lastIndexOf("/") + 1))?.schema.fields ?? [];
    const tableSchema = {
      fields: fields.map(({ name: column, type, mode }) => ({ name: column, type: apiType(type), mode })),
    };
    const stream = WriteStream.fromObject({ name, type: "COMMITTED", createTime: { seconds: 1 }, tableSchema });
    callback(null, Buffer.from(WriteStream.encode(stream).finish()));
  };
  const finalize: handleUnaryCall<Buffer, Buffer> = ({ request }, callback) => {
    const { name } = FinalizeWriteStreamRequest.decode(request);
    callback(null, Buffer.from(FinalizeWriteStreamResponse.encode({ rowCount: streams.get(name) ?? 0 }).finish()));
  };
  const append: handleBidiStreamingCall<Buffer, Buffer> = (call) => {
    counts.open++;
    counts.mostOpen = Math.max(counts.mostOpen, counts.open);
    call.once("close", () => counts.open--);
    call.on("error", () => undefined);
    call.on("end", () => call.end());
    // The name comes with the first request of a connection, and need not be repeated.
    let current = "";
    call.on("data", (request: Buffer) => {
      const { stream, offset, rows } = readAppend(request);
      current = stream || current;
      const expected = streams.get(current);
      const isRight = expected === offset;
      if (isRight) {
        streams.set(current, offset + rows);
        counts.rows += rows;
      }
      const answer = AppendRowsResponse.encode(
        isRight
          ? { appendResult: { offset: { value: offset } } }
          : { error: { code: 11, message: `expected ${expected}` } },
      ).finish();
      if (answerMs === 0) call.write(Buffer.from(answer));
      else setTimeout(() => call.write(Buffer.from(answer)), answerMs);
    });
  };

  const grpc = new Server({
    "grpc.max_concurrent_streams": STREAMS_PER_CONNECTION,
    "grpc.max_receive_message_length": -1,
  });
  grpc.addService(
    {
      CreateWriteStream: method("CreateWriteStream", false),
      FinalizeWriteStream: method("FinalizeWriteStream", false),
      AppendRows: method("AppendRows", true),
    },
    { CreateWriteStream: create, FinalizeWriteStream: finalize, AppendRows: append },
  );
  const grpcPort = await new Promise<number>((resolve, reject) => {
    grpc.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });

  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      counts.rows += occurrences(Buffer.concat(chunks), '"insertId":');
      response
        .writeHead(200, { "content-type": "application/json" })
        .end('{"kind":"bigquery#tableDataInsertAllResponse"}');
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    grpcAddress: `127.0.0.1:${grpcPort}`,
    restAddress: `127.0.0.1:${(http.address() as AddressInfo).port}`,
    counts,
    close: () => {
      grpc.forceShutdown();
      http.close();
      http.closeAllConnections();
    },
  };
}

/** The Storage Write API's names for types. */
function apiType(type: string): string {
  return { INTEGER: "INT64", FLOAT: "DOUBLE", BOOLEAN: "BOOL", RECORD: "STRUCT" }[type] ?? type;
}

function occurrences(text: Buffer, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) count++;
  return count;
}

function method(name: string, isStream: boolean) {
  return {
    path: `${SERVICE}/${name}`,
    requestStream: isStream,
    responseStream: isStream,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
}

/** Bytes as they are. */
function same(message: Buffer): Buffer {
  return message;
}
