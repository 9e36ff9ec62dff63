import type { Column } from "../../model/formats/table-definition";
import { didYouMean, show } from "../../model/problems";
import { className, isPlainObject } from "./plain-object";

/** What a tenant's id looks like, and hardly anything else. */
const TENANT_ID = /^[a-z][a-z0-9_]{1,39}$/;

/**
 * Says what was received without giving private content away: messages end up in logs.
 *
 * Numbers, booleans and Dates are shown. A string is described by its length, since it may be in the wrong column, and shown
 * only where it is near a value of the column's closed list, or is a tenant's id.
 */
export function describeReceived(value: unknown, column?: Column): string {
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "number":
    case "boolean":
      return String(value);
    case "bigint":
      return `${value}n`;
    case "string":
      return isShown(value, column) ? show(value) : `a string of ${value.length} characters`;
    case "object":
      return describeObject(value);
    default:
      return `a ${typeof value}`;
  }
}

function describeObject(value: object | null): string {
  try {
    return describeReadable(value);
  } catch {
    return "an object that throws while it is read";
  }
}

function describeReadable(value: object | null): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid Date" : `Date ${value.toISOString()}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return isPlainObject(value) ? "an object" : `a ${className(value)}`;
}

/** Whose row it was is the whole point of a message about `tenant_id`. */
function isShown(value: string, column: Column | undefined): boolean {
  if (column?.name === "tenant_id") return TENANT_ID.test(value);
  return didYouMean(value, column?.allowedValues ?? []) !== undefined;
}
