import type { Clock } from "../../../bigquery/clock";

/** A connection is given up when its keepalive has not been answered for this long. */
const KEEPALIVE_MS = 40_000;
/** A connection that cannot be made is given up after this long. */
const CONNECT_MS = 20_000;

/** A call on its way, which the network may break. */
export interface Call {
  /** Ends it as gRPC does when its connection is lost. */
  lose(): void;
}

/** The way between clients and the service: takes its time, and may be cut or swallow everything for a while. */
export class Network {
  private readonly calls = new Set<Call>();
  private downUntil = 0;
  private blackUntil = 0;

  constructor(
    private readonly clock: Clock,
    private readonly latencyMs: number,
  ) {}

  get isDown(): boolean {
    return this.clock.elapsed() < this.downUntil;
  }

  /** Delivers a message in some time; messages arrive in the order in which they were sent. */
  deliver(arrive: () => void): void {
    const held = Math.max(0, this.blackUntil - this.clock.elapsed());
    this.clock.setTimeout(arrive, held + this.latencyMs);
  }

  enter(call: Call): void {
    this.calls.add(call);
    if (this.clock.elapsed() < this.blackUntil) this.loseLater([call], CONNECT_MS);
  }

  leave(call: Call): void {
    this.calls.delete(call);
  }

  /** Every connection is lost; new ones can be made. */
  drop(): void {
    const lost = [...this.calls];
    for (const call of lost) call.lose();
  }

  /** Every connection is lost, and none can be made for a while. */
  goDown(ms: number): void {
    this.downUntil = Math.max(this.downUntil, this.clock.elapsed() + ms);
    this.drop();
  }

  /** Nothing arrives for a while; what was sent meanwhile arrives afterwards, unless its connection was given up. */
  goBlack(ms: number): void {
    this.blackUntil = Math.max(this.blackUntil, this.clock.elapsed() + ms);
    this.loseLater([...this.calls], KEEPALIVE_MS);
  }

  private loseLater(calls: readonly Call[], ms: number): void {
    const lostAt = this.clock.elapsed() + ms;
    if (this.blackUntil < lostAt) return;
    this.clock.setTimeout(() => {
      for (const call of calls) if (this.calls.has(call)) call.lose();
    }, ms);
  }
}
