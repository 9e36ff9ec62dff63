import { protos } from "@google-cloud/bigquery-storage";
import {
  Client,
  credentials,
  type handleBidiStreamingCall,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  status,
} from "@grpc/grpc-js";

const { AppendRowsRequest, AppendRowsResponse } = protos.google.cloud.bigquery.storage.v1;
const SERVICE = "/google.cloud.bigquery.storage.v1.BigQueryWrite";
const UNARY_METHODS = ["CreateWriteStream", "FinalizeWriteStream", "GetWriteStream"];

/** What is done to one append. */
export type Fault =
  /** Not passed on; the connection ends with this status. */
  | { readonly kind: "refuse"; readonly code: status }
  /** Not passed on; the answer holds this status. */
  | { readonly kind: "answer"; readonly code: status; readonly rowErrors?: readonly number[] }
  /** Passed on and carried out; the answer is lost with the connection. */
  | { readonly kind: "lose-ack" }
  /** Passed on; the connection ends before there is an answer. */
  | { readonly kind: "reset" }
  /** Passed on after a while. */
  | { readonly kind: "delay"; readonly ms: number }
  /** Not passed on; acknowledged all the same. */
  | { readonly kind: "swallow" }
  /** Passed on; the answer says that the table's columns changed. */
  | { readonly kind: "announce-schema" };

/** Stands between a client and the emulator's gRPC API, passes messages on as they are, and spoils some appends. */
export class GrpcFaultProxy {
  /** Appends seen, spoiled or not. */
  appends = 0;
  /** Streams that were asked for. */
  streams = 0;
  /** Connections for appends that are open. */
  openConnections = 0;
  /** Answers every wish for a stream with this status, while it is set. */
  refuseStreams: status | undefined;
  /** Called when rows are in the table and the answer that says so is being lost. */
  onAckLost: () => void = () => undefined;
  /** Faults carried out, by kind. */
  readonly injected = new Map<string, number>();
  private readonly server = new Server({ "grpc.max_receive_message_length": -1 });
  private readonly upstream: Client;
  private readonly faults: Fault[] = [];
  address = "";

  constructor(upstream: string) {
    this.upstream = new Client(upstream, credentials.createInsecure(), { "grpc.max_receive_message_length": -1 });
  }

  async open(): Promise<void> {
    const unary = UNARY_METHODS.map((name) => [name, methodOf(name, false), this.passUnary(name)] as const);
    const methods = [...unary, ["AppendRows", methodOf("AppendRows", true), this.passAppends()] as const];
    this.server.addService(
      Object.fromEntries(methods.map(([name, definition]) => [name, definition])),
      Object.fromEntries(methods.map(([name, , handler]) => [name, handler])),
    );
    const port = await new Promise<number>((resolve, reject) =>
      this.server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    this.address = `127.0.0.1:${port}`;
  }

  /** Spoils the next appends, one fault each. */
  inject(...faults: readonly Fault[]): void {
    this.faults.push(...faults);
  }

  /** Faults that were injected and have met no append yet. */
  get pending(): number {
    return this.faults.length;
  }

  close(): void {
    this.server.forceShutdown();
    this.upstream.close();
  }

  private passUnary(name: string): handleUnaryCall<Buffer, Buffer> {
    return (call, callback) => {
      if (name === "CreateWriteStream") {
        this.streams++;
        if (this.refuseStreams !== undefined) {
          callback({ code: this.refuseStreams, details: "refused by the proxy" });
          return;
        }
      }
      this.upstream.makeUnaryRequest(`${SERVICE}/${name}`, same, same, call.request, call.metadata, {}, callback);
    };
  }

  private passAppends(): handleBidiStreamingCall<Buffer, Buffer> {
    return (client) => {
      const server = this.upstream.makeBidiStreamRequest(`${SERVICE}/AppendRows`, same, same, client.metadata);
      const lost = { acks: 0, announcements: 0 };
      this.openConnections++;
      client.once("close", () => this.openConnections--);
      client.on("data", (request: Buffer) => void this.pass(request, client, (message) => server.write(message), lost));
      client.on("end", () => server.end());
      // An append whose answer is to be lost is carried out, also when its client goes first.
      const cancel = () => {
        if (lost.acks === 0) server.cancel();
      };
      client.on("cancelled", cancel);
      client.on("error", cancel);
      server.on("data", (response: Buffer) => {
        if (lost.acks > 0) {
          this.onAckLost();
          server.cancel();
          end(client, status.UNAVAILABLE, "the answer was lost");
        } else if (lost.announcements > 0) {
          lost.announcements--;
          client.write(withUpdatedSchema(response));
        } else client.write(response);
      });
      server.on("error", (error: Error & { code?: number }) => {
        end(client, error.code ?? status.UNKNOWN, error.message);
      });
      server.on("end", () => client.end());
    };
  }

  private async pass(
    request: Buffer,
    client: ServerDuplexStream<Buffer, Buffer>,
    forward: (message: Buffer) => void,
    lost: { acks: number; announcements: number },
  ): Promise<void> {
    this.appends++;
    const fault = this.faults.shift();
    if (fault === undefined) {
      forward(request);
      return;
    }
    this.injected.set(fault.kind, (this.injected.get(fault.kind) ?? 0) + 1);
    switch (fault.kind) {
      case "refuse":
        end(client, fault.code, "refused by the proxy");
        break;
      case "answer":
        client.write(answer(fault));
        break;
      case "lose-ack":
        lost.acks++;
        forward(request);
        break;
      case "reset":
        forward(request);
        end(client, status.UNAVAILABLE, "reset by the proxy");
        break;
      case "delay":
        await new Promise((resolve) => setTimeout(resolve, fault.ms));
        forward(request);
        break;
      case "announce-schema":
        lost.announcements++;
        forward(request);
        break;
      case "swallow":
        client.write(acknowledgement(request));
        break;
    }
  }
}

/** A copy: the buffer that gRPC hands over is its own. */
function same(message: Buffer): Buffer {
  return message;
}

function methodOf(name: string, isStream: boolean) {
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

function end(client: ServerDuplexStream<Buffer, Buffer>, code: number, details: string): void {
  client.emit("error", Object.assign(new Error(details), { code, details, metadata: new Metadata() }));
}

function answer({ code, rowErrors = [] }: { readonly code: number; readonly rowErrors?: readonly number[] }): Buffer {
  return Buffer.from(
    AppendRowsResponse.encode({
      error: { code, message: "refused by the proxy" },
      rowErrors: rowErrors.map((index) => ({ index, code: "FIELDS_ERROR", message: "refused by the proxy" })),
    }).finish(),
  );
}

function withUpdatedSchema(response: Buffer): Buffer {
  const decoded = AppendRowsResponse.decode(response);
  decoded.updatedSchema = {};
  return Buffer.from(AppendRowsResponse.encode(decoded).finish());
}

function acknowledgement(request: Buffer): Buffer {
  const { offset } = AppendRowsRequest.decode(request);
  return Buffer.from(AppendRowsResponse.encode({ appendResult: { offset: offset ?? null } }).finish());
}
