import { RemoteError, UsageError } from "../../model/errors";
import type { TableDefinition } from "../../model/formats/table-definition";
import type { ResolvedTenant } from "../../model/resolve";
import { datasetResource, tableResource } from "../../model/resources";
import { AppendProbe } from "./append-probe";
import { definitionOf, type RuntimeContext, tenantOf } from "../logger/context";
import { sleep } from "../../bigquery/clock";
import type { RetryOptions } from "../../bigquery/retry";
import { fitTable, liveColumns, type SchemaDifference } from "./schema-difference";

/** What {@link MetadataInitializer.ensureTenant} found and did. */
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

/** Longest wait for a new table to take rows, in milliseconds. BigQuery needs seconds, at worst minutes. */
const APPENDS_LAND_TIMEOUT_MS = 300_000;
const APPENDS_LAND_POLL_MS = 500;
/** For a look at a table on which the fate of rows depends that have waited long already. */
const LOOK_RETRY: RetryOptions = { initialDelayMs: 100, maxDelayMs: 1000, deadlineMs: 5000 };

/**
 * Creates the datasets and tables of tenants, exactly as Terraform would: both send what `model/resources` says.
 *
 * Access is not granted here; that stays with Terraform.
 *
 * @example
 * ```ts
 * import { formatDifference, MetadataInitializer, type RuntimeContext } from "tenant-metadata/runtime";
 *
 * export async function prepare(context: RuntimeContext): Promise<void> {
 *   const { tablesCreated, differences } = await new MetadataInitializer(context).ensureTenant("acme_retail");
 *   console.log("created", tablesCreated);
 *   for (const difference of differences) console.warn(formatDifference(difference));
 * }
 * ```
 */
export class MetadataInitializer {
  constructor(private readonly context: RuntimeContext) {}

  /**
   * Creates what is missing of a tenant's dataset and tables, and compares what is there with the definitions.
   *
   * Safe to call from many workers at once, and again: what another one created meanwhile counts as there.
   *
   * @throws {@link UsageError} for a tenant the environment lacks.
   * @throws {@link RemoteError} when BigQuery refuses, or does not answer within two minutes.
   */
  async ensureTenant(tenantId: string): Promise<EnsureTenantResult> {
    const tenant = tenantOf(this.context, tenantId);
    const { rest } = this.context.connection;
    const datasetCreated =
      (await rest.get(datasetPath(tenant))) === undefined &&
      (await rest.create(`/projects/${tenant.projectId}/datasets`, datasetResource(tenant)));
    const tables = await Promise.all(
      [...this.context.definitions.values()].map(async (definition) => this.ensureTable(tenant, definition)),
    );
    return {
      datasetCreated,
      tablesCreated: tables.filter(({ created }) => created).map(({ tableId }) => tableId),
      differences: tables.flatMap(({ differences }) => differences),
    };
  }

  /**
   * Where a tenant's live tables differ from their definitions; a table that is missing has all its columns missing.
   */
  async compareTenant(tenantId: string): Promise<readonly SchemaDifference[]> {
    const tenant = tenantOf(this.context, tenantId);
    const differences = await Promise.all(
      [...this.context.definitions.values()].map(async (definition) =>
        compare(definition, await this.liveTable(tenant, definition.tableId)),
      ),
    );
    return differences.flat();
  }

  /**
   * Deletes tables **with all their rows** and creates them anew; returns once new rows are known to arrive in them.
   *
   * @param tableIds - the tables; all that have a definition when left out.
   * @throws {@link UsageError} where the environment has `deletionProtection`; nothing is touched then.
   */
  async recreate(tenantId: string, tableIds: readonly string[] = [...this.context.definitions.keys()]): Promise<void> {
    const tenant = tenantOf(this.context, tenantId);
    const definitions = tableIds.map((tableId) => definitionOf(this.context, tableId));
    if (tenant.deletionProtection) {
      throw new UsageError(
        `Recreating ${tableIds.join(", ")} of ${tenantId} would delete all rows, and the environment ` +
          `${tenant.environment} has deletionProtection. Change the tables in place instead (ALTER TABLE, or deploy the new ` +
          `definitions). To delete the rows all the same, set "deletionProtection": false in ` +
          `environments/${tenant.environment}.json, deploy it, and call again.`,
      );
    }
    for (const definition of definitions) {
      await this.context.connection.rest.delete(tablePath(tenant, definition.tableId));
    }
    await this.ensureTenant(tenantId);
    for (const definition of definitions) await this.awaitAppends(tenantId, definition.tableId);
  }

  /**
   * Waits until a row written to a table arrives in it. Rows written to a table just after it was deleted and created
   * again may go to the deleted one without an error, so one row is written, looked for, and deleted.
   *
   * @see https://github.com/googleapis/python-bigquery/issues/1331
   * @throws {@link RemoteError} after five minutes without success.
   */
  async awaitAppends(tenantId: string, tableId: string): Promise<void> {
    const tenant = tenantOf(this.context, tenantId);
    const probe = new AppendProbe(this.context.connection, tenant, definitionOf(this.context, tableId));
    const { clock } = this.context.connection;
    const deadline = clock.elapsed() + APPENDS_LAND_TIMEOUT_MS;
    let sent = 0;
    while (!(await probe.arrives())) {
      if (clock.elapsed() > deadline) {
        throw new RemoteError(
          `${tableId} of ${tenantId} was created anew and took none of ${sent} rows within five minutes. ` +
            "Wait before you write to it; its rows may vanish until then.",
        );
      }
      sent++;
      await sleep(clock, APPENDS_LAND_POLL_MS);
    }
    await probe.cleanUp();
  }

  /** When a table was created, in milliseconds since 1970; `undefined` when there is none. */
  async createdAtMs(tenantId: string, tableId: string): Promise<number | undefined> {
    const table = await this.liveTable(tenantOf(this.context, tenantId), tableId, LOOK_RETRY);
    return table === undefined ? undefined : Number(table.creationTime ?? 0);
  }

  private async ensureTable(tenant: ResolvedTenant, definition: TableDefinition) {
    const { tableId } = definition;
    const path = `/projects/${tenant.projectId}/datasets/${tenant.datasetId}/tables`;
    const found = await this.liveTable(tenant, tableId);
    if (found !== undefined) return { tableId, created: false, differences: compare(definition, found) };
    const created = await this.context.connection.rest.create(path, tableResource(tenant, definition));
    return {
      tableId,
      created,
      differences: created ? [] : compare(definition, await this.liveTable(tenant, tableId)),
    };
  }

  private async liveTable(
    tenant: ResolvedTenant,
    tableId: string,
    retry?: RetryOptions,
  ): Promise<LiveTable | undefined> {
    return this.context.connection.rest.get<LiveTable>(tablePath(tenant, tableId), retry);
  }
}

function compare({ tableId, schema }: TableDefinition, table: LiveTable | undefined): readonly SchemaDifference[] {
  return fitTable(tableId, schema.fields, liveColumns(table?.schema?.fields ?? [])).differences;
}

function datasetPath({ projectId, datasetId }: ResolvedTenant): string {
  return `/projects/${projectId}/datasets/${datasetId}`;
}

function tablePath(tenant: ResolvedTenant, tableId: string): string {
  return `${datasetPath(tenant)}/tables/${tableId}`;
}
