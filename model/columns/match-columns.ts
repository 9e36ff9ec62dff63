interface Named {
  readonly name: string;
}

/** Columns of two sides, set against each other by name; each list is in the order of the side it comes from. */
export interface ColumnMatch<Old extends Named, Now extends Named> {
  /** In the order of the new side. */
  readonly kept: readonly (readonly [was: Old, is: Now])[];
  readonly dropped: readonly Old[];
  readonly added: readonly Now[];
  /** Whether the kept columns are in another order than before. */
  readonly isReordered: boolean;
}

/** How names are compared: columns with equal keys are one. */
export type NameKey = (name: string) => string;

/** As Terraform's provider does: `Status` and `status` are two columns. */
export const exactName: NameKey = (name) => name;

/** As BigQuery does: names are unique without regard to case. */
export const caselessName: NameKey = (name) => name.toLowerCase();

/** Matches the columns of one level; the caller judges the result. */
export function matchColumns<Old extends Named, Now extends Named>(
  old: readonly Old[],
  now: readonly Now[],
  key: NameKey,
): ColumnMatch<Old, Now> {
  const before = new Map(old.map((column) => [key(column.name), column]));
  const after = new Set(now.map(({ name }) => key(name)));
  const kept = now.flatMap((is) => {
    const was = before.get(key(is.name));
    return was === undefined ? [] : [[was, is] as const];
  });
  const inOldOrder = old.filter(({ name }) => after.has(key(name)));
  return {
    kept,
    dropped: old.filter(({ name }) => !after.has(key(name))),
    added: now.filter(({ name }) => !before.has(key(name))),
    isReordered: kept.some(([was], index) => was !== inOldOrder[index]),
  };
}
