import { tableResourceName } from "../../model/names";
import type { ResolvedTenant } from "../../model/resolve";
import type { DeliveryOptions } from "../delivery/batch-options";
import { RowQueue } from "../delivery/row-queue";
import { TableChannel } from "../delivery/table-channel";
import { TableWriter } from "../delivery/table-writer";
import { RowEncoder } from "../encoding/row-encoder";
import { MetadataWriteError } from "../errors";
import { TableCare } from "../tables/table-care";
import { definitionOf, type RuntimeContext } from "./context";

/** Rows whose fate is unknown went over one of the last few streams. */
const MAX_STREAMS_KNOWN = 5;

/** The way of rows into one table. */
export interface TenantTable {
  readonly encoder: RowEncoder;
  readonly channel: TableChannel;
  readonly writer: TableWriter;
}

/** The tables of one tenant that rows were written to. */
export class TenantTables {
  private readonly care: TableCare;
  private readonly streams = new Map<string, readonly string[]>();
  private readonly tables = new Map<string, TenantTable>();

  constructor(
    private readonly context: RuntimeContext,
    private readonly tenant: ResolvedTenant,
    private readonly options: {
      readonly createTables: boolean;
      readonly delivery: DeliveryOptions;
      /** Called before the first row goes over a new stream. */
      readonly streamOpened?: (name: string) => void;
    },
  ) {
    this.care = new TableCare(context, tenant.tenantId, options.createTables);
  }

  /** @throws {@link UsageError} for a table without a definition. */
  get(tableId: string): TenantTable {
    const known = this.tables.get(tableId);
    if (known !== undefined) return known;
    const definition = definitionOf(this.context, tableId);
    const { tenantId, partitionExpirationMs } = this.tenant;
    const { delivery } = this.options;
    const { clock, write } = this.context.connection;
    const writer = new TableWriter(
      write,
      tableResourceName(this.tenant, tableId),
      definition,
      this.care.keeper(tableId, (name) => this.streamOpened(tableId, name)),
      { ...delivery, clock },
    );
    const encoder = new RowEncoder(definition, { tenantId, partitionExpirationMs, now: () => clock.now() });
    const channel = new TableChannel(
      tableId,
      encoder,
      new RowQueue(async (rows, deadline) => writer.deliver(rows, deadline), delivery, clock),
    );
    const table = { encoder, channel, writer };
    this.tables.set(tableId, table);
    return table;
  }

  /** The last streams over which rows of a table were written. */
  streamsOf(tableId: string): readonly string[] {
    return this.streams.get(tableId) ?? [];
  }

  /** Sends queued rows without waiting for more. */
  sendNow(): void {
    for (const { channel } of this.tables.values()) channel.sendNow();
  }

  /** Gives up all rows that are on their way. @returns them. */
  handBack(cause: Error): readonly MetadataWriteError[] {
    return [...this.tables].flatMap(([tableId, { channel }]) => {
      const rows = channel.handBack(cause);
      return rows.length === 0 ? [] : [new MetadataWriteError(tableId, [], rows)];
    });
  }

  /** Closes all connections, once nothing is on its way. */
  async close(): Promise<void> {
    await Promise.all(
      [...this.tables.values()].map(async ({ channel, writer }) => {
        await channel.idle();
        await writer.close();
      }),
    );
  }

  private streamOpened(tableId: string, name: string): void {
    this.streams.set(tableId, [...this.streamsOf(tableId), name].slice(-MAX_STREAMS_KNOWN));
    this.options.streamOpened?.(name);
  }
}
