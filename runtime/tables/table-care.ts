import type { Deadline } from "../../bigquery/deadline";
import { TenantQueries } from "../../bigquery/tenant-queries";
import { UsageError } from "../../model/errors";
import type { TableKeeper } from "../delivery/table-writer";
import { definitionOf, type RuntimeContext, tenantOf } from "../logger/context";
import { type EnsureTenantResult, LiveTables } from "./live-tables";
import { RowLookup } from "./row-lookup";
import { formatDifference, type SchemaDifference } from "./schema-difference";

/** Looks after a tenant's tables while rows are written to them. */
export class TableCare {
  private readonly tables: LiveTables;
  private readonly reported = new Set<string>();
  private ensuring: Promise<EnsureTenantResult> | undefined;

  constructor(
    private readonly context: RuntimeContext,
    private readonly tenantId: string,
    private readonly createTables: boolean,
  ) {
    this.tables = new LiveTables(context, tenantId);
  }

  /** @param streamOpened - called before the first row goes over a new stream. */
  keeper(tableId: string, streamOpened: (name: string) => void): TableKeeper {
    const { context, tenantId } = this;
    const queries = new TenantQueries(context.connection.rest, tenantOf(context, tenantId));
    const lookup = new RowLookup(queries, definitionOf(context, tableId));
    return {
      restore: async (deadline) => this.restore(tableId, deadline),
      createdAtMs: async (deadline) => this.tables.createdAtMs(tableId, deadline),
      find: async (rows, deadline) => lookup.find(rows, deadline),
      streamOpened,
      reportDifferences: (differences) => this.reportDifferences(differences),
    };
  }

  private async restore(tableId: string, deadline: Deadline): Promise<void> {
    if (this.createTables) {
      // The tables of a tenant find out that they are missing at the same moment.
      this.ensuring ??= this.tables.ensure(deadline).finally(() => (this.ensuring = undefined));
      await deadline.race(`Creating ${tableId} of ${this.tenantId}`, this.ensuring);
    } else if ((await this.tables.createdAtMs(tableId, deadline)) === undefined) {
      throw new UsageError(
        `The table ${tableId} of ${this.tenantId} does not exist, and createTables is off. Deploy the tenant, or call ` +
          "MetadataInitializer.ensureTenant.",
      );
    }
    // It may have been another one a moment ago, whoever dropped that.
    await this.tables.awaitAppends(tableId, deadline);
  }

  private reportDifferences(differences: readonly SchemaDifference[]): void {
    const fresh = differences.map(formatDifference).filter((text) => !this.reported.has(text));
    if (fresh.length === 0) return;
    for (const text of fresh) this.reported.add(text);
    process.emitWarning(
      [
        `Live tables of ${this.tenantId} differ from their definitions; rows that do not fit are refused.`,
        ...fresh,
      ].join("\n  "),
      { type: "SchemaDifferenceWarning", code: "TENANT_METADATA" },
    );
  }
}
