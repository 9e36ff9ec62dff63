import { maskSecrets } from "./mask";
import { formatProblems, type Problem } from "./problems";

/** Who has to act: `user` on their input, an operator on a `remote` service, or this package's authors (`internal`). */
export type ErrorKind = "user" | "remote" | "internal";

/**
 * Base of every error this package throws on purpose.
 *
 * One `catch` can branch on `kind`; `cause` keeps the original error when there is one.
 *
 * @example
 * ```ts
 * import { loadConfig, TenantMetadataError } from "tenant-metadata";
 *
 * try {
 *   loadConfig("configs");
 * } catch (error) {
 *   if (!(error instanceof TenantMetadataError) || error.kind !== "user") throw error;
 *   console.error(error.message);
 * }
 * ```
 */
export abstract class TenantMetadataError extends Error {
  /** Who has to act. */
  abstract readonly kind: ErrorKind;

  constructor(message: string, options?: ErrorOptions) {
    super(maskSecrets(message), options);
    this.name = new.target.name;
  }
}

/**
 * The configuration folder cannot be used; `problems` holds everything that is wrong with it, and `message` lists it.
 *
 * @example
 * ```ts
 * import { ConfigError, loadConfig } from "tenant-metadata";
 *
 * try {
 *   loadConfig("configs");
 * } catch (error) {
 *   if (!(error instanceof ConfigError)) throw error;
 *   for (const { file, line, message } of error.problems) console.error(`${file}:${line ?? 1}: ${message}`);
 * }
 * ```
 */
export class ConfigError extends TenantMetadataError {
  /** The user's: the files have to change. */
  override readonly kind = "user";
  /** Every problem of every file, in order of the files. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(formatProblems(problems));
    this.problems = problems;
  }
}

/**
 * A call, flag or argument is wrong: the message says what was received, what is allowed, and how to fix it.
 *
 * @example
 * ```ts
 * import { App } from "cdktf";
 * import { synthesizeStacks, UsageError } from "tenant-metadata";
 *
 * try {
 *   synthesizeStacks(new App({ hclOutput: true }), { assignments: [], definitions: [] });
 * } catch (error) {
 *   if (!(error instanceof UsageError)) throw error;
 *   console.error(error.message);
 * }
 * ```
 */
export class UsageError extends TenantMetadataError {
  /** The user's: the call has to change. */
  override readonly kind = "user";
}

/**
 * A remote service refused or failed; `cause` holds its own error.
 *
 * @example
 * ```ts
 * import { type MetadataLogger, RemoteError } from "tenant-metadata/runtime";
 *
 * export async function staleRuns(logger: MetadataLogger): Promise<number> {
 *   try {
 *     return (await logger.findStaleRuns({ olderThanMs: 86_400_000 })).length;
 *   } catch (error) {
 *     if (!(error instanceof RemoteError)) throw error;
 *     console.error("BigQuery:", error.message);
 *     return 0;
 *   }
 * }
 * ```
 */
export class RemoteError extends TenantMetadataError {
  /** An operator's: the service has to answer, or to allow it. */
  override readonly kind: ErrorKind = "remote";
}

/**
 * A call did not finish within its time; `cause` is the last failure.
 *
 * @example
 * ```ts
 * import { DeadlineError, type MetadataInitializer } from "tenant-metadata/runtime";
 *
 * export async function ensure(tables: MetadataInitializer): Promise<void> {
 *   try {
 *     await tables.ensureTenant("acme_retail");
 *   } catch (error) {
 *     if (!(error instanceof DeadlineError)) throw error;
 *     console.error("BigQuery did not answer in time:", error.cause);
 *   }
 * }
 * ```
 */
export class DeadlineError extends RemoteError {}

/** An assumption of our own code does not hold: a bug to report. */
export class InternalError extends TenantMetadataError {
  /** Ours. */
  override readonly kind = "internal";
}

/**
 * Looks a key up and never yields `undefined`.
 *
 * @throws {@link InternalError} naming the key, when `map` lacks it.
 */
export function mustGet<K, V>(map: ReadonlyMap<K, V>, key: K, what: string): V {
  const value = map.get(key);
  if (value === undefined) throw new InternalError(`No ${what} named ${JSON.stringify(key)}. This is a bug.`);
  return value;
}

/** Ends a switch over a closed union: a new member without a case does not compile. */
export function unreachable(value: never): never {
  throw new InternalError(`Unexpected ${JSON.stringify(value)}. This is a bug.`);
}
