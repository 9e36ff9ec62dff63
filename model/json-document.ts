import { findNodeAtLocation, type Node, parseTree, printParseErrorCode, type ParseError } from "jsonc-parser";
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

  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first !== undefined || root === undefined) {
    const line = lineAt(text, first?.offset ?? 0);
    const reason = first === undefined ? "NoValue" : printParseErrorCode(first.error);
    return fail(
      line,
      `The file is not JSON: ${words(reason)}`,
      `Correct the JSON syntax at or just before line ${line}`,
    );
  }
  const duplicates = [...duplicateKeys(root, [])];
  if (duplicates.length > 0) {
    return {
      problems: duplicates.map(({ path, firstOffset, offset }) => ({
        file,
        line: lineAt(text, offset),
        path: formatPath(path),
        message: `The key ${JSON.stringify(path.at(-1))} stands twice; it is first set on line ${lineAt(text, firstOffset)}`,
        remedy: "Keep one of the two",
      })),
    };
  }
  return {
    document: {
      file,
      value: JSON.parse(text) as unknown,
      lineOf(path) {
        for (let length = path.length; length > 0; length--) {
          const node = findNodeAtLocation(root, path.slice(0, length) as (string | number)[]);
          if (node !== undefined) return lineAt(text, (node.parent?.type === "property" ? node.parent : node).offset);
        }
        return lineAt(text, root.offset);
      },
    },
  };
}

function* duplicateKeys(
  node: Node,
  path: readonly PropertyKey[],
): Generator<{ path: readonly PropertyKey[]; firstOffset: number; offset: number }> {
  if (node.type === "array") {
    for (const [index, child] of (node.children ?? []).entries()) yield* duplicateKeys(child, [...path, index]);
    return;
  }
  if (node.type !== "object") return;
  const seen = new Map<string, number>();
  for (const property of node.children ?? []) {
    const [keyNode, valueNode] = property.children ?? [];
    if (keyNode === undefined) continue;
    const key = String(keyNode.value);
    const firstOffset = seen.get(key);
    if (firstOffset === undefined) seen.set(key, keyNode.offset);
    else yield { path: [...path, key], firstOffset, offset: keyNode.offset };
    if (valueNode !== undefined) yield* duplicateKeys(valueNode, [...path, key]);
  }
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
