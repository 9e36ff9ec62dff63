import type { RetryOptions } from "../../bigquery/retry";
import type { DeliveryOptions } from "../delivery/batch-options";
import type { FailurePolicy } from "./failure-handler";

/** How a {@link MetadataLogger} delivers, and what it does about failures. */
export interface MetadataLoggerOptions {
  /**
   * What happens when something a run logged is not in its table.
   *
   * - `report`: `onError` is called; no method of a run throws for it, so logging cannot take a pipeline down.
   * - `throw`: `run.complete()`, `run.fail()`, `flush()` or `close()` rejects with it, whichever comes first.
   *
   * `insert` rejects in either case.
   * @default "report"
   */
  readonly onFailure?: FailurePolicy;
  /**
   * Receives what could not be logged, a `MetadataWriteError` or `RunFinishError` with the rows in it.
   * @default a process warning without the rows' content
   */
  readonly onError?: (error: Error) => void;
  /**
   * Creates the tenant's dataset and tables when the first row finds them missing.
   * @default true
   */
  readonly createTables?: boolean;
  /**
   * Milliseconds that runs under way have to end, once the logger is being closed; then they are recorded as FAILED.
   * @default 20_000
   */
  readonly graceMs?: number;
  /**
   * Folder in which rows and ends of runs are kept that could not be delivered, for `tenant-metadata spool replay`. They are on
   * the disk before they are handed back. Processes may share it. It is made when the logger is.
   * @default none
   */
  readonly spool?: string;
  /**
   * Replays the spool in the background, from the start; needs `spool`.
   * @default false
   */
  readonly replaySpool?: boolean;
  /** Batches, limits and retries; what is left out has its default. */
  readonly delivery?: Partial<Omit<DeliveryOptions, "retry">> & { readonly retry?: Partial<RetryOptions> };
}

/** How long `close` may take. */
export interface CloseOptions {
  /** Milliseconds after which whatever is not delivered is handed back. @default the grace and the delivery's deadline */
  readonly timeoutMs?: number;
}

/** How long a process that is told to end may take. */
export interface SignalOptions {
  /**
   * Milliseconds from the signal after which the process ends, whatever is not delivered being handed back before.
   * @default 28_000, within the 30 seconds that Kubernetes gives a pod
   */
  readonly timeoutMs?: number;
}
