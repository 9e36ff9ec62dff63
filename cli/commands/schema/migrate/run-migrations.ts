import { bulkhead } from "cockatiel";
import type { ComparableTable } from "../../../../model/columns/comparable";
import type { TableMigration } from "../../../../evolution/migration/plan-migration";
import { altered, type MigrationStep, stateOn } from "../../../../evolution/migration/migration-step";
import type { DatasetName } from "../../../../model/names";
import { alterTable } from "../../../../bigquery/sql/alter-table";
import { TenantMetadataError, UsageError } from "../../../../model/errors";
import type { Warehouse } from "../../../../bigquery/warehouse";

/** A tenant whose tables are to be migrated. */
export interface MigrationTarget extends DatasetName {
  readonly tenant: string;
  readonly location: string;
}

/** What became of a tenant. */
export interface TenantReport extends MigrationTarget {
  readonly status: "migrated" | "up to date" | "no tables" | "failed" | "not started";
  /** Statements run now. */
  readonly ran: number;
  /** Statements that an earlier run had done. */
  readonly skipped: number;
  /** Why it failed. */
  readonly message?: string;
}

export interface RunOptions {
  /** Tenants at a time. */
  readonly concurrency: number;
  /** Called after each tenant. */
  readonly onTenant?: (report: TenantReport) => void;
  /** Once aborted, no further statement is started; what is running is awaited. */
  readonly signal?: AbortSignal;
}

/**
 * Migrates the tables of many tenants, each by what its live tables still lack.
 *
 * Nothing is remembered between runs: the live schema says where a run stopped, so an interrupted one is started again. One
 * tenant's failure does not stop the others. The statements of a table run in order, one at a time.
 */
export async function runMigrations(
  warehouse: Warehouse,
  targets: readonly MigrationTarget[],
  migrations: readonly TableMigration[],
  { concurrency, onTenant, signal }: RunOptions,
): Promise<readonly TenantReport[]> {
  const limit = bulkhead(concurrency, Infinity);
  return Promise.all(
    targets.map((target) =>
      limit.execute(async () => {
        const report = await migrateTenant(warehouse, target, migrations, () => signal?.aborted === true);
        onTenant?.(report);
        return report;
      }),
    ),
  );
}

async function migrateTenant(
  warehouse: Warehouse,
  target: MigrationTarget,
  migrations: readonly TableMigration[],
  isInterrupted: () => boolean,
): Promise<TenantReport> {
  if (isInterrupted()) return { ...target, status: "not started", ran: 0, skipped: 0 };
  let [ran, skipped, tables] = [0, 0, 0];
  try {
    for (const migration of migrations) {
      const live = await warehouse.table(target, migration.table);
      if (live === undefined) continue;
      tables++;
      skipped += migration.steps.length - pendingSteps(live, migration).length;
      // The second pass finds nothing, unless a statement did less than it says: an emulator's rename that loses the description.
      for (const _ of ["first", "second"]) {
        const current = await warehouse.table(target, migration.table);
        for (const { alteration } of current === undefined ? [] : pendingSteps(current, migration)) {
          if (isInterrupted()) throw new UsageError("interrupted; run the same command again to go on.");
          await warehouse.run(alterTable(target, migration.table, alteration), target.location);
          ran++;
        }
      }
      verify(await warehouse.table(target, migration.table), migration);
    }
    const status = tables === 0 ? "no tables" : ran === 0 ? "up to date" : "migrated";
    return { ...target, status, ran, skipped };
  } catch (error) {
    if (!(error instanceof TenantMetadataError)) throw error;
    return { ...target, status: "failed", ran, skipped, message: error.message };
  }
}

/**
 * The steps that the live table still needs.
 *
 * All are looked at before the first is run: a table that is in neither the old nor the new shape is not touched.
 */
function pendingSteps(live: ComparableTable, { table, steps }: TableMigration): readonly MigrationStep[] {
  let expected = live;
  return steps.filter((step) => {
    const state = stateOn(expected, step.alteration);
    if (state === "impossible") {
      throw new UsageError(
        `${table}: the live table is in neither the old nor the new shape, so it is left alone. Cannot ${step.title}. Compare its schema with both definitions.`,
      );
    }
    if (state === "pending") expected = altered(expected, step.alteration);
    return state === "pending";
  });
}

function verify(live: ComparableTable | undefined, { table, steps }: TableMigration): void {
  const missing = live === undefined ? steps : steps.filter(({ alteration }) => stateOn(live, alteration) !== "done");
  if (missing.length === 0) return;
  throw new UsageError(
    `${table}: the statements were accepted, but the table does not show it: ${missing.map(({ title }) => title).join(", ")}. Some emulators do not report what ALTER TABLE did.`,
  );
}
