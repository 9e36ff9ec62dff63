import { RemoteError } from "../model/errors";

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
    /** The same call may work in a moment. */
    readonly isTransient: boolean = false,
  ) {
    super(message);
  }
}

interface ErrorBody {
  readonly error?: { readonly message?: string; readonly errors?: readonly { readonly reason?: string }[] };
}

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

/** Keeps words, status and reason of a failed call. The client's own error holds the request, so it is no `cause`. */
export function toRestError(what: string, error: unknown): RestError {
  const { status, response } = error as { status?: number; response?: { data?: unknown } };
  const body = errorBody(response?.data);
  const text =
    body?.message ?? (response === undefined ? wordsOf(error) : `HTTP ${status}, not in BigQuery's words: ${WHO}`);
  const reason = body?.errors?.[0]?.reason;
  if (response === undefined) return new RestError(`${what}: ${text}`, undefined, reason, isNetworkFailure(error));
  const transient =
    TRANSIENT_STATUSES.has(status ?? 0) || TRANSIENT_REASONS.has(reason ?? "") || TRANSIENT_MESSAGES.test(text);
  return new RestError(`${what}: ${text}`, status, reason, transient);
}

/** A proxy may repeat the request in its answer, with parameters and rows: what it says is not passed on. */
const WHO = "a proxy or another service answered. Check the endpoint, and what lies between.";

function wordsOf(error: unknown): string {
  return (
    causes(error)
      .map(({ message }) => String(message))
      // An error often repeats the words of its cause.
      .filter((message, index, messages) => message !== messages[index - 1])
      .join(": ")
  );
}

/** What BigQuery says of a failure; `undefined` when it is another who speaks. */
function errorBody(data: unknown): ErrorBody["error"] {
  if (typeof data !== "string") return (data as ErrorBody | undefined)?.error;
  try {
    return (JSON.parse(data) as ErrorBody | null)?.error;
  } catch {
    return undefined;
  }
}

/** Not answered at all: reset, refused, timed out; unlike a failure to find credentials. */
function isNetworkFailure(error: unknown): boolean {
  return causes(error).some(
    ({ code, name }) =>
      /^(E[A-Z]+|UND_ERR_.+)$/.test(String(code)) || /^(Timeout|Abort|Deadline)Error$/.test(String(name)),
  );
}

/** An error and what it was caused by, down to the root. */
function causes(
  error: unknown,
): readonly { readonly code?: unknown; readonly name?: unknown; readonly message?: unknown }[] {
  return typeof error === "object" && error !== null ? [error, ...causes((error as { cause?: unknown }).cause)] : [];
}
