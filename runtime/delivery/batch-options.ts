import type { RetryOptions } from "../../bigquery/retry";
import { DEFAULT_RETRY } from "../../bigquery/retry";

/** How rows are gathered, and how long their delivery may take. */
export interface DeliveryOptions {
  /** Rows of one append at most. @default 2000 */
  readonly maxBatchRows: number;
  /** Bytes of one append at most; a single row may have more. @default 2_000_000 */
  readonly maxBatchBytes: number;
  /** Milliseconds a row waits for others before it is sent. @default 100 */
  readonly maxDelayMs: number;
  /** Bytes of encoded rows one table may have waiting; a call that brings more waits until there is room. @default 16_000_000 */
  readonly maxBufferedBytes: number;
  /** Milliseconds an append may take before it is tried again. @default 30_000 */
  readonly appendTimeoutMs: number;
  /**
   * Milliseconds without rows after which a stream's connection is closed. A process that has nothing else to do ends that much
   * later; a connection opened again is one request over a channel that is still there.
   * @default 5000
   */
  readonly idleConnectionMs: number;
  /** Pauses between tries, and the time after which rows are handed back. @default 100 ms to 10 s, 120 s in all */
  readonly retry: RetryOptions;
}

export const DEFAULT_DELIVERY: DeliveryOptions = {
  maxBatchRows: 2000,
  maxBatchBytes: 2_000_000,
  maxDelayMs: 100,
  maxBufferedBytes: 16_000_000,
  appendTimeoutMs: 30_000,
  idleConnectionMs: 5000,
  retry: DEFAULT_RETRY,
};
