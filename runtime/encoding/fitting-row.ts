import type { RowEncoder, RowProblem } from "./row-encoder";

/** A row without the optional values that do not fit, and what was wrong with them. */
export interface FittingRow {
  readonly row: object;
  readonly problems: readonly RowProblem[];
  /** What is wrong with the row all the same; it is refused when there is anything. */
  readonly refused: readonly RowProblem[];
}

/**
 * Leaves those optional values out of a row that do not fit, so that one bad value costs only itself; of a row that is too
 * large, the largest ones.
 */
export function leaveOutUnfit(encoder: RowEncoder, given: object): FittingRow {
  const optional = new Set(
    encoder.definition.schema.fields.filter(({ mode }) => mode !== "REQUIRED").map(({ name }) => name),
  );
  const problems: RowProblem[] = [];
  let row = given;
  for (;;) {
    const encoded = encoder.encode(row);
    if (encoded instanceof Uint8Array) return { row, problems, refused: [] };
    const found = encoded.map((problem) =>
      problem.column === "" ? largest(encoder, row, optional, problem) : problem,
    );
    const removable = found.filter(({ column }) => optional.has(topLevel(column)));
    if (removable.length === 0) return { row, problems, refused: encoded };
    problems.push(...removable);
    const names = new Set(removable.map(({ column }) => topLevel(column)));
    row = Object.fromEntries(Object.entries(row).filter(([name]) => !names.has(name)));
  }
}

/** The problem of a row's size as one of its largest optional value. */
function largest(encoder: RowEncoder, row: object, optional: ReadonlySet<string>, problem: RowProblem): RowProblem {
  const [first] = Object.keys(row)
    .filter((name) => optional.has(name))
    .map((name) => ({ name, bytes: encoder.sizeOf(row, name) }))
    .sort((a, b) => b.bytes - a.bytes);
  if (first === undefined) return problem;
  return { column: first.name, received: `${first.bytes} bytes in ${problem.received}`, expected: problem.expected };
}

/** `lines[2].amount` gives `lines`. */
function topLevel(column: string): string {
  return /^\w*/.exec(column)?.[0] ?? "";
}
