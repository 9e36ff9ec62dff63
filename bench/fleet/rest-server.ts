import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the server knows of a tenant's dataset. */
export interface FleetServerOptions {
  /** Rows that a tenant's part of a query gives, by dataset. */
  readonly rowsOf: (datasetId: string) => number;
  /** Answers 404 to queries that name one of these datasets, as BigQuery does for a table that is not there. */
  readonly missing?: ReadonlySet<string>;
  /** Milliseconds before each answer. */
  readonly latencyMs?: number;
}

interface QueryRequest {
  readonly query: string;
  readonly dryRun?: boolean;
  readonly maxResults?: number;
}

/**
 * Answers queries like BigQuery's REST API, with its paging and its limits, over tables that it makes up: a tenant's rows are
 * numbered in a column `n`. It stands in for the service where a thousand tenants are asked; what SQL means is tested on an
 * emulator.
 */
export class FleetServer {
  dryRuns = 0;
  queries = 0;
  pages = 0;
  /** The most queries at a time. */
  concurrent = 0;
  private running = 0;
  private readonly jobs = new Map<string, { readonly datasets: readonly string[]; readonly pageRows: number }>();
  private readonly server: Server;

  constructor(private readonly options: FleetServerOptions) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks = (await request.toArray()) as Buffer[];
    this.concurrent = Math.max(this.concurrent, ++this.running);
    if (this.options.latencyMs !== undefined) await new Promise((done) => setTimeout(done, this.options.latencyMs));
    this.running--;
    const url = new URL(request.url ?? "/", "http://localhost");
    const [status, body] =
      request.method === "POST"
        ? this.start(JSON.parse(Buffer.concat(chunks).toString()) as QueryRequest)
        : [200, this.page(url.pathname.split("/").at(-1) ?? "", Number(url.searchParams.get("pageToken") ?? 0))];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }

  private start({ query, dryRun = false, maxResults = 10_000 }: QueryRequest): readonly [number, object] {
    const names = [...query.matchAll(/FROM `([\w-]+)\.(\w+)\.(\w+)`|JOIN `([\w-]+)\.(\w+)\.(\w+)`/g)];
    const tables = new Set(names.map(([, , d = "", t = "", , d2 = "", t2 = ""]) => `${d}${d2}.${t}${t2}`));
    const datasets = [...new Set([...tables].map((table) => table.split(".")[0] ?? ""))];
    if (tables.size > 1000) return error(400, "invalidQuery", "A query may reference at most 1000 tables.");
    if (Buffer.byteLength(query) > 1 << 20) return error(400, "invalid", "The query is too large.");
    const missing = datasets.find((dataset) => this.options.missing?.has(dataset) === true);
    if (missing !== undefined) return error(404, "notFound", `Not found: Table example:${missing}.pipeline_runs`);
    if (dryRun) {
      this.dryRuns++;
      return [200, { jobComplete: true, totalBytesProcessed: String(datasets.length * 1000), schema: SCHEMA }];
    }
    this.queries++;
    const job = `job_${this.queries}`;
    this.jobs.set(job, { datasets, pageRows: maxResults });
    return [200, this.page(job, 0)];
  }

  /** @param from - the token: how many rows were sent before. */
  private page(jobId: string, from: number): object {
    this.pages++;
    const { datasets, pageRows } = this.jobs.get(jobId) ?? { datasets: [], pageRows: 0 };
    const rows: object[] = [];
    let at = 0;
    let total = 0;
    for (const dataset of datasets) {
      const count = this.options.rowsOf(dataset);
      for (let n = Math.max(0, from - at); n < count && rows.length < pageRows; n++) {
        if (at + n >= from) rows.push({ f: [{ v: dataset.replace(/_metadata$/, "") }, { v: String(n) }] });
      }
      at += count;
      total += count;
    }
    const next = from + rows.length;
    return {
      jobComplete: true,
      jobReference: { jobId, location: "EU" },
      schema: SCHEMA,
      rows,
      ...(next < total ? { pageToken: String(next) } : {}),
    };
  }
}

const SCHEMA = {
  fields: [
    { name: "tenant", type: "STRING" },
    { name: "n", type: "INTEGER" },
  ],
};

function error(code: number, reason: string, message: string): readonly [number, object] {
  return [code, { error: { code, message, errors: [{ reason, message }] } }];
}
