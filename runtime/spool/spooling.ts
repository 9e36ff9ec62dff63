import type { ResolvedTenant } from "../../model/resolve";
import { MetadataWriteError } from "../errors";
import { definitionOf, type RuntimeContext } from "../logger/context";
import type { TenantTables } from "../logger/tenant-tables";
import { RunFinishError } from "../runs/run-update";
import { spoolFile, type SpoolFile } from "./spool-file";
import type { SpooledPlace, SpoolRecord } from "./spool-line";
import { toSpooled } from "./spooled-row";

/** Keeps what one tenant's logger hands back. */
export class Spooling {
  private readonly file: SpoolFile;
  /** Rows and ends that are kept, by the object that was handed back: it may come more than one way. */
  private readonly kept = new WeakSet<object>();

  constructor(
    private readonly context: RuntimeContext,
    private readonly tenant: ResolvedTenant,
    private readonly tables: TenantTables,
    folder: string,
  ) {
    this.file = spoolFile(folder);
  }

  /**
   * Writes what an error hands back into the process's file, at once.
   *
   * @throws the file system's own error.
   */
  keep(error: unknown): void {
    const records = this.recordsOf(error);
    if (records.length === 0) return;
    this.file.append(records.map(({ record }) => record));
    for (const { kept } of records) this.kept.add(kept);
    (error as MetadataWriteError | RunFinishError).spooledTo = this.file.path;
  }

  private recordsOf(error: unknown): readonly { readonly kept: object; readonly record: SpoolRecord }[] {
    const { tenantId, projectId, datasetId } = this.tenant;
    const place: SpooledPlace = { tenantId, projectId, datasetId };
    if (error instanceof RunFinishError) {
      const { finish } = error;
      return error.hasNoRun || this.kept.has(finish)
        ? []
        : [{ kept: finish, record: { kind: "finish", ...place, finish } }];
    }
    if (!(error instanceof MetadataWriteError)) return [];
    const { tableId } = error;
    const { fields } = definitionOf(this.context, tableId).schema;
    const streams = this.tables.streamsOf(tableId);
    return error.undelivered
      .filter(({ row }) => !this.kept.has(row))
      .map(({ row, outcome }) => ({
        kept: row,
        record: {
          kind: "row",
          ...place,
          tableId,
          outcome,
          streams: outcome === "unknown" ? streams : [],
          row: toSpooled(fields, row as Readonly<Record<string, unknown>>),
        },
      }));
  }
}
