import type { BigQueryConnection } from "../../bigquery/connection";
import type { Deadline } from "../../bigquery/deadline";
import { DEFAULT_RETRY, withRetry } from "../../bigquery/retry";
import { Code, fromCall, TryAgain } from "./append-error";

/**
 * Seals a stream, so that nothing that was sent over it can arrive any more. A stream that is gone, or sealed, is as good.
 *
 * @throws {@link RemoteError} when BigQuery could not be asked.
 */
export async function sealStream({ write }: BigQueryConnection, name: string, deadline: Deadline): Promise<void> {
  await withRetry(
    `Sealing ${name}`,
    deadline,
    DEFAULT_RETRY,
    (error) => error instanceof TryAgain,
    async () => {
      try {
        const client = await write.client(deadline);
        const call = client.finalizeWriteStream({ name }, { timeout: deadline.remainingMs, retry: null });
        await deadline.race(`Sealing ${name}`, call);
      } catch (error) {
        const failure = fromCall(error);
        if (failure.code === Code.NOT_FOUND || failure.code === Code.FAILED_PRECONDITION) return;
        throw failure.remedy === "retry" ? new TryAgain(failure) : failure;
      }
    },
  );
}
