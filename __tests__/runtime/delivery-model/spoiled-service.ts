import { status } from "@grpc/grpc-js";
import { type Clock, sleep } from "../../../bigquery/clock";
import type { AppendFault, CallFault, Share } from "./faults";
import { type AppendRequest, type AppendResponse, failure, rowError, type Service, ServiceError } from "./service";

/** What is done to the calls of one schedule, in the order in which they reach the service; afterwards nothing more. */
export interface Script {
  readonly appends: readonly AppendFault[];
  readonly creates: readonly CallFault[];
  readonly finalizes: readonly CallFault[];
}

const NONE = { kind: "none" } as const;

/** Whom a call of AppendRows answers. */
export interface Peer {
  answer(response: AppendResponse): void;
  /** Ends the call, with `status.OK` or an error. */
  end(code: status, message: string): void;
}

/** The service on a bad day: carries out calls late, in part, or not at all, and answers as the script says. */
export class SpoiledService {
  private readonly appends: Iterator<AppendFault, undefined>;
  private readonly creates: Iterator<CallFault, undefined>;
  private readonly finalizes: Iterator<CallFault, undefined>;

  constructor(
    readonly service: Service,
    readonly clock: Clock,
    script: Script,
  ) {
    this.appends = script.appends[Symbol.iterator]();
    this.creates = script.creates[Symbol.iterator]();
    this.finalizes = script.finalizes[Symbol.iterator]();
  }

  /** Never settles when the answer is lost. */
  async createWriteStream(parent: string, type: unknown) {
    return this.call(next(this.creates) ?? NONE, () => this.service.createWriteStream(parent, type));
  }

  /** Never settles when the answer is lost. */
  async finalizeWriteStream(name: string) {
    return this.call(next(this.finalizes) ?? NONE, () => ({ rowCount: this.service.finalizeWriteStream(name) }));
  }

  /** Appends that are being carried out. */
  underWay = 0;

  openAppends(peer: Peer): AppendsCall {
    return new AppendsCall(this, peer, () => next(this.appends) ?? NONE);
  }

  private async call<T>(fault: CallFault, carryOut: () => T): Promise<T> {
    switch (fault.kind) {
      case "none":
        return carryOut();
      case "late":
        await sleep(this.clock, fault.ms);
        return carryOut();
      case "lose-answer":
        carryOut();
        return never();
      case "swallow":
        return never();
      case "error":
        if (fault.carriedOut) carryOut();
    }
    throw new ServiceError(fault.code, "spoiled");
  }
}

/** The server's side of one call of AppendRows: requests are carried out and answered one after the other. */
export class AppendsCall {
  private readonly waiting: AppendRequest[] = [];
  private isWorking = false;
  private isOver = false;
  private isHalfClosed = false;
  private descriptor: object | undefined;
  private streamName = "";

  constructor(
    private readonly spoiled: SpoiledService,
    private readonly peer: Peer,
    private readonly nextFault: () => AppendFault,
  ) {}

  receive(request: AppendRequest): void {
    this.waiting.push(request);
    if (!this.isWorking) void this.work();
  }

  /** The client sends nothing more. */
  halfClose(): void {
    this.isHalfClosed = true;
    if (!this.isWorking) this.end(status.OK, "");
  }

  /** The client is gone. What is being carried out is carried out all the same. */
  abandon(): void {
    this.isOver = true;
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    for (let request = this.waiting.shift(); request !== undefined && !this.isOver; request = this.waiting.shift()) {
      this.spoiled.underWay++;
      await this.handle(this.complete(request), this.nextFault());
      this.spoiled.underWay--;
    }
    this.isWorking = false;
    if (this.isHalfClosed) this.end(status.OK, "");
  }

  /** What only a call's first request says holds for the others too. */
  private complete(request: AppendRequest): AppendRequest & { readonly descriptor: object } {
    const descriptor = request.protoRows?.writerSchema?.protoDescriptor ?? this.descriptor;
    this.streamName = request.writeStream || this.streamName;
    if (this.streamName === "") this.spoiled.service.violations.push("a call whose first append names no stream");
    if (descriptor === undefined)
      this.spoiled.service.violations.push("a call whose first append has no writer schema");
    this.descriptor = descriptor ?? { name: "Row" };
    return { ...request, writeStream: this.streamName, descriptor: this.descriptor };
  }

  private async handle(request: AppendRequest & { readonly descriptor: object }, fault: AppendFault): Promise<void> {
    const { service, clock } = this.spoiled;
    const carryOut = () => service.append(request, request.descriptor);
    switch (fault.kind) {
      case "none":
        this.answer(carryOut());
        break;
      case "late":
        await sleep(clock, fault.ms);
        this.answer(carryOut());
        break;
      case "lose-answer":
        carryOut();
        break;
      case "swallow":
        break;
      case "end":
        await this.endInstead(fault, carryOut);
        break;
      case "error":
        service.append(request, request.descriptor, (count) => ({
          kept: part(fault.kept, count),
          counted: part(fault.counted, count),
        }));
        this.answer(failure(fault.code, "spoiled"));
        break;
      case "row-errors":
        this.answer(this.refuseRows(request, fault.indexes, carryOut));
        break;
      case "finalize":
        service.sealStream(request.writeStream ?? "");
        this.answer(failure(fault.code, "Stream has been finalized."));
        break;
      case "forget":
        service.forgetStream(request.writeStream ?? "");
        this.answer(carryOut());
        break;
    }
  }

  private async endInstead(
    { code, carriedOut }: Extract<AppendFault, { kind: "end" }>,
    carryOut: () => unknown,
  ): Promise<void> {
    if (carriedOut === "before") carryOut();
    this.end(code, "spoiled");
    if (typeof carriedOut !== "object") return;
    await sleep(this.spoiled.clock, carriedOut.afterMs);
    carryOut();
  }

  /** Also for an append that was carried out before: the rows may be looked at first. */
  private refuseRows(
    request: AppendRequest,
    indexes: readonly number[],
    carryOut: () => AppendResponse,
  ): AppendResponse {
    const count = request.protoRows?.rows?.serializedRows?.length ?? 0;
    const rowErrors = indexes.filter((index) => index < count).map((index) => rowError(index, "spoiled"));
    return rowErrors.length === 0
      ? carryOut()
      : { ...failure(status.INVALID_ARGUMENT, "Errors found in rows."), rowErrors };
  }

  private answer(response: AppendResponse): void {
    if (!this.isOver) this.peer.answer(response);
  }

  private end(code: status, message: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.peer.end(code, message);
  }
}

/** An answer that is on its way for ever. */
async function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

function next<T>(faults: Iterator<T, undefined>): T | undefined {
  const result: IteratorResult<T, undefined> = faults.next();
  return result.value;
}

function part(share: Share, count: number): number {
  return { none: 0, some: Math.ceil(count / 2), all: count }[share];
}
