import { randomUUID } from "node:crypto";
import type { Deadline } from "./deadline";
import { RestError } from "./rest-error";

/** A query's named parameters; every one is sent as a STRING and cast in the query, so none is ever converted on the way. */
export type QueryParameters = Readonly<Record<string, string>>;

/** Values by column; BigQuery sends every one as text, timestamps as microseconds since 1970. */
export type QueryRow = Readonly<Record<string, string | null>>;

/** What the REST API answers to a query. @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query#response-body */
export interface QueryResponse {
  readonly jobComplete?: boolean;
  readonly jobReference?: { readonly jobId: string; readonly location?: string };
  readonly schema?: { readonly fields?: readonly { readonly name: string; readonly type: string }[] };
  readonly rows?: readonly { readonly f: readonly { readonly v: string | null }[] }[];
  readonly pageToken?: string;
  readonly numDmlAffectedRows?: string;
  readonly totalBytesProcessed?: string;
  readonly errors?: readonly { readonly reason?: string; readonly message?: string }[];
}

/** Time the server may hold a query's answer back before it says that the job still runs. */
const QUERY_WAIT_MS = 30_000;

/** How long the server may hold an answer back: not so long that the deadline passes meanwhile. */
export function queryWaitMs(deadline: Deadline): number {
  return Math.round(Math.min(QUERY_WAIT_MS, deadline.remainingMs / 2));
}

/** A query as the REST API takes it. */
export function queryBody(location: string, query: string, parameters: QueryParameters, deadline: Deadline) {
  return {
    query,
    useLegacySql: false,
    location,
    timeoutMs: queryWaitMs(deadline),
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

/** Rows by column. */
export function readRows({ schema, rows = [] }: QueryResponse): readonly QueryRow[] {
  const names = (schema?.fields ?? []).map(({ name }) => name);
  return rows.map(({ f }) => Object.fromEntries(names.map((name, index) => [name, f[index]?.v ?? null])));
}

/** An emulator may answer 200 with the reason why the statement failed. */
export function throwJobErrors({ errors, schema }: QueryResponse): void {
  const [first] = errors ?? [];
  if (first === undefined || (schema?.fields?.length ?? 0) > 0) return;
  const status = first.reason === "notFound" ? 404 : 400;
  throw new RestError(`The query failed: ${first.message ?? "no reason given"}`, status, first.reason);
}
