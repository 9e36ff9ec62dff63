import { findNodeAtLocation, type ParseError, parseTree, printParseErrorCode, visit } from "jsonc-parser";
import { formatPath, type Problem } from "./problems";

/** A JSON text that parsed, with a way back from a path to its line. */
export interface JsonDocument {
  readonly file: string;
  readonly value: unknown;
  /** One-based line of the value at `path`, or of its nearest ancestor that exists. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** Either the document or what keeps it from being one. */
export type JsonResult = { readonly document: JsonDocument } | { readonly problems: readonly Problem[] };

/**
 * Reads strict JSON: no comments, no trailing commas, no byte-order mark, no key twice in one object.
 *
 * `JSON.parse` would keep the last of two equal keys in silence, which in these files means a lost setting.
 */
export function parseJsonDocument(file: string, text: string): JsonResult {
  const fail = (line: number, message: string, remedy: string): JsonResult => ({
    problems: [{ file, line, path: "", message, remedy }],
  });
  if (text.startsWith("\uFEFF")) {
    return fail(1, "The file starts with a byte-order mark", "Save the file as UTF-8 without a byte-order mark");
  }
  if (text.trim() === "") return fail(1, "The file is empty", "Write a JSON object, or delete the file");

  const scan = scanJson(text);
  if (scan.error !== undefined) {
    const line = lineAt(text, scan.error.offset);
    const reason = words(printParseErrorCode(scan.error.error));
    return fail(line, `The file is not JSON: ${reason}`, `Correct the JSON syntax at or just before line ${line}`);
  }
  if (scan.duplicates.length > 0) {
    return {
      problems: scan.duplicates.map(({ path, firstOffset, offset }) => ({
        file,
        line: lineAt(text, offset),
        path: formatPath(path),
        message: `The key ${JSON.stringify(path.at(-1))} stands twice; it is first set on line ${lineAt(text, firstOffset)}`,
        remedy: "Keep one of the two",
      })),
    };
  }
  return {
    document: { file, value: JSON.parse(text) as unknown, lineOf: (path) => lineOfPath(text, path) },
  };
}

interface Duplicate {
  readonly path: readonly (string | number)[];
  readonly firstOffset: number;
  readonly offset: number;
}

/** Finds the first syntax error and every key that stands twice, without building a tree: most files have neither. */
function scanJson(text: string): { readonly error: ParseError | undefined; readonly duplicates: readonly Duplicate[] } {
  const duplicates: Duplicate[] = [];
  const objects: Map<string, number>[] = [];
  let error: ParseError | undefined;
  visit(
    text,
    {
      onObjectBegin: () => void objects.push(new Map()),
      onObjectEnd: () => void objects.pop(),
      onObjectProperty: (key, offset, _length, _line, _character, pathSupplier) => {
        const firstOffset = objects.at(-1)?.get(key);
        if (firstOffset === undefined) objects.at(-1)?.set(key, offset);
        else duplicates.push({ path: [...pathSupplier(), key], firstOffset, offset });
      },
      onError: (code, offset, length) => (error ??= { error: code, offset, length }),
    },
    { disallowComments: true, allowTrailingComma: false },
  );
  return { error, duplicates };
}

/** Only problems need lines, so the tree is built when one is asked for. */
function lineOfPath(text: string, path: readonly PropertyKey[]): number {
  const root = parseTree(text);
  if (root === undefined) return 1;
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length) as (string | number)[]);
    if (node !== undefined) return lineAt(text, (node.parent?.type === "property" ? node.parent : node).offset);
  }
  return lineAt(text, root.offset);
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** `CommaExpected` gives `comma expected`. */
function words(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}
