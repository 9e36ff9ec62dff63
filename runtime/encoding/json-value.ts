import { isWellFormed } from "./well-formed";

/** What a JSON column takes. `undefined` is allowed as a property's value and means that the property is absent. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [property: string]: JsonValue | undefined };

/** BigQuery's own limit for a JSON value. */
const MAX_DEPTH = 500;

/**
 * The JSON text of a value, or what in it JSON would lose.
 *
 * `JSON.stringify` alone turns NaN into null, drops functions and gives `{}` for a Map without a word.
 */
export function jsonText(value: unknown): { readonly text: string } | { readonly loses: string } {
  const loses = findLoss(value, "", 0);
  return loses === undefined ? { text: JSON.stringify(value) } : { loses };
}

function findLoss(value: unknown, path: string, depth: number): string | undefined {
  switch (typeof value) {
    case "string":
      return isWellFormed(value) ? undefined : `a string with a lone surrogate${at(path)}`;
    case "number":
      return Number.isFinite(value) ? undefined : `${String(value)}${at(path)}`;
    case "boolean":
      return undefined;
    case "object":
      return value === null ? undefined : findLossInObject(value, path, depth);
    default:
      return `a value of type ${typeof value}${at(path)}`;
  }
}

function findLossInObject(value: object, path: string, depth: number): string | undefined {
  // Also what stops a value that contains itself.
  if (depth === MAX_DEPTH) return `more than ${MAX_DEPTH} levels`;
  if (Array.isArray(value)) {
    // An index loop, not `entries`: a hole must be seen, and this runs for every row.
    for (let index = 0; index < value.length; index++) {
      const loss = findLoss(value[index], `${path}[${index}]`, depth + 1);
      if (loss !== undefined) return loss;
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return `a ${(prototype as { constructor?: { name?: string } }).constructor?.name ?? "class instance"}${at(path)}`;
  }
  for (const key of Object.keys(value)) {
    const property = (value as Record<string, unknown>)[key];
    if (property === undefined) continue;
    if (!isWellFormed(key)) return `a key with a lone surrogate${at(path)}`;
    const loss = findLoss(property, path === "" ? key : `${path}.${key}`, depth + 1);
    if (loss !== undefined) return loss;
  }
  return typeof (value as { toJSON?: unknown }).toJSON === "function" ? `a toJSON method${at(path)}` : undefined;
}

function at(path: string): string {
  return path === "" ? "" : ` at ${path}`;
}
