import { UsageError } from "../../model/errors";
import { isSameTypeToBigQuery, isWidening } from "../../model/columns/column-types";
import { exactName, matchColumns } from "../../model/columns/match-columns";
import { type ComparableColumn, type ComparableTable, modeOf } from "../../model/columns/comparable";
import { compareTable } from "../definitions/compare-table";
import type { Finding } from "../catalogue/finding";
import type { TableAlteration } from "../../model/columns/table-alteration";
import { altered, type MigrationStep, stepOf } from "./migration-step";
import { pairRenames, type Rename } from "./renames";

/** How to bring a table from one definition to another in place. */
export interface TableMigration {
  readonly table: string;
  /** In the order to run. */
  readonly steps: readonly MigrationStep[];
  readonly renames: readonly Rename[];
  /** What is left for Terraform after the steps: in place, such as labels or clustering, when it loses nothing. */
  readonly left: readonly Finding[];
}

export interface MigrationOptions {
  /** Renames by the user's word, on top of those that {@link pairRenames} guesses. */
  readonly renames?: readonly Rename[];
  /** Columns that look renamed but are not. */
  readonly notRenamed?: readonly string[];
  /** Also drop the columns that the new definition lacks. */
  readonly dropColumns?: boolean;
}

/**
 * Plans the ALTER TABLE statements that bring a table from `old` to `now` and keep its rows, after which Terraform has
 * nothing to do but what {@link TableMigration.left} says.
 *
 * Renames come first, so that later steps know columns by their new names; drops come last.
 *
 * @throws {@link UsageError} for a rename of a column that is not there or cannot be renamed, or onto one that is there.
 */
export function planMigration(
  old: ComparableTable,
  now: ComparableTable,
  { renames: given = [], notRenamed = [], dropColumns = false }: MigrationOptions = {},
): TableMigration {
  // BigQuery refuses to rename, retype or drop a column that the table is partitioned or clustered by, or that a key names.
  const fixed = new Set([...(old.clustering?.fields ?? []), old.timePartitioning?.field, ...keyColumns(old)]);
  checkRenames(old, now, given, fixed);
  const settled = new Set([...given.flatMap(({ from, to }) => [from, to]), ...notRenamed]);
  const guessed = pairRenames(old.schema.fields, now.schema.fields, settled).filter(({ from }) => !fixed.has(from));
  const renames = [...given, ...guessed];
  const targets = new Set(renames.map(({ to }) => to));
  const renamings = renames.map(({ from, to }) => ({ kind: "rename-column", from, to }) as const);
  const renamed = renamings.reduce(altered, old);
  const { kept, ...apart } = matchColumns(renamed.schema.fields, now.schema.fields, exactName);
  const added = apart.added.filter((column) => modeOf(column) !== "REQUIRED");
  const dropped = apart.dropped.filter(({ name }) => !fixed.has(name));
  const alterations: readonly TableAlteration[] = [
    ...renamings,
    ...kept.flatMap(([was, is]) => (isRelaxed(was, is) ? [{ kind: "relax-column", name: is.name } as const] : [])),
    ...kept.flatMap(([was, is]) =>
      canWiden(was, is, fixed) ? [{ kind: "widen-column", column: keepMode(is, was), oldType: was.type } as const] : [],
    ),
    ...added.map((column) => ({ kind: "add-column", column }) as const),
    ...kept.flatMap(([was, is]) => defaults(was, is)),
    ...added.flatMap((column) => defaults({ name: column.name, type: column.type }, column)),
    ...kept.flatMap(([was, is]) => descriptions(was, is)),
    ...kept.flatMap(([was, is]) => (targets.has(is.name) ? keptDescription(was, is) : [])),
    ...added.flatMap((column) => descriptions({ name: column.name, type: column.type }, column)),
    ...((old.description ?? "") === (now.description ?? "")
      ? []
      : [{ kind: "describe-table", description: now.description ?? "" } as const]),
    ...(dropColumns ? dropped.map(({ name }) => ({ kind: "drop-column", name }) as const) : []),
  ];
  const left = compareTable(alterations.reduce(altered, old), now).filter(({ effect }) => effect !== "none");
  return { table: now.tableId, steps: alterations.map(stepOf), renames, left };
}

function checkRenames(
  old: ComparableTable,
  now: ComparableTable,
  renames: readonly Rename[],
  fixed: ReadonlySet<string | undefined>,
): void {
  for (const { from, to } of renames) {
    const wrong =
      (!names(old).includes(from) && `the old definition has no column ${from}`) ||
      (!names(now).includes(to) && `the new definition has no column ${to}`) ||
      (names(now).includes(from) && `the new definition still has ${from}`) ||
      (names(old).includes(to) && `the old definition already has ${to}`);
    if (wrong !== false) {
      throw new UsageError(
        `${now.tableId}: cannot rename ${from} to ${to}: ${wrong}. Name a dropped and an added column.`,
      );
    }
    if (fixed.has(from)) {
      throw new UsageError(
        `${now.tableId}: cannot rename ${from} to ${to}: BigQuery renames no column that the table is partitioned or clustered by, or that a key names. Keep the name, or make a new version of the table: tenant-metadata schema new-version ${now.tableId}.`,
      );
    }
  }
}

function keyColumns({ tableConstraints: { primaryKey, foreignKeys = [] } = {} }: ComparableTable): readonly string[] {
  const foreign = foreignKeys.flatMap(({ columnReferences }) => columnReferences);
  return [...(primaryKey?.columns ?? []), ...foreign.map(({ referencingColumn }) => referencingColumn)];
}

function names(table: ComparableTable): readonly string[] {
  return table.schema.fields.map(({ name }) => name);
}

function isRelaxed(was: ComparableColumn, is: ComparableColumn): boolean {
  return modeOf(was) === "REQUIRED" && modeOf(is) === "NULLABLE";
}

function canWiden(was: ComparableColumn, is: ComparableColumn, fixed: ReadonlySet<string | undefined>): boolean {
  return (
    !isSameTypeToBigQuery(was.type, is.type) &&
    isWidening(was.type, is.type) &&
    modeOf(was) !== "REPEATED" &&
    !fixed.has(is.name)
  );
}

/** SET DATA TYPE may not change the mode: a column that is to become REQUIRED stays as it is, and is left over. */
function keepMode(is: ComparableColumn, was: ComparableColumn): ComparableColumn {
  return modeOf(was) === "NULLABLE" ? { ...is, mode: "NULLABLE" } : is;
}

/** BigQuery keeps the description of a renamed column; emulators may not. The step is skipped where it is kept. */
function keptDescription(
  was: ComparableColumn,
  { name, description = "" }: ComparableColumn,
): readonly TableAlteration[] {
  return description === "" || description !== was.description ? [] : [{ kind: "describe-column", name, description }];
}

function defaults(was: ComparableColumn, is: ComparableColumn): readonly TableAlteration[] {
  const { name, defaultValueExpression: expression } = is;
  if (was.defaultValueExpression === expression) return [];
  return [expression === undefined ? { kind: "drop-default", name } : { kind: "set-default", name, expression }];
}

function descriptions(was: ComparableColumn, { name, description = "" }: ComparableColumn): readonly TableAlteration[] {
  return (was.description ?? "") === description ? [] : [{ kind: "describe-column", name, description }];
}
