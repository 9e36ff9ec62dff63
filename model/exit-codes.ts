import type { ErrorKind, TenantMetadataError } from "./errors";

/** Exit codes of every command and of the synthesis. 0: nothing wrong, or nothing that loses data. */
export const EXIT = {
  /** The call or the input is wrong. */
  usage: 1,
  /** A check found what it exists to find: data would be lost, a table replaced, a change rejected. */
  found: 2,
  /** A remote service failed. */
  remote: 3,
  /** A bug of ours. */
  internal: 70,
} as const;

const OF_KIND: Readonly<Record<ErrorKind, number>> = {
  user: EXIT.usage,
  remote: EXIT.remote,
  internal: EXIT.internal,
};

/** Exit code of a process that an error of ours ends, by who has to act. */
export function exitCodeOf({ kind }: TenantMetadataError): number {
  return OF_KIND[kind];
}
