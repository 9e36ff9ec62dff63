import { defined } from "../../model/defined";
/** Versions of the google provider, from the first to before the second; `undefined`: without an end. */
export interface VersionRange {
  readonly from?: string;
  readonly before?: string;
}

/** What the rules here were read in. */
export const READ_VERSIONS = { from: "6.50", before: "7.46" } as const satisfies VersionRange;

const SOURCE = /^registry\.(?:terraform\.io|opentofu\.org)\/hashicorp\/google(?:-beta)?$/;

/** Whether a provider is the one whose rules were read, and not another that took its name. */
export function isKnownSource(source: string): boolean {
  return SOURCE.test(source);
}

type Version = readonly number[];

const CONSTRAINT = /^(=|!=|>=|<=|>|<|~>)?\s*v?(\d+(?:\.\d+){0,2})(?:-[\w.]+)?$/;

/**
 * The versions that a constraint admits, e.g. `~> 7.30` those from 7.30 to before 8.
 *
 * @returns every version for a constraint that cannot be read.
 * @see https://developer.hashicorp.com/terraform/language/expressions/version-constraints
 */
export function rangeOf(constraint: string | undefined): VersionRange {
  let range: VersionRange = {};
  for (const part of (constraint ?? "").split(",")) {
    const [, operator = "=", text = ""] = CONSTRAINT.exec(part.trim()) ?? [];
    if (text !== "") range = intersection(range, partRange(operator, text));
  }
  return range;
}

function partRange(operator: string, text: string): VersionRange {
  const version = text.split(".").map(Number);
  switch (operator) {
    case ">":
    case ">=":
      return { from: text };
    case "<":
      return { before: text };
    case "<=":
      return { before: next(version) };
    case "~>":
      return { from: text, before: next(version.slice(0, -1)) };
    case "=":
      return { from: text, before: next(version) };
    default:
      return {};
  }
}

/** The first version after all that begin with this one. */
function next(version: Version): string {
  if (version.length === 0) return "1000000";
  return version.map((part, index) => (index === version.length - 1 ? part + 1 : part)).join(".");
}

/** Whether some version is in both. */
export function overlap(a: VersionRange, b: VersionRange): boolean {
  const { from = "0", before } = intersection(a, b);
  return before === undefined || compareVersions(from, before) < 0;
}

/** Whether the rules here were read in every version that a constraint admits. */
export function isRead(constraint: string): boolean {
  const { from, before } = rangeOf(constraint);
  return (
    from !== undefined &&
    before !== undefined &&
    compareVersions(from, READ_VERSIONS.from) >= 0 &&
    compareVersions(before, READ_VERSIONS.before) <= 0
  );
}

function intersection(a: VersionRange, b: VersionRange): VersionRange {
  const from = pick(a.from, b.from, 1);
  const before = pick(a.before, b.before, -1);
  return defined({ from, before });
}

function pick(a: string | undefined, b: string | undefined, wanted: 1 | -1): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareVersions(a, b) * wanted >= 0 ? a : b;
}

function compareVersions(a: string, b: string): number {
  const [one, other] = [a, b].map((version) => version.split(".").map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (one?.[index] ?? 0) - (other?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
