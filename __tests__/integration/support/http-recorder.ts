import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Passes REST calls on to the emulator as they are, and notes the SQL of those that hold some. */
export class HttpRecorder {
  readonly statements: string[] = [];
  /** Most statements that were under way at once. */
  mostAtOnce = 0;
  private atOnce = 0;
  private readonly server: Server;

  /** @param upstream - e.g. `http://127.0.0.1:9050`. */
  constructor(upstream: string) {
    this.server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const body = Buffer.concat(chunks);
        const isStatement = this.record(body);
        const { method, url = "", headers } = incoming;
        const call = request(new URL(url, upstream), { method, headers }, (response) => {
          if (isStatement) this.atOnce--;
          outgoing.writeHead(response.statusCode ?? 500, response.headers);
          response.pipe(outgoing);
        });
        call.end(body);
      });
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private record(body: Buffer): boolean {
    const { query } = JSON.parse(body.length === 0 ? "{}" : body.toString()) as { query?: string };
    if (query === undefined) return false;
    this.statements.push(query);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    return true;
  }
}
