import type * as AuthLibrary from "google-auth-library";
import { queriesPath } from "../model/names";
import { defined } from "../model/defined";
import { type Clock, systemClock } from "./clock";
import { Deadline } from "./deadline";
import { emulatorUrl } from "./emulator-address";
import {
  type QueryParameters,
  type QueryResponse,
  type QueryRow,
  queryBody,
  queryWaitMs,
  readRows,
  throwJobErrors,
} from "./query-messages";
import { RestError, toRestError } from "./rest-error";
import { DEFAULT_RETRY, withRetry } from "./retry";

export interface QueryResult {
  readonly rows: readonly QueryRow[];
  /** Rows a DML statement changed. */
  readonly affectedRows: number;
}

/** Some rows of an answer, in its order. */
export interface QueryPage {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly QueryRow[];
}

const SERVICE_URL = "https://bigquery.googleapis.com";
const SCOPE = "https://www.googleapis.com/auth/bigquery";
/** Time one request may take before it is tried again, in milliseconds. It is longer than the server may hold an answer back. */
const REQUEST_TIMEOUT_MS = 60_000;
const POLL_MS = 500;
/**
 * The few calls of BigQuery's REST API that the runtime makes, each retried with backoff until its deadline, and over by then.
 * Without one a call takes two minutes at most.
 *
 * Not `@google-cloud/bigquery`: that client sends a string parameter of type TIMESTAMP as NULL, retries without a deadline, and
 * builds a wrong base URL from `BIGQUERY_EMULATOR_HOST`.
 */
export class RestClient {
  constructor(
    private readonly url: string,
    private readonly auth: Pick<AuthLibrary.GoogleAuth, "request">,
    private readonly clock: Clock = systemClock,
  ) {}

  /** `ms` milliseconds from now, by this client's clock. */
  deadline(ms: number): Deadline {
    return Deadline.after(this.clock, ms);
  }

  /** The resource at a path, or `undefined` when there is none. */
  async get<T>(path: string, deadline?: Deadline): Promise<T | undefined> {
    return this.unless(404, async () => this.call<T>("GET", path, undefined, deadline));
  }

  /** Creates a resource. @returns false when it was there already. */
  async create(path: string, resource: object, deadline?: Deadline): Promise<boolean> {
    return (await this.unless(409, async () => this.call("POST", path, resource, deadline))) !== undefined;
  }

  /** Deletes a resource. @returns false when there was none. */
  async delete(path: string, deadline?: Deadline): Promise<boolean> {
    return (await this.unless(404, async () => this.call("DELETE", path, undefined, deadline))) !== undefined;
  }

  /**
   * Runs a query or DML statement and reads all its rows.
   *
   * Retries carry the same request id, so BigQuery carries a statement out once.
   */
  async query(
    projectId: string,
    location: string,
    query: string,
    parameters: QueryParameters = {},
    deadline: Deadline = this.defaultDeadline(),
  ): Promise<QueryResult> {
    const body = queryBody(location, query, parameters, deadline);
    return withRetry("The query", deadline, DEFAULT_RETRY, isTransient, async () => {
      let response = await this.send<QueryResponse>("POST", queriesPath(projectId), body, deadline);
      throwJobErrors(response);
      const rows = [...readRows(response)];
      while (response.jobComplete === false || response.pageToken !== undefined) {
        if (response.jobComplete === false) await deadline.sleep(POLL_MS);
        response = await this.nextPage(projectId, response, deadline);
        throwJobErrors(response);
        rows.push(...readRows(response));
      }
      return { rows, affectedRows: Number(response.numDmlAffectedRows ?? 0) };
    });
  }

  /**
   * Runs a query and yields its answer page by page, so that memory holds one page however many rows there are.
   *
   * Each page has two minutes.
   *
   * @param pageRows - rows a page holds at most.
   */
  async *pages(
    projectId: string,
    location: string,
    query: string,
    parameters: QueryParameters,
    pageRows: number,
  ): AsyncGenerator<QueryPage> {
    let deadline = this.defaultDeadline();
    const body = { ...queryBody(location, query, parameters, deadline), maxResults: pageRows };
    const path = queriesPath(projectId);
    let response = await this.call<QueryResponse>("POST", path, body, deadline);
    const { jobReference } = response;
    for (;;) {
      throwJobErrors(response);
      if (response.jobComplete === false) await deadline.sleep(POLL_MS);
      else yield { columns: response.schema?.fields ?? [], rows: readRows(response) };
      if (response.jobComplete !== false && response.pageToken === undefined) return;
      const last = { ...response, ...defined({ jobReference }) };
      deadline = this.defaultDeadline();
      response = await withRetry(`GET ${path}`, deadline, DEFAULT_RETRY, isTransient, async () =>
        this.nextPage(projectId, last, deadline, pageRows),
      );
    }
  }

  /** Bytes that a query would read, without running it; costs nothing. */
  async dryRun(projectId: string, location: string, query: string, parameters: QueryParameters): Promise<number> {
    const deadline = this.defaultDeadline();
    const body = { ...queryBody(location, query, parameters, deadline), dryRun: true };
    const response = await this.call<QueryResponse>("POST", queriesPath(projectId), body, deadline);
    throwJobErrors(response);
    return Number(response.totalBytesProcessed ?? 0);
  }

  private async nextPage(
    projectId: string,
    { jobReference, pageToken }: QueryResponse,
    deadline: Deadline,
    maxResults?: number,
  ): Promise<QueryResponse> {
    const { jobId = "", location } = jobReference ?? {};
    const search = new URLSearchParams(
      defined({
        timeoutMs: String(queryWaitMs(deadline)),
        location,
        pageToken,
        maxResults: maxResults?.toString(),
        "formatOptions.useInt64Timestamp": "true",
      }),
    );
    const path = `${queriesPath(projectId)}/${jobId}?${search.toString()}`;
    const next = await this.send<QueryResponse>("GET", path, undefined, deadline);
    return { ...next, ...defined({ jobReference }) };
  }

  private async call<T>(
    method: "GET" | "POST" | "DELETE",
    path: string,
    body?: object,
    deadline: Deadline = this.defaultDeadline(),
  ): Promise<T> {
    return withRetry(`${method} ${path}`, deadline, DEFAULT_RETRY, isTransient, async () =>
      this.send<T>(method, path, body, deadline),
    );
  }

  private defaultDeadline(): Deadline {
    return this.deadline(DEFAULT_RETRY.deadlineMs);
  }

  private async send<T>(
    method: "GET" | "POST" | "DELETE",
    path: string,
    body: object | undefined,
    deadline: Deadline,
  ): Promise<T> {
    const what = `${method} ${path.replace(/\?.*/, "")}`;
    const limit = deadline.within(REQUEST_TIMEOUT_MS);
    const abort = new AbortController();
    const leave = limit.onOver(() => abort.abort());
    try {
      const { data } = await limit.race(
        what,
        this.auth.request<string>({
          url: `${this.url}/bigquery/v2${path}`,
          method,
          signal: abort.signal,
          retry: false,
          // Read here: the client would give back a text that it cannot parse as if that were the answer.
          responseType: "text",
          // Node's own; the default loads a package for it at the first request.
          fetchImplementation: fetch,
          ...defined({ data: body }),
        }),
      );
      return parseAnswer(what, data) as T;
    } catch (error) {
      throw error instanceof RestError ? error : toRestError(what, error);
    } finally {
      leave();
    }
  }

  private async unless<T>(status: number, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof RestError && error.status === status) return undefined;
      throw error;
    }
  }
}

/**
 * A client of BigQuery, with the application's default credentials, or of an emulator, without any. Connects to nothing yet.
 *
 * @param emulator - e.g. `http://127.0.0.1:9050`.
 * @throws {@link UsageError} for an emulator that is not on this machine.
 */
export function connectRest(emulator?: string): RestClient {
  return emulator === undefined
    ? new RestClient(
        SERVICE_URL,
        lazyAuth(() => ({ scopes: [SCOPE] })),
      )
    : new RestClient(
        emulatorUrl(emulator, "The emulator's URL").origin,
        lazyAuth(({ PassThroughClient }) => ({ authClient: new PassThroughClient() })),
      );
}

/** Loads the library with the first request: it takes as long as all else that the runtime loads for it. */
function lazyAuth(
  options: (library: typeof AuthLibrary) => AuthLibrary.GoogleAuthOptions,
): Pick<AuthLibrary.GoogleAuth, "request"> {
  let auth: AuthLibrary.GoogleAuth | undefined;
  const load = () => {
    const library = require("google-auth-library") as typeof AuthLibrary;
    return new library.GoogleAuth(options(library));
  };
  return { request: async (request) => (auth ??= load()).request(request) };
}

function isTransient(error: Error): boolean {
  return error instanceof RestError && error.isTransient;
}

/** @throws {@link RestError} that is worth another try: what is no JSON was cut on its way, or comes from something between. */
function parseAnswer(what: string, text: string): object {
  if (text === "" || text === undefined) return {};
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === "object" && answer !== null) return answer;
  } catch {
    // Said below, without the text, which may hold rows.
  }
  throw new RestError(`${what}: the answer is no JSON (${text.length} characters)`, undefined, undefined, true);
}
