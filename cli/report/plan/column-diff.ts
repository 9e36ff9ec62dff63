import { type ComparableColumn, modeOf } from "../../../model/columns/comparable";

/** What happens to one column or nested field. */
export interface ColumnChange {
  /** `parameters`, or `payload.items.name` inside RECORDs. */
  readonly column: string;
  /** `STRING REQUIRED`; absent when the column is added. */
  readonly before?: string;
  /** Absent when the column is dropped. */
  readonly after?: string;
  /** What changes besides type and mode, e.g. `description`. */
  readonly also: readonly string[];
}

/** Compares two lists of columns by name, at every depth; in the order of the new list, dropped ones last. */
export function diffColumns(
  before: readonly ComparableColumn[],
  after: readonly ComparableColumn[],
): readonly ColumnChange[] {
  const [old, now] = [flatten(before), flatten(after)];
  const changes: ColumnChange[] = [];
  for (const [name, column] of now) {
    const previous = old.get(name);
    const change = previous === undefined ? added(name, column) : changed(name, previous, column);
    if (change !== undefined) changes.push(change);
  }
  for (const [name, column] of old) {
    if (!now.has(name)) changes.push({ column: name, before: typeAndMode(column), also: [] });
  }
  return changes;
}

function added(column: string, definition: ComparableColumn): ColumnChange {
  return { column, after: typeAndMode(definition), also: [] };
}

function changed(name: string, from: ComparableColumn, to: ComparableColumn): ColumnChange | undefined {
  const [before, after] = [typeAndMode(from), typeAndMode(to)];
  const also = [
    ...((from.description ?? "") === (to.description ?? "") ? [] : ["description"]),
    ...((from.defaultValueExpression ?? "") === (to.defaultValueExpression ?? "") ? [] : ["default value"]),
    ...(JSON.stringify(from.policyTags?.names ?? []) === JSON.stringify(to.policyTags?.names ?? [])
      ? []
      : ["policy tags"]),
  ];
  return before === after && also.length === 0 ? undefined : { column: name, before, after, also };
}

function typeAndMode(column: ComparableColumn): string {
  return `${column.type} ${modeOf(column)}`;
}

function flatten(columns: readonly ComparableColumn[], prefix = ""): ReadonlyMap<string, ComparableColumn> {
  return new Map(
    columns.flatMap((column) => {
      const name = prefix + column.name;
      return [[name, column] as const, ...flatten(column.fields ?? [], `${name}.`)];
    }),
  );
}
