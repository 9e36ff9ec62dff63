import { writeSync } from "node:fs";
import { DEFAULT_DELIVERY } from "../../../runtime/delivery/batch-options";
import { MetadataWriteError } from "../../../runtime/errors";
import { MetadataLogger } from "../../../runtime/logger/metadata-logger";
import { replaySpool } from "../../../runtime/spool/replay";
import { newTenantContext, stepRow } from "./contexts";

/*
 * `spool-process.ts fill <tenant> <folder>` hands rows to a logger that reaches nothing until it is killed, and says "kept ID" for
 * each that its spool keeps; `spool-process.ts replay <tenant> <folder>` replays the spool in small batches.
 */

const [way, tenantId = "", folder = ""] = process.argv.slice(2);
/** Nothing listens there. */
const NOWHERE = { restUrl: "http://127.0.0.1:11", grpcAddress: "127.0.0.1:11" };

async function fill(): Promise<void> {
  const { context } = newTenantContext({ tenantId, address: NOWHERE });
  const logger = new MetadataLogger(context, tenantId, {
    spool: folder,
    delivery: { maxBatchRows: 5, maxDelayMs: 1, retry: { initialDelayMs: 1, maxDelayMs: 2, deadlineMs: 20 } },
  });
  const write = async (worker: number) => {
    for (let call = 0; ; call++) {
      const rows = Array.from({ length: 5 }, (_, index) => stepRow(`${process.pid}-${worker}-${call}-${index}`));
      const error: unknown = await logger.insert("step_logs", rows).catch((thrown: unknown) => thrown);
      if (!(error instanceof MetadataWriteError) || error.spooledTo === undefined) throw new Error("not kept");
      for (const { step_logging_id: id } of rows) writeSync(1, `kept ${id}\n`);
    }
  };
  await Promise.all([1, 2, 3].map(write));
}

async function replay(): Promise<void> {
  const { context } = newTenantContext({ tenantId });
  await replaySpool(context, { folder, delivery: { ...DEFAULT_DELIVERY, maxBatchRows: 10 } });
}

void (way === "fill" ? fill() : replay());
