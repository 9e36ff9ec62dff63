import type { ComparableTable } from "../model/columns/comparable";
import { type DatasetName, tablePath } from "../model/names";
import { RemoteError } from "../model/errors";
import { systemClock } from "./clock";
import { Deadline } from "./deadline";
import { connectRest } from "./rest-client";

/** What a migration needs of BigQuery. */
export interface Warehouse {
  /** The table as it is now; `undefined` when there is none. */
  readonly table: (dataset: DatasetName, tableId: string) => Promise<ComparableTable | undefined>;
  /** Runs one statement to its end, where its dataset lies. However often it is tried, it runs once. */
  readonly run: (sql: string, location: string) => Promise<void>;
}

/** Where a warehouse is. */
export interface WarehouseOptions {
  readonly projectId: string;
  /** URL of an emulator; absent for the real service. */
  readonly endpoint?: string;
}

/** Somebody waits in front of it: what cannot be reached is said soon. */
const READ_TIMEOUT_MS = 5000;
/** BigQuery takes 5 changes of one table's metadata in 10 seconds. @see https://cloud.google.com/bigquery/quotas#standard_tables */
const CHANGE_TIMEOUT_MS = 60_000;

/** Opens a project in BigQuery, with the application's default credentials, or in an emulator, without any. */
export function openWarehouse({ projectId, endpoint }: WarehouseOptions): Warehouse {
  const rest = connectRest(endpoint);
  return {
    table: async ({ datasetId }, tableId) => {
      const path = tablePath({ projectId, datasetId }, tableId);
      const resource = await rest.get<Partial<ComparableTable>>(path, Deadline.after(systemClock, READ_TIMEOUT_MS));
      return resource && { ...resource, tableId, schema: { fields: resource.schema?.fields ?? [] } };
    },
    run: async (sql, location) => {
      try {
        await rest.query(projectId, location, sql, {}, Deadline.after(systemClock, CHANGE_TIMEOUT_MS));
      } catch (error) {
        throw new RemoteError(`${sql}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
    },
  };
}
