import { RemoteError, UsageError } from "../../model/errors";
import type { ResolvedTenant } from "../../model/resolve";
import { MetadataWriteError } from "../errors";
import { definitionOf, type RuntimeContext } from "../logger/context";
import type { FailureHandler } from "../logger/failure-handler";
import type { TenantTables } from "../logger/tenant-tables";
import { errorMessage } from "../runs/error-message";
import { RunFinishError } from "../runs/run-update";
import { replaySpool } from "./replay";
import { spoolFile, type SpoolFile } from "./spool-file";
import type { TenantDataset, SpoolRecord } from "./spool-line";
import { toSpooled } from "./spooled-row";

/** Another replay may be at a file; one that has not touched it for so long was killed. */
const REPLAY_UNTOUCHED_MS = 600_000;

/** Keeps what one tenant's logger hands back, where it has a place for it. */
export class Spooling {
  private readonly file: SpoolFile | undefined;
  /** Rows and ends that are kept, by the object that was handed back: it may come more than one way. */
  private readonly seen = new WeakSet<object>();

  constructor(
    private readonly context: RuntimeContext,
    private readonly tenant: ResolvedTenant,
    private readonly tables: TenantTables,
    private readonly failures: FailureHandler,
    private readonly folder: string | undefined,
  ) {
    this.file = folder === undefined ? undefined : spoolFile(folder);
  }

  /** Keeps what the work hands back, before the caller hears of it. */
  async kept(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.keep(error);
      throw error;
    }
  }

  /** Writes what an error hands back into the process's file, at once. Never throws. */
  keep(error: unknown): void {
    const { file } = this;
    const records = file === undefined ? [] : this.recordsOf(error);
    if (file === undefined || records.length === 0) return;
    try {
      file.append(records.map(({ record }) => record));
      for (const { kept } of records) this.seen.add(kept);
      (error as MetadataWriteError | RunFinishError).spooledTo = file.path;
    } catch (cause) {
      const why = `What could not be delivered cannot be kept in the spool either: ${errorMessage(cause)}`;
      const fix = "Fix: see that the folder can be written to and has room.";
      this.failures.report(new UsageError(`${why}. ${fix}`, { cause }));
    }
  }

  /** Delivers what others left in the folder. Never throws. */
  async replay(): Promise<void> {
    const { folder } = this;
    if (folder === undefined) return;
    try {
      const { remaining } = await replaySpool(this.context, { folder, untouchedMs: REPLAY_UNTOUCHED_MS });
      if (remaining.length > 0) {
        this.failures.report(new RemoteError([`The spool ${folder} still keeps:`, ...remaining].join("\n  ")));
      }
    } catch (cause) {
      this.failures.report(
        new RemoteError(`The spool ${folder} could not be replayed: ${errorMessage(cause)}`, { cause }),
      );
    }
  }

  private recordsOf(error: unknown): readonly { readonly kept: object; readonly record: SpoolRecord }[] {
    const { tenantId, projectId, datasetId } = this.tenant;
    const dataset: TenantDataset = { tenantId, projectId, datasetId };
    if (error instanceof RunFinishError) {
      const { finish } = error;
      return error.hasNoRun || this.seen.has(finish)
        ? []
        : [{ kept: finish, record: { kind: "finish", ...dataset, finish } }];
    }
    if (!(error instanceof MetadataWriteError)) return [];
    const { tableId } = error;
    const { fields } = definitionOf(this.context, tableId).schema;
    const streams = this.tables.streamsOf(tableId);
    return error.undelivered
      .filter(({ row }) => !this.seen.has(row))
      .map(({ row, outcome }) => ({
        kept: row,
        record: {
          kind: "row",
          ...dataset,
          tableId,
          outcome,
          streams: outcome === "unknown" ? streams : [],
          row: toSpooled(fields, row as Readonly<Record<string, unknown>>),
        },
      }));
  }
}
