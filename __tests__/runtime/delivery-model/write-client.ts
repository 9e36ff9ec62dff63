import { EventEmitter } from "node:events";
import type { v1 } from "@google-cloud/bigquery-storage";
import { status } from "@grpc/grpc-js";
import type { Clock } from "../../../bigquery/clock";
import type { Call, Network } from "./network";
import { type AppendRequest, type AppendResponse, ServiceError } from "./service";
import type { AppendsCall, SpoiledService } from "./spoiled-service";

/** What the generated client allows a call without a timeout of its own. */
const DEFAULT_TIMEOUT_MS = 1_200_000;

/** What a client stands on. */
export interface Surroundings {
  readonly spoiled: SpoiledService;
  readonly network: Network;
  readonly clock: Clock;
  /** Calls that one connection carries at a time; another one waits until there is room. @default 100 */
  readonly maxStreams?: number;
}

/** An error as the generated client throws it. */
function grpcError(code: status, details: string): Error {
  return Object.assign(new Error(`${code} ${status[code]}: ${details}`), { code, details });
}

/** Lets a connection carry so many calls and no more. */
class Slots {
  private used = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly max: number) {}

  /** @returns a function that gives the slot back, or the place in the line up. */
  acquire(start: () => void): () => void {
    let state: "waiting" | "started" | "over" = "waiting";
    const begin = () => {
      if (state === "over") return this.giveOn();
      state = "started";
      start();
    };
    if (this.used < this.max) {
      this.used++;
      begin();
    } else this.waiting.push(begin);
    return () => {
      if (state === "started") this.giveOn();
      state = "over";
    };
  }

  private giveOn(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.used--;
    else next();
  }
}

/** Google's generated client as the library sees it: the same calls and stream events, with no socket behind it. */
export class ModelWriteClient {
  private readonly slots: Slots;
  private readonly open = new Set<AppendsStream>();

  constructor(private readonly around: Surroundings) {
    this.slots = new Slots(around.maxStreams ?? 100);
  }

  /** For what takes the generated client. */
  static create(around: Surroundings): v1.BigQueryWriteClient {
    return new ModelWriteClient(around) as unknown as v1.BigQueryWriteClient;
  }

  async initialize(): Promise<void> {}

  async createWriteStream(
    { parent, writeStream }: { readonly parent: string; readonly writeStream?: { readonly type?: unknown } },
    options?: { readonly timeout?: number },
  ) {
    return this.unary(options, async () => this.around.spoiled.createWriteStream(parent, writeStream?.type));
  }

  async finalizeWriteStream({ name }: { readonly name: string }, options?: { readonly timeout?: number }) {
    return this.unary(options, async () => {
      const { rowCount } = await this.around.spoiled.finalizeWriteStream(name);
      this.around.spoiled.service.hear(name);
      return { rowCount: String(rowCount) };
    });
  }

  async getWriteStream({ name }: { readonly name: string }, options?: { readonly timeout?: number }) {
    return this.unary(options, async () => this.around.spoiled.service.getWriteStream(name));
  }

  appendRows(): AppendsStream {
    const stream = new AppendsStream(this.around, this.slots, () => this.open.delete(stream));
    this.open.add(stream);
    return stream;
  }

  async close(): Promise<void> {
    const lost = [...this.open];
    for (const stream of lost) stream.lose();
  }

  /** One question, one answer: `[answer, request, rawAnswer]` as the generated client has it. */
  private async unary<T>(
    options: { readonly timeout?: number } = {},
    carryOut: () => Promise<T>,
  ): Promise<[T, undefined, undefined]> {
    const { network, clock } = this.around;
    return new Promise((resolve, reject) => {
      const over = () => {
        clock.clearTimeout(deadline);
        network.leave(call);
        release();
      };
      const fail = (code: status, details: string) => {
        over();
        reject(grpcError(code, details));
      };
      const timeoutMs = options.timeout ?? DEFAULT_TIMEOUT_MS;
      const deadline = clock.setTimeout(
        () => fail(status.DEADLINE_EXCEEDED, `Deadline exceeded after ${timeoutMs} ms`),
        timeoutMs,
      );
      const call: Call = { lose: () => fail(status.UNAVAILABLE, "Connection dropped") };
      const answer = (settle: () => void) =>
        network.deliver(() => {
          over();
          settle();
        });
      const release = this.slots.acquire(() => {
        network.enter(call);
        if (network.isDown) return network.deliver(() => fail(status.UNAVAILABLE, "No connection established"));
        network.deliver(() => {
          carryOut().then(
            (value) => answer(() => resolve([value, undefined, undefined])),
            (error: unknown) =>
              answer(() => {
                const { code, message } = error as ServiceError;
                reject(error instanceof ServiceError ? grpcError(code, message) : (error as Error));
              }),
          );
        });
      });
    });
  }
}

/** A call of AppendRows: a stream that takes requests and gives answers. */
export class AppendsStream extends EventEmitter implements Call {
  destroyed = false;
  writableEnded = false;
  private call: AppendsCall | undefined;
  private isOver = false;
  private streamName = "";
  /** Written before the connection took the call. */
  private readonly early: (() => void)[] = [];
  private readonly release: () => void;

  constructor(
    private readonly around: Surroundings,
    slots: Slots,
    private readonly onOver: () => void,
  ) {
    super();
    this.release = slots.acquire(() => this.start());
  }

  write(request: AppendRequest): boolean {
    if (this.destroyed || this.writableEnded) {
      const [code, message] = this.destroyed
        ? ["ERR_STREAM_DESTROYED", "Cannot call write after a stream was destroyed"]
        : ["ERR_STREAM_WRITE_AFTER_END", "write after end"];
      process.nextTick(() => this.emit("error", Object.assign(new Error(message), { code })));
      return false;
    }
    this.streamName = request.writeStream ?? this.streamName;
    this.send(() => this.call?.receive(request));
    return true;
  }

  end(): void {
    if (this.destroyed || this.writableEnded) return;
    this.writableEnded = true;
    process.nextTick(() => this.emit("finish"));
    this.send(() => this.call?.halfClose());
  }

  /** Breaks the call off. */
  cancel(): void {
    if (this.isOver) return;
    this.around.network.deliver(() => this.call?.abandon());
    process.nextTick(() => this.fail(status.CANCELLED, "Cancelled on client"));
  }

  destroy(): void {
    if (this.destroyed) return;
    this.around.network.deliver(() => this.call?.abandon());
    if (!this.isOver) this.finish();
    this.destroyed = true;
    process.nextTick(() => this.emit("close"));
  }

  /** The connection is gone. */
  lose(): void {
    this.call?.abandon();
    this.fail(status.UNAVAILABLE, "Connection dropped");
  }

  private start(): void {
    const { network, spoiled } = this.around;
    network.enter(this);
    if (network.isDown) {
      network.deliver(() => this.fail(status.UNAVAILABLE, "No connection established"));
      return;
    }
    this.call = spoiled.openAppends({
      answer: (response) => network.deliver(() => this.receive(response)),
      end: (code, details) => network.deliver(() => this.ended(code, details)),
    });
    for (const message of this.early.splice(0)) network.deliver(message);
  }

  private send(message: () => void): void {
    if (this.call === undefined) this.early.push(message);
    else this.around.network.deliver(message);
  }

  private receive(response: AppendResponse): void {
    if (this.destroyed) return;
    if (!response.error || response.error.code === status.ALREADY_EXISTS)
      this.around.spoiled.service.hear(this.streamName);
    this.emit("data", response);
  }

  private ended(code: status, details: string): void {
    if (this.isOver) return;
    if (code !== status.OK) return this.fail(code, details);
    this.finish();
    this.emit("status", { code, details });
    this.emit("end");
  }

  private fail(code: status, details: string): void {
    if (this.isOver) return;
    this.finish();
    this.destroyed = true;
    this.emit("status", { code, details });
    this.emit("error", grpcError(code, details));
    this.emit("close");
    this.emit("end");
  }

  private finish(): void {
    this.isOver = true;
    this.around.network.leave(this);
    this.release();
    this.onOver();
  }
}
