import { type JSONPath, type ParseError, printParseErrorCode, visit } from "jsonc-parser";
import { formatPath, type Problem, show } from "./problems";
import { textProblem } from "./text";

/** A JSON text that parsed, with a way back from a path to its line. */
export interface JsonDocument {
  readonly file: string;
  /** Strings and keys are in NFC, as Terraform keeps them. */
  readonly value: unknown;
  /** One-based line of the value at `path`, or of its nearest ancestor that exists. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** Either the document or what keeps it from being one. */
export type JsonResult = { readonly document: JsonDocument } | { readonly problems: readonly Problem[] };

/** Largest configuration file, far above a table of 10,000 columns. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;
/** A column may be nested 15 times, at two levels each. */
const MAX_DEPTH = 64;

/**
 * Reads strict JSON: no comments, no trailing commas, no byte-order mark, no key twice in one object.
 *
 * `JSON.parse` would keep the last of two equal keys in silence, which in these files means a lost setting. Work is
 * proportional to the size of the text, whatever is wrong with it.
 */
export function parseJsonDocument(file: string, text: string): JsonResult {
  const fail = (line: number, message: string, remedy: string): JsonResult => ({
    problems: [{ file, line, path: "", message, remedy }],
  });
  if (text.startsWith("\uFEFF")) {
    return fail(1, "The file starts with a byte-order mark", "Save the file as UTF-8 without a byte-order mark");
  }
  if (text.length > MAX_FILE_BYTES) return fail(1, TOO_LARGE.message, TOO_LARGE.remedy);
  if (text.trim() === "") return fail(1, "The file is empty", "Write a JSON object, or delete the file");

  const lines = new Lines(text);
  const tooDeep = offsetBelow(MAX_DEPTH, text);
  if (tooDeep !== undefined) {
    return fail(lines.at(tooDeep), `Values are nested more than ${MAX_DEPTH} times`, "Flatten what is nested");
  }
  const { error, problems } = scan(text, lines);
  if (error !== undefined) {
    const line = lines.at(error.offset);
    const reason = words(printParseErrorCode(error.error));
    return fail(line, `The file is not JSON: ${reason}`, `Correct the JSON syntax at or just before line ${line}`);
  }
  if (problems.length > 0) return { problems: problems.map((problem) => ({ file, ...problem })) };
  const value = JSON.parse(text) as unknown;
  return {
    document: { file, value: isNormal(text) ? value : normalised(value), lineOf: lineFinder(text, lines) },
  };
}

/** What is said of a file that is not read for its size. */
export const TOO_LARGE = {
  message: "The file is too large to be one of a configuration",
  remedy: `Keep it below ${MAX_FILE_BYTES / 1024 / 1024} MiB`,
} as const;

type FoundProblem = Omit<Problem, "file">;

/** Finds the first syntax error, and every key or text that cannot stand, without building a tree: most files have none. */
function scan(
  text: string,
  lines: Lines,
): { readonly error: ParseError | undefined; readonly problems: readonly FoundProblem[] } {
  const problems: FoundProblem[] = [];
  const objects: Map<string, number>[] = [];
  let error: ParseError | undefined;
  const checkText = (found: string, offset: number, path: () => JSONPath): void => {
    const problem = textProblem(found);
    if (problem === undefined) return;
    problems.push({
      line: lines.at(offset),
      path: formatPath(path()),
      message: problem,
      received: show(found),
      remedy: "Write the character itself, or leave it out",
    });
  };
  visit(
    text,
    {
      onObjectBegin: () => void objects.push(new Map()),
      onObjectEnd: () => void objects.pop(),
      onObjectProperty: (written, offset, _length, _line, _character, parent) => {
        const key = written.normalize();
        const place = () => ({ line: lines.at(offset), path: formatPath([...parent(), key]) });
        checkText(key, offset, () => [...parent(), key]);
        const firstOffset = objects.at(-1)?.get(key);
        if (firstOffset !== undefined) {
          const message = `The key ${show(key)} is set twice; it is first set on line ${lines.at(firstOffset)}`;
          problems.push({ ...place(), message, remedy: "Keep one of the two" });
        } else objects.at(-1)?.set(key, offset);
        if (key === "__proto__") {
          problems.push({ ...place(), message: 'No key can be named "__proto__"', remedy: "Rename or remove it" });
        }
      },
      onLiteralValue: (value: unknown, offset, _length, _line, _character, path) => {
        if (typeof value === "string") checkText(value, offset, path);
      },
      onError: (code, offset, length) => (error ??= { error: code, offset, length }),
    },
    { disallowComments: true, allowTrailingComma: false },
  );
  return { error, problems };
}

/** Where brackets outside strings are first nested deeper than `depth`. */
function offsetBelow(depth: number, text: string): number | undefined {
  let open = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (inString && char === "\\") at++;
    else if (char === '"') inString = !inString;
    else if (!inString && (char === "{" || char === "[")) open++;
    else if (!inString && (char === "}" || char === "]")) open--;
    if (open > depth) return at;
  }
  return undefined;
}

/** True when no string of the text can be other than in NFC; an escape may stand for anything. */
function isNormal(text: string): boolean {
  return !text.includes("\\u") && text === text.normalize();
}

function normalised(value: unknown): unknown {
  if (typeof value === "string") return value.normalize();
  if (Array.isArray(value)) return value.map(normalised);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key.normalize(), normalised(entry)]));
}

/** Only problems need lines, so offsets by path are collected when the first one is asked for. */
function lineFinder(text: string, lines: Lines): JsonDocument["lineOf"] {
  let offsets: ReadonlyMap<string, number> | undefined;
  return (path) => {
    offsets ??= offsetsByPath(text);
    for (let length = path.length; length >= 0; length--) {
      const offset = offsets.get(pathKey(path.slice(0, length)));
      if (offset !== undefined) return lines.at(offset);
    }
    return 1;
  };
}

function offsetsByPath(text: string): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  // A property comes before its value, and its line is the one to show.
  const add = (path: JSONPath, offset: number) => {
    const key = pathKey(path);
    if (!offsets.has(key)) offsets.set(key, offset);
  };
  visit(text, {
    onObjectBegin: (offset, _length, _line, _character, path) => add(path(), offset),
    onArrayBegin: (offset, _length, _line, _character, path) => add(path(), offset),
    onLiteralValue: (_value, offset, _length, _line, _character, path) => add(path(), offset),
    onObjectProperty: (key, offset, _length, _line, _character, parent) => add([...parent(), key], offset),
  });
  return offsets;
}

function pathKey(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map((segment) => (typeof segment === "string" ? segment.normalize() : segment)));
}

/** Line numbers by offset. */
class Lines {
  private starts: readonly number[] | undefined;

  constructor(private readonly text: string) {}

  /** One-based line that holds the offset. */
  at(offset: number): number {
    this.starts ??= [0, ...Array.from(this.text.matchAll(/\n/g), ({ index }) => index + 1)];
    let [low, high] = [0, this.starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}

/** `CommaExpected` gives `comma expected`. */
function words(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}
