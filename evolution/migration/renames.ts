import { isDeepStrictEqual } from "node:util";
import { type ComparableColumn, modeOf } from "../../model/columns/comparable";
import { exactName, matchColumns } from "../../model/columns/match-columns";
import { isSameTypeToBigQuery } from "../../model/columns/column-types";

/** A column that goes and one that comes in its place. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

/**
 * Guesses which dropped columns come back under another name.
 *
 * Definitions do not say so. A pair counts when type, mode and nested fields are equal and either both are in the same
 * place of the order, or each is the other's only candidate.
 *
 * @param settled - names of columns that are not to be guessed about.
 */
export function pairRenames(
  old: readonly ComparableColumn[],
  now: readonly ComparableColumn[],
  settled: ReadonlySet<string> = new Set(),
): readonly Rename[] {
  const apart = matchColumns(old, now, exactName);
  const dropped = apart.dropped.filter(({ name }) => !settled.has(name));
  const added = apart.added.filter(({ name }) => !settled.has(name));
  return dropped.flatMap((from) => {
    const candidates = added.filter((to) => isAlike(from, to));
    const samePlace = candidates.find((to) => now.indexOf(to) === old.indexOf(from));
    const [only] = candidates;
    const isOnly =
      candidates.length === 1 && only !== undefined && dropped.filter((x) => isAlike(x, only)).length === 1;
    const to = samePlace ?? (isOnly ? only : undefined);
    return to === undefined ? [] : [{ from: from.name, to: to.name }];
  });
}

function isAlike(a: ComparableColumn, b: ComparableColumn): boolean {
  return (
    isSameTypeToBigQuery(a.type, b.type) && modeOf(a) === modeOf(b) && isDeepStrictEqual(a.fields ?? [], b.fields ?? [])
  );
}
