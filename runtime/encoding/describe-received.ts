import type { Column } from "../../model/formats/table-definition";
import { className, isPlainObject } from "./plain-object";

const MAX_SHOWN = 40;

/**
 * Says what was received without giving private content away: messages end up in logs.
 *
 * Numbers, booleans and strings for columns with a fixed form are shown; free-form strings, bytes and JSON are described.
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
      return isFreeForm(column) || value.length > MAX_SHOWN
        ? `a string of ${value.length} characters`
        : JSON.stringify(value);
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

/** `tenant_id` is shown: whose row it was is the whole point of the message. */
function isFreeForm(column: Column | undefined): boolean {
  if (column === undefined) return true;
  const freeForm =
    column.type === "STRING" || column.type === "JSON" || column.type === "BYTES" || column.type === "GEOGRAPHY";
  return freeForm && column.allowedValues === undefined && column.name !== "tenant_id";
}
