import { statSync } from "node:fs";
import { Deadline } from "../../bigquery/deadline";
import { TenantQueries } from "../../bigquery/tenant-queries";
import { UsageError } from "../../model/errors";
import type { ResolvedTenant } from "../../model/resolve";
import type { DeliveryOptions } from "../delivery/batch-options";
import { sealStream } from "../delivery/seal-stream";
import { MetadataWriteError } from "../errors";
import { definitionOf, type RuntimeContext } from "../logger/context";
import { TenantTables } from "../logger/tenant-tables";
import { checkOptions } from "../options";
import { DmlQueue } from "../runs/dml-queue";
import { errorMessage } from "../runs/error-message";
import { RunUpdate, statementPieces } from "../runs/run-update";
import { RowLookup } from "../tables/row-lookup";
import { ClaimedFile, ClaimLostError } from "./claimed-file";
import { fromSpooled } from "./spooled-row";
import type { SpoolRecord } from "./spool-line";

/** What is replayed, and how. */
export interface ReplayOptions {
  /** The folder that loggers have as their `spool`. */
  readonly folder: string;
  /**
   * Leaves files alone that another replay has taken and touched within these milliseconds.
   * @default 0: takes them over, which is safe and makes the other one stop
   */
  readonly untouchedMs?: number;
  /**
   * Creates a tenant's dataset and tables when they are missing.
   * @default true
   */
  readonly createTables?: boolean;
  /**
   * Batches, limits and retries.
   * @default those of a logger
   */
  readonly delivery?: DeliveryOptions;
}

/** What became of what a spool held. */
export interface ReplayResult {
  /** Files that were worked on. */
  readonly files: number;
  /** Rows that were written, or were in their table already. */
  readonly rows: number;
  /** Ends of runs that were recorded. */
  readonly finishes: number;
  /** Rows and ends that stay in the spool, each with the reason. */
  readonly remaining: readonly string[];
  /** Lines that cannot be read. Their files stay. */
  readonly damagedLines: number;
}

type Line<K extends SpoolRecord["kind"]> = {
  readonly number: number;
  readonly record: SpoolRecord & { readonly kind: K };
};

const ROWS_AT_ONCE = 500;
const CALL_MS = 60_000;

/**
 * Delivers what loggers have left in a spool, and deletes the files that are done.
 *
 * Before a row is written, the streams over which it may have been written are sealed, and it is looked for by its primary
 * key. So a replay may be repeated, be killed at any moment, and run beside another one: no row is written twice. A row of a
 * table without a primary key of one STRING column is written only when it certainly was not before.
 *
 * @throws {@link UsageError} for options that cannot be used, or a folder that does not exist.
 * @throws {@link RemoteError} when BigQuery cannot be reached; all that is not delivered stays in the spool.
 *
 * @example
 * ```ts
 * import { loadConfig, replaySpool, runtimeContext } from "tenant-metadata/runtime";
 *
 * export async function replay(folder: string): Promise<number> {
 *   const context = runtimeContext({ config: loadConfig("configs"), environment: "prod" });
 *   const { remaining } = await replaySpool(context, { folder });
 *   return remaining.length;
 * }
 * ```
 */
export async function replaySpool(context: RuntimeContext, options: ReplayOptions): Promise<ReplayResult> {
  const checked = checkOptions("The options of replaySpool", ({ Replay }) => Replay, options);
  if (statSync(checked.folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UsageError(`There is no folder ${JSON.stringify(checked.folder)}. Name the \`spool\` of the loggers.`);
  }
  const total = { files: 0, rows: 0, finishes: 0, remaining: [] as string[], damagedLines: 0 };
  for (const file of ClaimedFile.claimAll(checked.folder, checked.untouchedMs)) {
    const replay = new FileReplay(context, file, checked);
    try {
      await replay.run();
    } catch (error) {
      if (!(error instanceof ClaimLostError)) throw error;
    } finally {
      file.release(replay.isDone);
    }
    total.files++;
    total.rows += replay.rows;
    total.finishes += replay.finishes;
    total.remaining.push(...replay.remaining);
    total.damagedLines += file.lines.damaged;
  }
  return total;
}

/** The replay of one file. */
class FileReplay {
  rows = 0;
  finishes = 0;
  readonly remaining: string[] = [];
  private isComplete = false;
  private readonly tenants = new Map<string, TenantTables>();
  private readonly open: readonly (Line<"row"> | Line<"finish">)[];

  constructor(
    private readonly context: RuntimeContext,
    private readonly file: ClaimedFile,
    private readonly options: Required<ReplayOptions>,
  ) {
    const done = new Set(this.records("done").flatMap(({ record }) => record.lines));
    this.open = [...this.records("row"), ...this.records("finish")].filter(({ number }) => !done.has(number));
  }

  /** Everything that can be read is in its table. */
  get isDone(): boolean {
    return this.isComplete && this.remaining.length === 0 && this.file.lines.damaged === 0;
  }

  async run(): Promise<void> {
    try {
      await this.sealStreams();
      for (const lines of groupBy(this.open, ({ record }) =>
        JSON.stringify([record.projectId, record.datasetId, record.tenantId]),
      )) {
        await this.replayTenant(lines);
      }
      this.isComplete = true;
    } finally {
      for (const tables of this.tenants.values()) await tables.close();
    }
  }

  private async replayTenant(lines: readonly (Line<"row"> | Line<"finish">)[]): Promise<void> {
    const [{ record: place }] = lines as [Line<"row">];
    const tenant = this.context.tenants.get(place.tenantId);
    if (tenant === undefined || tenant.projectId !== place.projectId || tenant.datasetId !== place.datasetId) {
      const where = `${place.tenantId} in ${place.projectId}.${place.datasetId}`;
      this.remaining.push(
        `${lines.length} lines of ${where}: this environment has no such tenant. Fix: replay with its own.`,
      );
      return;
    }
    const rows = lines.filter((line): line is Line<"row"> => line.record.kind === "row");
    for (const ofTable of groupBy(rows, ({ record }) => record.tableId)) await this.replayTable(tenant, ofTable);
    const finishes = lines.filter((line): line is Line<"finish"> => line.record.kind === "finish");
    if (finishes.length > 0) await this.replayFinishes(tenant, finishes);
  }

  private async replayTable(tenant: ResolvedTenant, lines: readonly Line<"row">[]): Promise<void> {
    const [{ record: first }] = lines as [Line<"row">];
    const definition = definitionOf(this.context, first.tableId);
    const lookup = new RowLookup(new TenantQueries(this.context.connection.rest, tenant), definition);
    const wasReplayed = this.records("stream").length > 0;
    for (let at = 0; at < lines.length; at += ROWS_AT_ONCE) {
      const group = lines.slice(at, at + ROWS_AT_ONCE).map((line) => ({
        ...line,
        row: fromSpooled(definition.schema.fields, line.record.row),
      }));
      const found = await findRows(
        lookup,
        group.map(({ row }) => row),
        this.deadline(),
      );
      const isWritable = ({ row, record }: (typeof group)[number]) =>
        !found.has(row) && (lookup.canFind || (record.outcome === "not-written" && !wasReplayed));
      const writable = group.filter(isWritable);
      const failed = await this.write(
        tenant,
        first.tableId,
        writable.map(({ row }) => row),
      );
      const undecided = group.filter((line) => !found.has(line.row) && !isWritable(line));
      const stays = new Set<object>([...failed.keys(), ...undecided.map(({ row }) => row)]);
      this.appendDone(group.filter(({ row }) => !stays.has(row)).map(({ number }) => number));
      this.rows += group.length - stays.size;
      for (const reason of failed.values()) this.remaining.push(`a row of ${first.tableId}: ${reason}`);
      for (const _ of undecided) {
        this.remaining.push(
          `a row of ${first.tableId}: it may be in the table, which has no primary key to look for it. Fix: look, and delete the line.`,
        );
      }
    }
  }

  /** @returns the rows that were not written, with the reasons. */
  private async write(
    tenant: ResolvedTenant,
    tableId: string,
    rows: readonly object[],
  ): Promise<ReadonlyMap<object, string>> {
    if (rows.length === 0) return new Map();
    try {
      await this.tablesOf(tenant).get(tableId).channel.insert(rows);
      return new Map();
    } catch (error) {
      if (!(error instanceof MetadataWriteError)) throw error;
      return new Map([
        ...error.rejected.map(
          ({ row, problems }) =>
            [
              row,
              problems
                .map(({ column, received, expected }) => `${column}: received ${received}, expected ${expected}`)
                .join("; "),
            ] as const,
        ),
        ...error.undelivered.map(({ row, cause }) => [row, errorMessage(cause)] as const),
      ]);
    }
  }

  private async replayFinishes(tenant: ResolvedTenant, lines: readonly Line<"finish">[]): Promise<void> {
    const update = new RunUpdate(new TenantQueries(this.context.connection.rest, tenant), new DmlQueue());
    for (const piece of statementPieces(lines, ({ record }) => record.finish)) {
      const finishes = piece.map(({ record }) => record.finish);
      const missing = await update.apply(finishes, this.deadline(), { onlyUnfinished: false });
      const written = piece.filter(({ record }) => !missing.has(record.finish.pipelineLoggingId));
      this.appendDone(written.map(({ number }) => number));
      this.finishes += written.length;
      for (const id of missing) this.remaining.push(`the end of run ${id}: the table has no such run`);
    }
  }

  /** For one call that is made for the spool alone. */
  private deadline(): Deadline {
    return Deadline.after(this.context.connection.clock, CALL_MS);
  }

  private appendDone(lines: readonly number[]): void {
    if (lines.length > 0) this.file.append({ kind: "done", lines });
  }

  /** Nothing can arrive over them afterwards, so a row that is not found then is not there. */
  private async sealStreams(): Promise<void> {
    const open = this.open.flatMap(({ record }) => (record.kind === "row" ? record.streams : []));
    const names = new Set([...open, ...this.records("stream").map(({ record }) => record.name)]);
    if (this.open.length === 0) return;
    for (const name of names) await sealStream(this.context.connection, name, this.deadline());
  }

  private tablesOf(tenant: ResolvedTenant): TenantTables {
    const known = this.tenants.get(tenant.tenantId);
    if (known !== undefined) return known;
    const { createTables, delivery } = this.options;
    const tables = new TenantTables(this.context, tenant, {
      createTables,
      delivery,
      // Before the first row: see ClaimedFile.
      streamOpened: (name) => this.file.append({ kind: "stream", name }),
    });
    this.tenants.set(tenant.tenantId, tables);
    return tables;
  }

  private records<K extends SpoolRecord["kind"]>(kind: K): readonly Line<K>[] {
    return this.file.lines.records.flatMap((record, number) =>
      record?.kind === kind ? [{ number, record: record as SpoolRecord & { readonly kind: K } }] : [],
    );
  }
}

/** A table that is missing holds none. */
async function findRows<T extends object>(
  lookup: RowLookup,
  rows: readonly T[],
  deadline: Deadline,
): Promise<ReadonlySet<T>> {
  try {
    return await lookup.find(rows, deadline);
  } catch (error) {
    if ((error as { status?: number }).status === 404) return new Set();
    throw error;
  }
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
