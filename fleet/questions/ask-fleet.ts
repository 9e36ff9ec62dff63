import { bulkhead } from "cockatiel";
import type { QueryParameters } from "../../bigquery/query-messages";
import type { QueryPage, RestClient } from "../../bigquery/rest-client";
import { TenantMetadataError } from "../../model/errors";
import type { ResolvedTenant } from "../../model/resolve";
import { fleetBatches, fleetSql, halves, tablesIn } from "./fleet-sql";
import type { Question } from "./question";

/** A tenant whose tables could not be read. */
export interface UnreadTenant {
  readonly tenantId: string;
  readonly reason: string;
}

/** A question put to many tenants at once. */
export interface FleetQuestion {
  readonly question: Question;
  readonly parameters: QueryParameters;
  readonly tenants: readonly ResolvedTenant[];
}

/** What a question to the fleet will read. */
export interface FleetEstimate {
  /** Tenants that one query asks together. */
  readonly batches: readonly (readonly ResolvedTenant[])[];
  /** Bytes that all queries read. */
  readonly bytes: number;
  /** Bytes that BigQuery bills: at least 10 MB for each table of a query. */
  readonly billedBytes: number;
  readonly unread: readonly UnreadTenant[];
}

/** Queries at a time; BigQuery queues what goes beyond a project's slots. */
const CONCURRENCY = 4;
/** Rows of one page: what memory holds for each query that runs. */
const PAGE_ROWS = 1000;
/** @see https://cloud.google.com/bigquery/pricing#on_demand_pricing */
const MIN_BILLED_PER_TABLE = 10 * 1024 * 1024;

/** Bytes that BigQuery bills for one query over some tenants, of the bytes it reads. */
export function billed(question: Question, tenants: number, bytes: number): number {
  return Math.max(bytes, tenants * tablesIn(question) * MIN_BILLED_PER_TABLE);
}

/**
 * Finds out by dry runs, which cost nothing, what a question to the fleet reads, and which tenants cannot be read.
 *
 * One query asks as many tenants as BigQuery's limits let it. Where that fails, its tenants are halved until those that cannot
 * be read stand alone.
 *
 * @param onBatch - called with the number of tenants looked at since the last call.
 */
export async function estimateFleet(
  rest: RestClient,
  fleet: FleetQuestion,
  onBatch: (tenants: number) => void = () => undefined,
): Promise<FleetEstimate> {
  const { question, parameters } = fleet;
  const limit = bulkhead(CONCURRENCY, Infinity);
  const batches: (readonly ResolvedTenant[])[] = [];
  const unread: UnreadTenant[] = [];
  let [bytes, billedBytes] = [0, 0];
  const look = async (tenants: readonly ResolvedTenant[]): Promise<void> => {
    const [first] = tenants;
    if (first === undefined) return;
    try {
      const read = await limit.execute(async () =>
        rest.dryRun(first.projectId, first.location, fleetSql(question, tenants), parameters),
      );
      batches.push(tenants);
      bytes += read;
      billedBytes += billed(question, tenants.length, read);
      onBatch(tenants.length);
    } catch (error) {
      if (!(error instanceof TenantMetadataError)) throw error;
      if (tenants.length > 1) {
        await Promise.all(halves(tenants).map(look));
        return;
      }
      unread.push({ tenantId: first.tenantId, reason: error.message });
      onBatch(1);
    }
  };
  await Promise.all(fleetBatches(question, fleet.tenants).map(look));
  return { batches, bytes, billedBytes, unread };
}

/**
 * Asks the tenants of an estimate, and hands over their answers page by page, one page at a time, whichever query is first.
 *
 * @param onPage - gets rows whose first column is `tenant`; the next page of the same query waits for it.
 * @param onBatch - called with the number of tenants that are done since the last call.
 * @returns the tenants whose answers are missing or cut short.
 */
export async function askFleet(
  rest: RestClient,
  { question, parameters }: Omit<FleetQuestion, "tenants">,
  batches: FleetEstimate["batches"],
  onPage: (page: QueryPage) => void,
  onBatch: (tenants: number) => void = () => undefined,
): Promise<readonly UnreadTenant[]> {
  const limit = bulkhead(CONCURRENCY, Infinity);
  const unread: UnreadTenant[] = [];
  await Promise.all(
    batches.map((tenants) =>
      limit.execute(async () => {
        const [first] = tenants;
        if (first === undefined) return;
        let rows = 0;
        try {
          const sql = fleetSql(question, tenants);
          for await (const page of rest.pages(first.projectId, first.location, sql, parameters, PAGE_ROWS)) {
            rows += page.rows.length;
            onPage(page);
          }
        } catch (error) {
          if (!(error instanceof TenantMetadataError)) throw error;
          const reason = rows === 0 ? error.message : `cut short after ${rows} rows: ${error.message}`;
          unread.push(...tenants.map(({ tenantId }) => ({ tenantId, reason })));
        }
        onBatch(tenants.length);
      }),
    ),
  );
  return unread;
}
