import { formatProblems, type Problem } from "./problems";

/** Who has to act: the user on their input, an operator on a remote service, or us on our code. */
export type ErrorKind = "user" | "remote" | "internal";

/**
 * Base of every error this package throws on purpose.
 *
 * One `catch` can branch on {@link kind}; `cause` keeps the original error when there is one.
 */
export abstract class TenantMetadataError extends Error {
  abstract readonly kind: ErrorKind;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The configuration folder cannot be used; {@link problems} holds everything that is wrong with it. */
export class ConfigError extends TenantMetadataError {
  override readonly kind = "user";

  constructor(readonly problems: readonly Problem[]) {
    super(formatProblems(problems));
  }
}

/** A call, flag or argument is wrong: the message says what was received, what is allowed, and how to mend it. */
export class UsageError extends TenantMetadataError {
  override readonly kind = "user";
}

/** A remote service refused or failed; `cause` holds its own error. */
export class RemoteError extends TenantMetadataError {
  override readonly kind: ErrorKind = "remote";
}

/** A call could not be carried out within its time; `cause` is the last failure. */
export class DeadlineError extends RemoteError {}

/** An assumption of our own code does not hold: a bug to report. */
export class InternalError extends TenantMetadataError {
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
