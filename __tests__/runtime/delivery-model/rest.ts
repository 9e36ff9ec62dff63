import type { GoogleAuth } from "google-auth-library";
import { type Clock, sleep } from "../../../bigquery/clock";
import { RestClient } from "../../../bigquery/rest-client";
import type { ColumnResource } from "../../../model/resources";
import type { RestFault } from "./faults";
import type { Call, Network } from "./network";
import type { Service } from "./service";
import { carryOut, type Result } from "./statements";

interface Request {
  readonly url: string;
  readonly method: string;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  readonly data?: unknown;
}

interface QueryBody {
  readonly query: string;
  readonly requestId: string;
  readonly queryParameters: readonly { readonly name: string; readonly parameterValue: { readonly value: string } }[];
}

interface TableBody {
  readonly tableReference: { readonly tableId: string };
  readonly schema: { readonly fields: readonly ColumnResource[] };
}

/** An answer that is no success, as the HTTP client throws it. */
function httpError(status: number, reason: string, message: string): Error {
  return Object.assign(new Error(message), {
    status,
    response: { status, data: JSON.stringify({ error: { message, errors: [{ reason, message }] } }) },
  });
}

function networkError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function isStatement({ url, method }: Request): boolean {
  return method === "POST" && url.endsWith("/queries");
}

/** BigQuery's REST API over the tables of the model, at the boundary of the client that authenticates and sends. */
export class Rest {
  readonly datasets = new Set<string>();
  private readonly faults: Iterator<RestFault, undefined>;
  /** Answers to statements by their request id: sent again, a statement is not carried out again. */
  private readonly answers = new Map<string, Result | undefined>();
  private readonly jobs = new Map<string, { polls: number; readonly answer: () => object }>();

  constructor(
    private readonly service: Service,
    private readonly network: Network,
    private readonly clock: Clock,
    faults: readonly RestFault[],
  ) {
    this.faults = faults[Symbol.iterator]() as Iterator<RestFault, undefined>;
  }

  /** The runtime's own client in front of it. */
  client(): RestClient {
    const auth = { request: async (request: Request) => ({ data: await this.request(request) }) };
    return new RestClient("http://rest", auth as unknown as Pick<GoogleAuth, "request">, this.clock);
  }

  /** @returns the answer's text. */
  private async request(request: Request): Promise<unknown> {
    const { network, clock } = this;
    return new Promise((resolve, reject) => {
      const over = (settle: () => void) => {
        clock.clearTimeout(deadline);
        network.leave(call);
        settle();
      };
      const fail = (error: Error) => over(() => reject(error));
      const call: Call = { lose: () => fail(networkError("ECONNRESET")) };
      const deadline = clock.setTimeout(
        () => fail(Object.assign(new Error("The operation was aborted due to timeout"), { name: "TimeoutError" })),
        request.timeout ?? 600_000,
      );
      request.signal?.addEventListener("abort", () =>
        fail(Object.assign(new Error("aborted"), { name: "AbortError" })),
      );
      network.enter(call);
      if (network.isDown) {
        network.deliver(() => fail(networkError("ECONNREFUSED")));
        return;
      }
      network.deliver(() => {
        this.spoil(request).then(
          (text) => network.deliver(() => over(() => resolve(text))),
          (error: unknown) => network.deliver(() => fail(error as Error)),
        );
      });
    });
  }

  private async spoil(request: Request): Promise<string> {
    const fault = this.faults.next().value ?? { kind: "none" };
    switch (fault.kind) {
      case "none":
        break;
      case "late":
        await sleep(this.clock, fault.ms);
        break;
      case "cut":
        return this.text(request).slice(0, -1);
      case "lose-answer":
        this.answer(request);
        return new Promise(() => undefined);
      case "swallow":
        return new Promise(() => undefined);
      case "error":
        if (fault.carriedOut) this.answer(request);
        throw fault.failure === "reset"
          ? networkError("ECONNRESET")
          : httpError(fault.failure, "backendError", "spoiled");
      case "conflict":
        if (!isStatement(request)) break;
        throw httpError(400, "invalidQuery", "Could not serialize access to table due to concurrent update");
      case "running":
        if (isStatement(request)) return JSON.stringify(this.startJob(request, fault.polls));
    }
    return this.text(request);
  }

  private text(request: Request): string {
    return JSON.stringify(this.answer(request));
  }

  /** @throws as the HTTP client does. */
  private answer({ url, method, data }: Request): object {
    const { pathname } = new URL(url);
    const parts = pathname.replace("/bigquery/v2/", "").split("/").map(decodeURIComponent);
    const [, projectId = "", kind, id, below, tableId] = parts;
    if (kind === "queries") return method === "POST" ? this.query(data as QueryBody) : this.poll(id ?? "");
    const dataset = `projects/${projectId}/datasets/${id ?? ""}`;
    if (kind !== "datasets") throw new Error(`The model does not know ${method} ${pathname}`);
    if (below === undefined) return this.dataset(method, `projects/${projectId}/datasets`, id, data);
    return this.table(method, dataset, tableId, data);
  }

  private dataset(method: string, parent: string, id: string | undefined, data: unknown): object {
    if (method === "POST") {
      const name = `${parent}/${(data as { datasetReference: { datasetId: string } }).datasetReference.datasetId}`;
      if (this.datasets.has(name)) throw httpError(409, "duplicate", `Already Exists: Dataset ${name}`);
      this.datasets.add(name);
      return {};
    }
    if (!this.datasets.has(`${parent}/${id ?? ""}`)) throw httpError(404, "notFound", `Not found: Dataset ${id ?? ""}`);
    return {};
  }

  private table(method: string, dataset: string, tableId: string | undefined, data: unknown): object {
    if (!this.datasets.has(dataset)) throw httpError(404, "notFound", `Not found: Dataset ${dataset}`);
    if (method === "POST") {
      const { tableReference, schema } = data as TableBody;
      const path = `${dataset}/tables/${tableReference.tableId}`;
      if (!this.service.createTable(path, schema.fields)) throw httpError(409, "duplicate", `Already Exists: ${path}`);
      return {};
    }
    const path = `${dataset}/tables/${tableId ?? ""}`;
    const table = this.service.tables.get(path);
    if (table === undefined) throw httpError(404, "notFound", `Not found: Table ${path}`);
    if (method === "DELETE") this.service.dropTable(path);
    return { creationTime: String(table.createdAtMs), schema: { fields: table.columns } };
  }

  private query({ query, requestId, queryParameters }: QueryBody): object {
    if (!this.answers.has(requestId)) {
      const parameters = Object.fromEntries(
        queryParameters.map(({ name, parameterValue }) => [name, parameterValue.value]),
      );
      this.answers.set(requestId, carryOut(this.service, query, parameters));
    }
    const result = this.answers.get(requestId);
    if (result === undefined) {
      // The table may be there next time.
      this.answers.delete(requestId);
      throw httpError(404, "notFound", "Not found: Table");
    }
    return {
      jobComplete: true,
      schema: { fields: result.columns.map((name) => ({ name })) },
      rows: result.rows.map((row) => ({ f: row.map((v) => ({ v })) })),
      numDmlAffectedRows: String(result.affected),
    };
  }

  private startJob({ data }: Request, polls: number): object {
    const { requestId } = data as QueryBody;
    this.jobs.set(requestId, { polls, answer: () => this.query(data as QueryBody) });
    return { jobComplete: false, jobReference: { jobId: requestId, location: "EU" } };
  }

  private poll(jobId: string): object {
    const job = this.jobs.get(jobId);
    if (job === undefined) throw httpError(404, "notFound", `Not found: Job ${jobId}`);
    return job.polls-- > 0 ? { jobComplete: false, jobReference: { jobId, location: "EU" } } : job.answer();
  }
}
