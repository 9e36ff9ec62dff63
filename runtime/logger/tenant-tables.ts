import type { ResolvedTenant } from "../../model/resolve";
import type { DeliveryOptions } from "../delivery/batch-options";
import { RowQueue } from "../delivery/row-queue";
import { TableChannel } from "../delivery/table-channel";
import { TableWriter } from "../delivery/table-writer";
import { RowEncoder } from "../encoding/row-encoder";
import { MetadataWriteError } from "../errors";
import { TableCare } from "../tables/table-care";
import { definitionOf, type RuntimeContext } from "./context";

/** The way of rows into one table. */
export interface TenantTable {
  readonly encoder: RowEncoder;
  readonly channel: TableChannel;
  readonly writer: TableWriter;
}

/** The tables of one tenant that rows were written to. */
export class TenantTables {
  private readonly care: TableCare;
  private readonly tables = new Map<string, TenantTable>();

  constructor(
    private readonly context: RuntimeContext,
    private readonly tenant: ResolvedTenant,
    private readonly options: { readonly createTables: boolean; readonly delivery: DeliveryOptions },
  ) {
    this.care = new TableCare(context, tenant.tenantId, options.createTables);
  }

  /** @throws {@link UsageError} for a table without a definition. */
  get(tableId: string): TenantTable {
    const known = this.tables.get(tableId);
    if (known !== undefined) return known;
    const definition = definitionOf(this.context, tableId);
    const { projectId, datasetId, tenantId, partitionExpirationMs } = this.tenant;
    const { delivery } = this.options;
    const { clock, write } = this.context.connection;
    const writer = new TableWriter(
      write,
      `projects/${projectId}/datasets/${datasetId}/tables/${tableId}`,
      definition,
      this.care.keeper(tableId),
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
}
