import { inspect } from "node:util";

/** Characters (UTF-16 units) an `error_message` may have; a longer one loses its middle and says so. */
export const MAX_ERROR_MESSAGE_LENGTH = 10_000;

/** Errors that one message tells of, with their causes; nobody reads more, and a chain may have no end. */
const MAX_ERRORS = 500;
/** Errors of one aggregate that are told, half of them from its start and half from its end. */
const MAX_AGGREGATED = 50;
const INDENT = "  ";

/**
 * What an `error_message` column says of whatever was thrown: name and message of an error, its causes down to the root, and
 * the errors of an aggregate; no stacks.
 *
 * Takes anything, also proxies and objects whose properties throw, and never throws itself. The result is well-formed and has
 * at most {@link MAX_ERROR_MESSAGE_LENGTH} characters.
 */
export function errorMessage(thrown: unknown): string {
  const lines: string[] = [];
  try {
    collectLines(thrown, "", INDENT, lines, new Set());
  } catch {
    // Only a stack that is full already gets here; what was collected until then is told.
    lines.push("an error that could not be read");
  }
  return cut(toWellFormed(lines.join("\n")), MAX_ERROR_MESSAGE_LENGTH);
}

/**
 * @param prefix - stands before the first line: the indentation, and what the error is to the one before it.
 * @param indent - stands before each further line.
 */
function collectLines(thrown: unknown, prefix: string, indent: string, lines: string[], seen: Set<unknown>): void {
  let current = thrown;
  let lead = prefix;
  for (;;) {
    if (lines.length === MAX_ERRORS) lines.push(`${indent}… and further errors`);
    if (lines.length > MAX_ERRORS) return;
    if (seen.has(current)) {
      lines.push(`${lead}an error that is named above`);
      return;
    }
    if (isObject(current)) seen.add(current);
    lines.push(cut(lead + describe(current), MAX_ERROR_MESSAGE_LENGTH));
    if (!isObject(current)) return;
    collectAggregated(read(current, "errors"), indent, lines, seen);
    const cause = read(current, "cause");
    if (cause === undefined) return;
    current = cause;
    lead = `${indent}caused by `;
  }
}

function collectAggregated(errors: unknown, indent: string, lines: string[], seen: Set<unknown>): void {
  const length = lengthOf(errors);
  for (let index = 0; index < length; index++) {
    if (length > MAX_AGGREGATED && index === MAX_AGGREGATED / 2) {
      const skipped = length - MAX_AGGREGATED;
      lines.push(`${indent}… ${skipped} more …`);
      index += skipped;
    }
    collectLines(read(errors as object, index), `${indent}${index + 1}. `, indent + INDENT, lines, seen);
  }
}

/** One error alone. */
function describe(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  if (isObject(thrown)) {
    const [name, message] = [read(thrown, "name"), read(thrown, "message")];
    if (typeof message === "string" && (message !== "" || typeof name === "string")) {
      return [name, message].filter((part) => typeof part === "string" && part !== "").join(": ") || "an empty error";
    }
  }
  try {
    // Reads no getter and sets off no trap of a proxy. An error within brings its stack.
    const text = inspect(thrown, { customInspect: false, breakLength: Infinity, depth: 4, maxArrayLength: 20 });
    return text.replaceAll(/\n[ \t]+at .*/g, "");
  } catch {
    return `a value of type ${typeof thrown} that could not be read`;
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** A property, or `undefined` where reading it throws. */
function read(value: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(value, key) as unknown;
  } catch {
    return undefined;
  }
}

function lengthOf(value: unknown): number {
  try {
    return Array.isArray(value) ? value.length : 0;
  } catch {
    // A proxy that was revoked.
    return 0;
  }
}

/** Leaves the middle out: the beginning says what failed, and the end has the root of it. */
function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const note = ` … (cut, ${text.length} characters in all) … `;
  const kept = maxLength - note.length;
  const start = text.slice(0, Math.ceil(kept / 2));
  return toWellFormed(start) + note + toWellFormed(text.slice(text.length - Math.floor(kept / 2)));
}

/** UTF-8 has no form for a lone surrogate, such as a cut may leave. */
function toWellFormed(text: string): string {
  // ES2024; every Node since 20 has it.
  return (text as string & { toWellFormed(): string }).toWellFormed();
}
