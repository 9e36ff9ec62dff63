import { type Finding, finding, type FindingLocation } from "../catalogue/finding";

/**
 * Compares the customer-managed keys of a table, or those that a dataset gives to the tables made in it.
 *
 * @param of - a table is encrypted anew, or replaced when it gets its first key or loses its last.
 */
export function* compareEncryption(
  before: string | undefined,
  after: string | undefined,
  place: FindingLocation,
  of: "table" | "dataset",
): Generator<Finding> {
  if (before === after) return;
  if (of === "table" && (before === undefined || after === undefined)) {
    yield finding("encryption-added-or-removed", place, { isRemoved: after === undefined });
    return;
  }
  yield finding("encryption-key-changed", place, { of });
  if (before === undefined || after === undefined) return;
  const [from, to] = [keyRing(before), keyRing(after)];
  if (from !== to) yield finding("encryption-key-moved", place, { from, to });
}

/** `projects/p/locations/eu/keyRings/r` of a key's name. */
function keyRing(kmsKeyName: string): string {
  return kmsKeyName.split("/").slice(0, 6).join("/");
}
