import { randomUUID } from "node:crypto";
import { ExponentialBackoff, handleWhen, retry, wrap } from "cockatiel";
import { GoogleAuth, PassThroughClient } from "google-auth-library";
import type { ComparableTable } from "../evolution/comparable";
import type { DatasetName } from "../evolution/migration-script";
import { RemoteError } from "../model/errors";

/** What a migration needs of BigQuery. */
export interface Warehouse {
  /** The table as it is now; `undefined` when there is none. */
  readonly table: (dataset: DatasetName, tableId: string) => Promise<ComparableTable | undefined>;
  /**
   * Runs one statement to its end, where its dataset lies. Tried again when BigQuery is busy or cannot be reached, each time
   * with the same request id, so that it is carried out once.
   */
  readonly run: (sql: string, location: string) => Promise<void>;
}

/** Where a warehouse is. */
export interface WarehousePlace {
  readonly projectId: string;
  /** URL of an emulator; absent for the real service. */
  readonly endpoint?: string;
}

interface QueryResponse {
  readonly jobComplete?: boolean;
  readonly jobReference?: { readonly jobId: string };
}

interface Failure extends Error {
  readonly status?: number;
  readonly response?: { readonly data?: { readonly error?: { readonly message?: string } } };
}

const SERVICE = "https://bigquery.googleapis.com";
const SCOPE = "https://www.googleapis.com/auth/bigquery";
/** How long the service may hold an answer back before it says that the statement still runs. */
const WAIT_MS = 30_000;

/** BigQuery accepts 5 changes of one table's metadata in 10 seconds. @see https://cloud.google.com/bigquery/quotas#standard_tables */
const whenLimited = retry(handleWhen(isRateLimited), {
  maxAttempts: 8,
  backoff: new ExponentialBackoff({ initialDelay: 2000, maxDelay: 30_000 }),
});
const whenTransient = retry(handleWhen(isTransient), {
  maxAttempts: 4,
  backoff: new ExponentialBackoff({ initialDelay: 250, maxDelay: 8000 }),
});
const policy = wrap(whenLimited, whenTransient);

/** Opens a project in BigQuery, with the application's default credentials, or in an emulator, without any. */
export function openWarehouse({ projectId, endpoint }: WarehousePlace): Warehouse {
  const auth =
    endpoint === undefined
      ? new GoogleAuth({ scopes: [SCOPE] })
      : new GoogleAuth({ authClient: new PassThroughClient() });
  const call = async <T>(method: "GET" | "POST", place: string, data?: object): Promise<T> => {
    const url = `${endpoint ?? SERVICE}/bigquery/v2/projects/${projectId}${place}`;
    const options = { url, method, retry: false, timeout: WAIT_MS * 2, ...(data === undefined ? {} : { data }) };
    return policy.execute(async () => (await auth.request<T>(options)).data);
  };
  return {
    table: async ({ datasetId }, tableId) => {
      try {
        const resource = await call<Partial<ComparableTable>>("GET", `/datasets/${datasetId}/tables/${tableId}`);
        return { ...resource, tableId, schema: { fields: resource.schema?.fields ?? [] } };
      } catch (error) {
        if ((error as Failure).status === 404) return undefined;
        throw remote(error, `Reading ${datasetId}.${tableId}`);
      }
    },
    run: async (sql, location) => {
      try {
        const query = { query: sql, useLegacySql: false, location, timeoutMs: WAIT_MS, requestId: randomUUID() };
        let response = await call<QueryResponse>("POST", "/queries", query);
        const job = response.jobReference?.jobId;
        while (response.jobComplete === false) {
          response = await call("GET", `/queries/${job}?location=${location}&timeoutMs=${WAIT_MS}&maxResults=0`);
        }
      } catch (error) {
        throw remote(error, sql);
      }
    },
  };
}

function isRateLimited(error: Failure): boolean {
  return error.status === 429 || /rate ?limit|too many table update/i.test(reasonOf(error));
}

/** No answer at all, or one that asks to come back. */
function isTransient(error: Failure): boolean {
  return !isRateLimited(error) && (error.status === undefined || [500, 502, 503, 504].includes(error.status));
}

function remote(error: unknown, what: string): RemoteError {
  return new RemoteError(`${what}: ${reasonOf(error)}`, { cause: error });
}

/** BigQuery's own words where there are some. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { response, cause, message } = error as Failure;
  return (
    response?.data?.error?.message ?? (cause instanceof Error && message === "fetch failed" ? cause.message : message)
  );
}
