import { writeSync } from "node:fs";
import { MetadataLogger } from "../../../runtime/logger/metadata-logger";
import { newTenantContext, stepRow } from "./contexts";

/*
 * Writes rows until it is ended. Lines on stdout for each: "sent ID" before it is handed to the logger, then "acknowledged ID"
 * once the logger says it is in the table, or "refused ID".
 */

const ROWS_PER_CALL = 20;
const CALLS_UNDER_WAY = 4;

async function main(tenantId: string, closesOnSignals: boolean): Promise<void> {
  const { context } = newTenantContext({ tenantId });
  const logger = new MetadataLogger(context, tenantId, { onFailure: "throw" });
  if (closesOnSignals) logger.closeOnSignals();
  const write = async (worker: number) => {
    for (let call = 0; ; call++) {
      const rows = Array.from({ length: ROWS_PER_CALL }, (_, index) => stepRow(`${worker}-${call}-${index}`));
      say("sent", rows);
      const error: unknown = await logger.insert("step_logs", rows).catch((thrown: unknown) => thrown);
      say(error === undefined ? "acknowledged" : "refused", rows);
      // The logger was closed.
      if (error !== undefined) return;
    }
  };
  await Promise.all(Array.from({ length: CALLS_UNDER_WAY }, async (_, worker) => write(worker)));
}

function say(what: string, rows: readonly { readonly step_logging_id: string }[]): void {
  // At once: what stands in a buffer when a signal ends the process would not be heard.
  writeSync(1, rows.map(({ step_logging_id: id }) => `${what} ${id}\n`).join(""));
}

void main(process.argv[2] ?? "", process.argv[3] === "closes-on-signals");
