import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** Passes bytes on between clients and a server, and can be cut. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private port = 0;

  /** @param upstream - host and port, e.g. `127.0.0.1:9060`. */
  constructor(private readonly upstream: string) {
    this.server = createServer((client) => this.accept(client));
  }

  /** Takes connections; on the same port as before, when it did already. */
  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, "127.0.0.1", resolve));
    ({ port: this.port } = this.server.address() as AddressInfo);
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Resets every connection; new ones are taken. */
  reset(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Refuses connections from now on, and resets those there are: the server is down. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.reset();
    await closed;
  }

  private accept(client: Socket): void {
    const [host = "", port] = this.upstream.split(":");
    const server = connect(Number(port), host);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(from);
      from.pipe(to);
      // A reset is what this proxy is for.
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
  }
}
