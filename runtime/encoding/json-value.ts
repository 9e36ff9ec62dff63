import { shownName } from "../../model/mask";
import { className, isPlainObject } from "./plain-object";
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
 * `JSON.stringify` alone turns NaN into null, drops functions and symbols and gives `{}` for a Map without a word.
 */
export function jsonText(value: unknown): { readonly text: string } | { readonly loses: string } {
  try {
    const loses = findLoss(value, "", []);
    return loses === undefined ? { text: JSON.stringify(value) } : { loses };
  } catch {
    // A getter or a proxy of the caller's; what it says may be private.
    return { loses: "a value that throws while it is read" };
  }
}

/** @param within - the objects around the value. */
function findLoss(value: unknown, path: string, within: object[]): string | undefined {
  switch (typeof value) {
    case "string":
      return isWellFormed(value) ? undefined : `a string with a lone surrogate${at(path)}`;
    case "number":
      return Number.isFinite(value) ? undefined : `${String(value)}${at(path)}`;
    case "boolean":
      return undefined;
    case "object":
      return value === null ? undefined : findLossInObject(value, path, within);
    default:
      return `a value of type ${typeof value}${at(path)}`;
  }
}

function findLossInObject(value: object, path: string, within: object[]): string | undefined {
  if (within.includes(value)) return `a cycle${at(path)}`;
  if (within.length === MAX_DEPTH) return `more than ${MAX_DEPTH} levels`;
  within.push(value);
  const loss = Array.isArray(value) ? findLossInArray(value, path, within) : findLossInProperties(value, path, within);
  within.pop();
  return loss;
}

function findLossInArray(value: readonly unknown[], path: string, within: object[]): string | undefined {
  // An index loop, not `entries`: a hole must be seen, and this runs for every row.
  for (let index = 0; index < value.length; index++) {
    const loss = findLoss(value[index], `${path}[${index}]`, within);
    if (loss !== undefined) return loss;
  }
  // Beside the elements there is `length` alone.
  return Reflect.ownKeys(value).length === value.length + 1 ? undefined : `an array with properties${at(path)}`;
}

function findLossInProperties(value: object, path: string, within: object[]): string | undefined {
  if (!isPlainObject(value)) return `a ${className(value)}${at(path)}`;
  const keys = Object.keys(value);
  for (const key of keys) {
    const property = value[key];
    if (property === undefined) continue;
    if (!isWellFormed(key)) return `a key with a lone surrogate${at(path)}`;
    const loss = findLoss(property, path === "" ? key : `${path}.${key}`, within);
    if (loss !== undefined) return loss;
  }
  if (Reflect.ownKeys(value).length > keys.length) return `a symbol or a hidden property${at(path)}`;
  return typeof (value as { toJSON?: unknown }).toJSON === "function" ? `a toJSON method${at(path)}` : undefined;
}

function at(path: string): string {
  return path === "" ? "" : ` at ${shownName(path)}`;
}
