import { BigQuery, type TableMetadata } from "@google-cloud/bigquery";
import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import { PassThroughClient } from "google-auth-library";
import type { ComparableTable } from "../evolution/comparable";
import type { DatasetName } from "../evolution/migration-script";
import { RemoteError } from "../model/errors";

/** What a migration needs of BigQuery. */
export interface Warehouse {
  /** The table as it is now; `undefined` when there is none. */
  readonly table: (dataset: DatasetName, tableId: string) => Promise<ComparableTable | undefined>;
  /** Runs one statement to its end, where its dataset lies. Refusals for too many changes of one table are retried with backoff, nothing else is. */
  readonly run: (sql: string, location: string) => Promise<void>;
}

/** Where a warehouse is. */
export interface WarehousePlace {
  readonly projectId: string;
  /** URL of an emulator; absent for the real service. */
  readonly endpoint?: string;
}

/** BigQuery accepts 5 changes of one table's metadata in 10 seconds. @see https://cloud.google.com/bigquery/quotas#standard_tables */
const rateLimit = retry(handleWhen(isRateLimited), {
  maxAttempts: 8,
  backoff: new ExponentialBackoff({ initialDelay: 2000, maxDelay: 30_000 }),
});

/** Opens a project in BigQuery or an emulator; an emulator is called without credentials. */
export function openWarehouse({ projectId, endpoint }: WarehousePlace): Warehouse {
  const bigquery = new BigQuery({
    projectId,
    ...(endpoint === undefined ? {} : { apiEndpoint: endpoint, authClient: new PassThroughClient() }),
  });
  return {
    table: async ({ datasetId }, tableId) => {
      try {
        const response: unknown = await bigquery.dataset(datasetId).table(tableId).getMetadata();
        const [metadata] = response as [TableMetadata];
        return { ...metadata, tableId, schema: { fields: metadata.schema?.fields ?? [] } } as ComparableTable;
      } catch (error) {
        if ((error as { code?: number }).code === 404) return undefined;
        throw remote(error, `Reading ${datasetId}.${tableId}`);
      }
    },
    run: async (sql, location) => {
      try {
        await rateLimit.execute(() => bigquery.query({ query: sql, location }));
      } catch (error) {
        throw remote(error, sql);
      }
    },
  };
}

function isRateLimited(error: Error): boolean {
  return /rate limit|too many table update|rateLimitExceeded/i.test(error.message);
}

function remote(error: unknown, what: string): RemoteError {
  return new RemoteError(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}
