import { type ErrorKind, TenantMetadataError } from "../model/errors";
import type { RowProblem } from "./encoding/row-encoder";
import type { SchemaDifference } from "./tables/schema-difference";
import { formatDifference } from "./tables/schema-difference";

/** A row that was refused before anything was sent. */
export interface RejectedRow {
  /** Place of the row in the call, from 0. */
  readonly rowIndex: number;
  /** The row as it was given. */
  readonly row: object;
  /** Everything that is wrong with it. */
  readonly problems: readonly RowProblem[];
}

/** A row that was accepted and could not be delivered. */
export interface UndeliveredRow {
  /** Place of the row in the call, from 0. */
  readonly rowIndex: number;
  /** The row as it was given. */
  readonly row: object;
  /**
   * `not-written`: it is certainly not in the table, so writing it again is safe. `unknown`: BigQuery never answered and could
   * not be asked, so look for the row first.
   */
  readonly outcome: "not-written" | "unknown";
  /** The last failure. */
  readonly cause: Error;
}

const MAX_LISTED = 5;

/**
 * Some rows of a call are not in the table; they are all here, and the call's other rows are written.
 *
 * The rows are behind getters, so that logging the error does not log them.
 *
 * @example
 * ```ts
 * import { type MetadataLogger, MetadataWriteError, type StepLogsRow } from "tenant-metadata/runtime";
 *
 * export async function insertOrKeep(logger: MetadataLogger, rows: readonly StepLogsRow[]): Promise<readonly object[]> {
 *   try {
 *     await logger.insert("step_logs", rows);
 *     return [];
 *   } catch (error) {
 *     if (!(error instanceof MetadataWriteError)) throw error;
 *     return error.undelivered.filter(({ outcome }) => outcome === "not-written").map(({ row }) => row);
 *   }
 * }
 * ```
 */
export class MetadataWriteError extends TenantMetadataError {
  /** `user` when all that went wrong is rows that were refused. */
  override readonly kind: ErrorKind;
  /** File of the logger's `spool` in which the undelivered rows are kept for a replay. */
  spooledTo?: string;
  readonly #rejected: readonly RejectedRow[];
  readonly #undelivered: readonly UndeliveredRow[];

  constructor(
    /** Table that the rows were for, e.g. `step_logs`. */
    readonly tableId: string,
    rejected: readonly RejectedRow[],
    undelivered: readonly UndeliveredRow[],
  ) {
    const cause = undelivered[0]?.cause;
    super(describeWriteError(tableId, rejected, undelivered), ...(cause === undefined ? [] : [{ cause }]));
    this.kind = undelivered.length === 0 ? "user" : "remote";
    this.#rejected = rejected;
    this.#undelivered = undelivered;
  }

  /** Rows that were refused before anything was sent. */
  get rejected(): readonly RejectedRow[] {
    return this.#rejected;
  }

  /** Rows that were accepted and could not be delivered. */
  get undelivered(): readonly UndeliveredRow[] {
    return this.#undelivered;
  }
}

/**
 * A row is written without some of its optional values, which could not be stored as they were given; they are NULL.
 *
 * @example
 * ```ts
 * import { LostValueError, MetadataLogger, type RuntimeContext } from "tenant-metadata/runtime";
 *
 * export function loggerOf(context: RuntimeContext): MetadataLogger {
 *   return new MetadataLogger(context, "acme_retail", {
 *     onError: (error) => {
 *       if (error instanceof LostValueError) console.warn(error.problems.map(({ column }) => column));
 *       else console.error(error.message);
 *     },
 *   });
 * }
 * ```
 */
export class LostValueError extends TenantMetadataError {
  /** The user's: the value has to change. */
  override readonly kind = "user";

  constructor(
    /** Table of the row, e.g. `pipeline_runs`. */
    readonly tableId: string,
    /** The columns that are NULL now, and why. */
    readonly problems: readonly RowProblem[],
  ) {
    super(
      [
        `A row of ${tableId} is written without ${problems.map(({ column }) => column).join(", ")}:`,
        ...problems.slice(0, MAX_LISTED).map(describeProblem),
      ].join("\n  "),
    );
  }
}

/**
 * A live table differs from its definition in a way that the rows of a call do not fit.
 *
 * @example
 * ```ts
 * import { MetadataWriteError, SchemaMismatchError } from "tenant-metadata/runtime";
 *
 * // Writing the rows again is of no use before someone has changed the table.
 * export function isHopeless(error: MetadataWriteError): boolean {
 *   return error.undelivered.some(({ cause }) => cause instanceof SchemaMismatchError);
 * }
 * ```
 */
export class SchemaMismatchError extends TenantMetadataError {
  /** The user's: table and definition have to be brought together. */
  override readonly kind = "user";

  constructor(
    /** The table, e.g. `step_logs`. */
    readonly tableId: string,
    /** Every difference of the table from its definition. */
    readonly differences: readonly SchemaDifference[],
  ) {
    super(
      [
        `The row does not fit the live table ${tableId}:`,
        ...differences.map((difference) => `  ${formatDifference(difference)}`),
        `Bring the table and its definition together (deploy the definition, or ALTER TABLE), then write the row again.`,
      ].join("\n"),
    );
  }
}

function describeWriteError(
  tableId: string,
  rejected: readonly RejectedRow[],
  undelivered: readonly UndeliveredRow[],
): string {
  const lines = [
    ...rejected.flatMap(({ rowIndex, problems }) =>
      problems.map((problem) => `row ${rowIndex}${problem.column === "" ? "" : ", "}${describeProblem(problem)}`),
    ),
    ...undelivered.map(({ rowIndex, outcome, cause }) => `row ${rowIndex}: ${outcome}: ${cause.message}`),
  ];
  const more = lines.length - MAX_LISTED;
  return [
    `${tableId}: ${countRows(rejected)} refused, ${countRows(undelivered)} not delivered.`,
    ...lines.slice(0, MAX_LISTED).map((line) => `  ${line}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
    "The rows are in this error's `rejected` and `undelivered`.",
  ].join("\n");
}

function describeProblem({ column, received, expected }: RowProblem): string {
  return `${column}: received ${received}, expected ${expected}`;
}

function countRows(rows: readonly unknown[]): string {
  return `${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
}
