import type { RuntimeContext } from "../logger/context";
import { type EnsureTenantResult, LiveTables } from "./live-tables";
import type { SchemaDifference } from "./schema-difference";

const ENSURE_TIMEOUT_MS = 120_000;
/** A table that was created anew needs seconds, at worst minutes, until it takes rows. */
const RECREATE_TIMEOUT_MS = 300_000;

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
   * Safe to call from many workers at once, and again: what another one creates in the meantime counts as there.
   *
   * @throws {@link UsageError} for a tenant the environment lacks.
   * @throws {@link RemoteError} when BigQuery refuses, or two minutes are over.
   */
  async ensureTenant(tenantId: string): Promise<EnsureTenantResult> {
    const tables = new LiveTables(this.context, tenantId);
    return tables.ensure(tables.deadline(ENSURE_TIMEOUT_MS));
  }

  /**
   * Where a tenant's live tables differ from their definitions; a table that is missing has all its columns missing.
   *
   * @throws as `ensureTenant`.
   */
  async compareTenant(tenantId: string): Promise<readonly SchemaDifference[]> {
    const tables = new LiveTables(this.context, tenantId);
    return tables.compare(tables.deadline(ENSURE_TIMEOUT_MS));
  }

  /**
   * Deletes tables **with all their rows** and creates them again; returns once new rows are known to arrive in them.
   *
   * @param tableIds - the tables; all that have a definition when left out.
   * @throws {@link UsageError} where the environment has `deletionProtection`; nothing is touched then.
   * @throws {@link RemoteError} when BigQuery refuses, or five minutes are over.
   */
  async recreate(tenantId: string, tableIds: readonly string[] = [...this.context.definitions.keys()]): Promise<void> {
    const tables = new LiveTables(this.context, tenantId);
    await tables.recreate(tableIds, tables.deadline(RECREATE_TIMEOUT_MS));
  }

  /**
   * Waits until a row written to a table arrives in it. Rows written to a table just after it was deleted and created
   * again may go to the deleted one without an error, so one row is written, looked for, and deleted.
   *
   * @see https://github.com/googleapis/python-bigquery/issues/1331
   * @throws {@link RemoteError} after five minutes without success.
   */
  async awaitAppends(tenantId: string, tableId: string): Promise<void> {
    const tables = new LiveTables(this.context, tenantId);
    await tables.awaitAppends(tableId, tables.deadline(RECREATE_TIMEOUT_MS));
  }
}
