import { datasetPath, datasetsPath, tablePath, tablesPath } from "../../model/names";
import { Deadline } from "../../bigquery/deadline";
import { RemoteError, UsageError } from "../../model/errors";
import type { TableDefinition } from "../../model/formats/table-definition";
import type { ResolvedTenant } from "../../model/resolve";
import { datasetResource, tableResource } from "../../model/resources";
import { definitionOf, type RuntimeContext, tenantOf } from "../logger/context";
import { AppendProbe } from "./append-probe";
import { inCreationOrder } from "./creation-order";
import { fitTable, liveColumns, type SchemaDifference } from "./schema-difference";

/** What was found and done when a tenant's tables were ensured. */
export interface EnsureTenantResult {
  /** True when this call created the dataset. */
  readonly datasetCreated: boolean;
  /** Tables this call created; one that another worker created at the same moment is not among them. */
  readonly tablesCreated: readonly string[];
  /** Where tables that were there already differ from their definitions. */
  readonly differences: readonly SchemaDifference[];
}

/** A live table's REST resource, as far as it is read. */
interface LiveTable {
  readonly creationTime?: string;
  readonly schema?: {
    readonly fields?: readonly { readonly name: string; readonly type: string; readonly mode?: string }[];
  };
}

interface EnsuredTable {
  readonly tableId: string;
  readonly created: boolean;
  readonly differences: readonly SchemaDifference[];
}

const PROBE_POLL_MS = 500;

/** The dataset and tables of one tenant as they are in BigQuery. Every call is over by the deadline it is given. */
export class LiveTables {
  private readonly tenant: ResolvedTenant;

  /** @throws {@link UsageError} for a tenant the environment lacks. */
  constructor(
    private readonly context: RuntimeContext,
    tenantId: string,
  ) {
    this.tenant = tenantOf(context, tenantId);
  }

  /** `ms` milliseconds from now, by the connection's clock. */
  deadline(ms: number): Deadline {
    return Deadline.after(this.context.connection.clock, ms);
  }

  /** Creates what is missing, tables after those that their foreign keys lead to, and compares what is there. */
  async ensure(deadline: Deadline): Promise<EnsureTenantResult> {
    const { tenant } = this;
    const { rest } = this.context.connection;
    const datasetCreated =
      (await rest.get(datasetPath(tenant), deadline)) === undefined &&
      (await rest.create(datasetsPath(tenant.projectId), datasetResource(tenant), deadline));
    const definitions = [...this.context.definitions.values()];
    const found: EnsuredTable[] = [];
    for (const group of inCreationOrder(definitions)) {
      found.push(...(await Promise.all(group.map(async (definition) => this.ensureTable(definition, deadline)))));
    }
    const tables = definitions.flatMap(({ tableId }) => found.filter((table) => table.tableId === tableId));
    return {
      datasetCreated,
      tablesCreated: tables.filter(({ created }) => created).map(({ tableId }) => tableId),
      differences: tables.flatMap(({ differences }) => differences),
    };
  }

  async compare(deadline: Deadline): Promise<readonly SchemaDifference[]> {
    const differences = await Promise.all(
      [...this.context.definitions.values()].map(async (definition) =>
        compare(definition, await this.find(definition.tableId, deadline)),
      ),
    );
    return differences.flat();
  }

  async recreate(tableIds: readonly string[], deadline: Deadline): Promise<void> {
    const { tenantId, environment, deletionProtection } = this.tenant;
    const definitions = tableIds.map((tableId) => definitionOf(this.context, tableId));
    if (deletionProtection) {
      throw new UsageError(
        `Recreating ${tableIds.join(", ")} of ${tenantId} would delete all rows, and the environment ` +
          `${environment} has deletionProtection. Change the tables in place instead (ALTER TABLE, or deploy the new ` +
          `definitions). To delete the rows all the same, set "deletionProtection": false in ` +
          `environments/${environment}.json, deploy it, and call again.`,
      );
    }
    for (const { tableId } of inCreationOrder(definitions).flat().reverse()) {
      await this.context.connection.rest.delete(tablePath(this.tenant, tableId), deadline);
    }
    await this.ensure(deadline);
    for (const { tableId } of definitions) await this.awaitAppends(tableId, deadline);
  }

  /**
   * Waits until a row written to a table arrives in it. Rows written to a table just after it was deleted and created
   * again may go to the deleted one without an error, so one row is written, looked for, and deleted.
   *
   * @see https://github.com/googleapis/python-bigquery/issues/1331
   */
  async awaitAppends(tableId: string, deadline: Deadline): Promise<void> {
    const { context, tenant } = this;
    const probe = new AppendProbe(context.connection, tenant, definitionOf(context, tableId));
    let sent = 0;
    while (!(await probe.arrives(deadline))) {
      sent++;
      await deadline.sleep(PROBE_POLL_MS);
      if (deadline.isOver) {
        throw new RemoteError(
          `${tableId} of ${tenant.tenantId} was created again and stored none of ${sent} rows in time. ` +
            "Wait before you write to it; its rows may vanish until then.",
        );
      }
    }
    await probe.cleanUp(deadline);
  }

  /** When a table was created, in milliseconds since 1970; `undefined` when there is none. */
  async createdAtMs(tableId: string, deadline: Deadline): Promise<number | undefined> {
    const table = await this.find(tableId, deadline);
    return table === undefined ? undefined : Number(table.creationTime ?? 0);
  }

  private async ensureTable(definition: TableDefinition, deadline: Deadline): Promise<EnsuredTable> {
    const { tableId } = definition;
    const found = await this.find(tableId, deadline);
    if (found !== undefined) return { tableId, created: false, differences: compare(definition, found) };
    const resource = tableResource(this.tenant, definition);
    const created = await this.context.connection.rest.create(tablesPath(this.tenant), resource, deadline);
    return {
      tableId,
      created,
      differences: created ? [] : compare(definition, await this.find(tableId, deadline)),
    };
  }

  private async find(tableId: string, deadline: Deadline): Promise<LiveTable | undefined> {
    return this.context.connection.rest.get<LiveTable>(tablePath(this.tenant, tableId), deadline);
  }
}

function compare({ tableId, schema }: TableDefinition, table: LiveTable | undefined): readonly SchemaDifference[] {
  return fitTable(tableId, schema.fields, liveColumns(table?.schema?.fields ?? [])).differences;
}
