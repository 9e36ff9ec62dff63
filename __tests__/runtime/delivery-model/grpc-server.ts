import { EventEmitter } from "node:events";
import { protos, v1 } from "@google-cloud/bigquery-storage";
import {
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { PassThroughClient } from "google-auth-library";
import { TcpProxy } from "../../integration/support/tcp-proxy";
import type { AppendRequest, ServiceError } from "./service";
import type { SpoiledService } from "./spoiled-service";

const V1 = protos.google.cloud.bigquery.storage.v1;
const PATH = "/google.cloud.bigquery.storage.v1.BigQueryWrite";
/** BigQuery's front ends allow so many calls on one connection. */
const MAX_STREAMS = 100;

/** The generated class of a message. */
interface Message {
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
  fromObject(object: Readonly<Record<string, unknown>>): object;
  toObject(message: object, options: object): object;
}

function method(name: string, isStream: boolean, request: Message, response: Message) {
  return {
    path: `${PATH}/${name}`,
    requestStream: isStream,
    responseStream: isStream,
    requestSerialize: (value: object) => Buffer.from(request.encode(value).finish()),
    requestDeserialize: (bytes: Buffer) => request.toObject(request.decode(bytes), { enums: String, longs: Number }),
    responseSerialize: (value: object) =>
      Buffer.from(response.encode(response.fromObject(value as Record<string, unknown>)).finish()),
    responseDeserialize: (bytes: Buffer) => response.decode(bytes),
  };
}

const METHODS = {
  CreateWriteStream: method("CreateWriteStream", false, V1.CreateWriteStreamRequest, V1.WriteStream),
  GetWriteStream: method("GetWriteStream", false, V1.GetWriteStreamRequest, V1.WriteStream),
  FinalizeWriteStream: method(
    "FinalizeWriteStream",
    false,
    V1.FinalizeWriteStreamRequest,
    V1.FinalizeWriteStreamResponse,
  ),
  AppendRows: method("AppendRows", true, V1.AppendRowsRequest, V1.AppendRowsResponse),
};

/** The spoiled service behind a real gRPC server on loopback. */
export class GrpcServer {
  private readonly server = new Server({
    "grpc.max_concurrent_streams": MAX_STREAMS,
    // As BigQuery's: what is larger is refused before it is read.
    "grpc.max_receive_message_length": 20_000_000,
  });
  /** Calls of AppendRows that are open. */
  openAppends = 0;

  /** Calls of clients, until they are over. */
  private readonly calls = new Set<Promise<void>>();
  private readonly clients: v1.BigQueryWriteClient[] = [];
  private bound = "";
  private proxy: TcpProxy | undefined;

  private constructor(private readonly spoiled: SpoiledService) {
    this.server.addService(METHODS, {
      CreateWriteStream: unary((request: { parent: string; writeStream?: { type?: unknown } }) =>
        spoiled.createWriteStream(request.parent, request.writeStream?.type),
      ),
      GetWriteStream: unary(async ({ name }: { name: string }) => spoiled.service.getWriteStream(name)),
      FinalizeWriteStream: unary(async ({ name }: { name: string }) => spoiled.finalizeWriteStream(name)),
      AppendRows: (call: ServerDuplexStream<AppendRequest, object>) => this.append(call),
    });
  }

  /** Starts one on a free port. */
  static async open(spoiled: SpoiledService): Promise<GrpcServer> {
    const server = new GrpcServer(spoiled);
    const port = await new Promise<number>((resolve, reject) =>
      server.server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    server.bound = `127.0.0.1:${port}`;
    server.proxy = new TcpProxy(server.bound);
    await server.proxy.open();
    return server;
  }

  /** Google's client in front of it, with a connection of its own. */
  newClient(): v1.BigQueryWriteClient {
    const [host = "", port] = (this.proxy?.address ?? "").split(":");
    const client = new v1.BigQueryWriteClient({
      projectId: "example-dev",
      apiEndpoint: host,
      port: Number(port),
      sslCreds: credentials.createInsecure(),
      // google-gax may bring its own copy of google-auth-library, whose classes differ in name only.
      authClient: new PassThroughClient() as never,
      "grpc.initial_reconnect_backoff_ms": 20,
      "grpc.use_local_subchannel_pool": 1,
    });
    this.clients.push(client);
    return new Proxy(client, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function" || !Object.hasOwn(METHODS, capitalized(name))) return value;
        return (...args: readonly unknown[]): unknown => {
          const call: unknown = Reflect.apply(value, target, args);
          this.calls.add(over(call as EventEmitter | Promise<unknown>));
          return call;
        };
      },
    });
  }

  /** Breaks every connection off; new ones can be made. */
  drop(): void {
    this.proxy?.reset();
  }

  /** Tells every client to make a new connection, and ends the old ones at once. */
  goAway(): void {
    this.server.drain(this.bound, 0);
  }

  /** Ends everything, and returns when no call of a client is open any more. */
  async close(): Promise<void> {
    this.server.forceShutdown();
    await this.proxy?.close();
    await Promise.all(this.calls);
    for (const client of this.clients) await client.close();
  }

  private append(call: ServerDuplexStream<AppendRequest, object>): void {
    this.openAppends++;
    const appends = this.spoiled.openAppends({
      answer: (response) => call.write(response),
      end: (code, details) => {
        if (code === status.OK) call.end();
        else call.emit("error", { code, details, metadata: new Metadata() });
      },
    });
    call.on("data", (request: AppendRequest) => appends.receive(request));
    call.on("end", () => appends.halfClose());
    call.on("cancelled", () => appends.abandon());
    call.once("close", () => this.openAppends--);
  }
}

function unary<Request>(carryOut: (request: Request) => Promise<object>) {
  return ({ request }: { readonly request: Request }, callback: sendUnaryData<object>) => {
    const answer = async () => {
      try {
        callback(null, await carryOut(request));
      } catch (error) {
        callback({ code: (error as ServiceError).code, details: (error as ServiceError).message });
      }
    };
    void answer();
  };
}

function capitalized(name: string | symbol): string {
  const text = String(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Resolves when a call is over. */
async function over(call: EventEmitter | Promise<unknown>): Promise<void> {
  if (!(call instanceof EventEmitter)) await Promise.allSettled([call]);
  else await Promise.race(["end", "close"].map(async (event) => new Promise((resolve) => call.once(event, resolve))));
}
