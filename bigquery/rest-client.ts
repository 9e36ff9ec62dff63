import { randomUUID } from "node:crypto";
import { GoogleAuth, PassThroughClient } from "google-auth-library";
import { RemoteError } from "../model/errors";
import { type Clock, sleep, systemClock } from "./clock";
import { emulatorUrl } from "./emulator-address";
import { DEFAULT_RETRY, type RetryOptions, withRetry } from "./retry";

/**
 * BigQuery refused or failed a REST call.
 *
 * @example
 * ```ts
 * import { type MetadataInitializer, RestError } from "tenant-metadata/runtime";
 *
 * export async function isAllowed(tables: MetadataInitializer): Promise<boolean> {
 *   try {
 *     await tables.compareTenant("acme_retail");
 *     return true;
 *   } catch (error) {
 *     if (error instanceof RestError && error.status === 403) return false;
 *     throw error;
 *   }
 * }
 * ```
 */
export class RestError extends RemoteError {
  constructor(
    message: string,
    /** HTTP status; absent when no answer came. */
    readonly status: number | undefined,
    /** BigQuery's own reason, e.g. `notFound`. @see https://cloud.google.com/bigquery/docs/error-messages */
    readonly reason: string | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A query's named parameters; every one is sent as a STRING and cast in the query, so none is ever converted on the way. */
export type QueryParameters = Readonly<Record<string, string>>;

/** Values by column; BigQuery sends every one as text, timestamps as microseconds since 1970. */
export type QueryRow = Readonly<Record<string, string | null>>;

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

interface QueryResponse {
  readonly jobComplete?: boolean;
  readonly jobReference?: { readonly jobId: string; readonly location?: string };
  readonly schema?: { readonly fields?: readonly { readonly name: string; readonly type: string }[] };
  readonly rows?: readonly { readonly f: readonly { readonly v: string | null }[] }[];
  readonly pageToken?: string;
  readonly numDmlAffectedRows?: string;
  readonly totalBytesProcessed?: string;
  readonly errors?: readonly { readonly reason?: string; readonly message?: string }[];
}

interface ErrorBody {
  readonly error?: { readonly message?: string; readonly errors?: readonly { readonly reason?: string }[] };
}

const SERVICE_URL = "https://bigquery.googleapis.com";
const SCOPE = "https://www.googleapis.com/auth/bigquery";
/** Time one request may take before it is tried again, in milliseconds. */
const REQUEST_TIMEOUT_MS = 60_000;
/** Time the server may hold a query's answer back before it says that the job still runs. */
const QUERY_WAIT_MS = 30_000;
const POLL_MS = 500;
const TRANSIENT_STATUSES = new Set([408, 429, 500, 502, 503, 504]);
const TRANSIENT_REASONS = new Set([
  "rateLimitExceeded",
  "jobRateLimitExceeded",
  "backendError",
  "internalError",
  "tableUnavailable",
]);
/** Conflicts between DML statements, which come as `invalidQuery`. */
const TRANSIENT_MESSAGES = /Could not serialize access|Too many DML statements outstanding|Exceeded rate limits/i;

/**
 * The few calls of BigQuery's REST API that the runtime makes, each retried with backoff and a deadline.
 *
 * Not `@google-cloud/bigquery`: that client sends a string parameter of type TIMESTAMP as NULL, retries without a deadline, and
 * builds a wrong base URL from `BIGQUERY_EMULATOR_HOST`.
 */
export class RestClient {
  constructor(
    private readonly url: string,
    private readonly auth: Pick<GoogleAuth, "request">,
    private readonly clock: Clock = systemClock,
  ) {}

  /** The resource at a path, or `undefined` when there is none. */
  async get<T>(path: string, retry?: RetryOptions): Promise<T | undefined> {
    return this.unless(404, async () => this.call<T>("GET", path, undefined, retry));
  }

  /** Creates a resource. @returns false when it was there already. */
  async create(path: string, resource: object): Promise<boolean> {
    return (await this.unless(409, async () => this.call("POST", path, resource))) !== undefined;
  }

  /** Deletes a resource. @returns false when there was none. */
  async delete(path: string): Promise<boolean> {
    return (await this.unless(404, async () => this.call("DELETE", path))) !== undefined;
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
    retry: RetryOptions = DEFAULT_RETRY,
  ): Promise<QueryResult> {
    const body = queryBody(location, query, parameters);
    return withRetry(this.clock, "The query", retry, isTransient, async () => {
      let response = await this.send<QueryResponse>("POST", `/projects/${projectId}/queries`, body);
      throwJobErrors(response);
      const rows = [...readRows(response)];
      while (response.jobComplete === false || response.pageToken !== undefined) {
        if (response.jobComplete === false) await sleep(this.clock, POLL_MS);
        response = await this.nextPage(projectId, response);
        throwJobErrors(response);
        rows.push(...readRows(response));
      }
      return { rows, affectedRows: Number(response.numDmlAffectedRows ?? 0) };
    });
  }

  /**
   * Runs a query and yields its answer page by page, so that memory holds one page however many rows there are.
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
    const body = { ...queryBody(location, query, parameters), maxResults: pageRows };
    const path = `/projects/${projectId}/queries`;
    let response = await this.call<QueryResponse>("POST", path, body);
    const { jobReference } = response;
    for (;;) {
      throwJobErrors(response);
      if (response.jobComplete === false) await sleep(this.clock, POLL_MS);
      else yield { columns: response.schema?.fields ?? [], rows: readRows(response) };
      if (response.jobComplete !== false && response.pageToken === undefined) return;
      const last = { ...response, ...(jobReference === undefined ? {} : { jobReference }) };
      response = await withRetry(this.clock, `GET ${path}`, DEFAULT_RETRY, isTransient, async () =>
        this.nextPage(projectId, last, pageRows),
      );
    }
  }

  /** Bytes that a query would read, without running it; costs nothing. */
  async dryRun(projectId: string, location: string, query: string, parameters: QueryParameters): Promise<number> {
    const body = { ...queryBody(location, query, parameters), dryRun: true };
    const response = await this.call<QueryResponse>("POST", `/projects/${projectId}/queries`, body);
    throwJobErrors(response);
    return Number(response.totalBytesProcessed ?? 0);
  }

  private async nextPage(
    projectId: string,
    { jobReference, pageToken }: QueryResponse,
    maxResults?: number,
  ): Promise<QueryResponse> {
    const { jobId = "", location } = jobReference ?? {};
    const search = new URLSearchParams({
      timeoutMs: String(QUERY_WAIT_MS),
      ...(location === undefined ? {} : { location }),
      ...(pageToken === undefined ? {} : { pageToken }),
      ...(maxResults === undefined ? {} : { maxResults: String(maxResults) }),
      "formatOptions.useInt64Timestamp": "true",
    });
    const next = await this.send<QueryResponse>("GET", `/projects/${projectId}/queries/${jobId}?${search.toString()}`);
    return { ...next, ...(jobReference === undefined ? {} : { jobReference }) };
  }

  private async call<T>(
    method: "GET" | "POST" | "DELETE",
    path: string,
    body?: object,
    retry: RetryOptions = DEFAULT_RETRY,
  ): Promise<T> {
    return withRetry(this.clock, `${method} ${path}`, retry, isTransient, async () => this.send<T>(method, path, body));
  }

  private async send<T>(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<T> {
    try {
      const { data } = await this.auth.request<T>({
        url: `${this.url}/bigquery/v2${path}`,
        method,
        timeout: REQUEST_TIMEOUT_MS,
        retry: false,
        // Node's own; the default loads a package for it at the first request.
        fetchImplementation: fetch,
        ...(body === undefined ? {} : { data: body }),
      });
      return data;
    } catch (error) {
      throw toRestError(`${method} ${path}`, error);
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
    ? new RestClient(SERVICE_URL, new GoogleAuth({ scopes: [SCOPE] }))
    : new RestClient(
        emulatorUrl(emulator, "The emulator's URL").origin,
        new GoogleAuth({ authClient: new PassThroughClient() }),
      );
}

/** Whether the same call may work in a moment. */
function isTransient(error: Error): boolean {
  if (!(error instanceof RestError)) return false;
  const { status, reason, message } = error;
  if (status === undefined) return isNetworkFailure(error.cause);
  return TRANSIENT_STATUSES.has(status) || TRANSIENT_REASONS.has(reason ?? "") || TRANSIENT_MESSAGES.test(message);
}

/** Not answered at all: reset, refused, timed out; unlike a failure to find credentials. */
function isNetworkFailure(error: unknown): boolean {
  return causes(error).some(
    ({ code, name }) => /^(E[A-Z]+|UND_ERR_.+)$/.test(String(code)) || /^(Timeout|Abort)Error$/.test(String(name)),
  );
}

/** An error and what it was caused by, down to the root. */
function causes(
  error: unknown,
): readonly { readonly code?: unknown; readonly name?: unknown; readonly message?: unknown }[] {
  return typeof error === "object" && error !== null ? [error, ...causes((error as { cause?: unknown }).cause)] : [];
}

function queryBody(location: string, query: string, parameters: QueryParameters) {
  return {
    query,
    useLegacySql: false,
    location,
    timeoutMs: QUERY_WAIT_MS,
    requestId: randomUUID(),
    parameterMode: "NAMED",
    // Timestamps as microseconds; the default is seconds in a decimal fraction.
    formatOptions: { useInt64Timestamp: true },
    queryParameters: Object.entries(parameters).map(([name, value]) => ({
      name,
      parameterType: { type: "STRING" },
      parameterValue: { value },
    })),
  };
}

function readRows({ schema, rows = [] }: QueryResponse): readonly Readonly<Record<string, string | null>>[] {
  const names = (schema?.fields ?? []).map(({ name }) => name);
  return rows.map(({ f }) => Object.fromEntries(names.map((name, index) => [name, f[index]?.v ?? null])));
}

/** An emulator may answer 200 with the reason why the statement failed. */
function throwJobErrors({ errors, schema }: QueryResponse): void {
  const [first] = errors ?? [];
  if (first === undefined || (schema?.fields?.length ?? 0) > 0) return;
  const status = first.reason === "notFound" ? 404 : 400;
  throw new RestError(`The query failed: ${first.message ?? "no reason given"}`, status, first.reason);
}

function toRestError(what: string, error: unknown): RestError {
  const { status, response } = error as { status?: number; response?: { data?: ErrorBody } };
  const body = response?.data?.error;
  const text =
    body?.message ??
    causes(error)
      .map(({ message }) => String(message))
      // An error often repeats the words of its cause.
      .filter((message, index, messages) => message !== messages[index - 1])
      .join(": ");
  return new RestError(`${what}: ${text}`, response === undefined ? undefined : status, body?.errors?.[0]?.reason, {
    cause: error,
  });
}
