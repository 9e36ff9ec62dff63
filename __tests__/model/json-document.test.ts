import fc from "fast-check";
import { MAX_FILE_BYTES, parseJsonDocument } from "../../model/json-document";

function problems(text: string): readonly string[] {
  const result = parseJsonDocument("a.json", text);
  return "problems" in result
    ? result.problems.map(({ line, path, message }) => `${line} ${path}: ${message}`)
    : ["accepted"];
}

describe("a document", () => {
  test.each([
    ["deeper than any configuration", `${"[".repeat(65)}${"]".repeat(65)}`, "1 : Values are nested more than 64 times"],
    ["so deep that no parser returns", "[".repeat(1_000_000), "1 : Values are nested more than 64 times"],
    ["deep in objects", '{"a":\n'.repeat(100_000), "65 : Values are nested more than 64 times"],
    ["too large", `"${"x".repeat(MAX_FILE_BYTES)}"`, "1 : The file is too large to be one of a configuration"],
    ["with half a character", '{\n"a": "x\\ud800"}', "2 a: The text holds half of a surrogate pair"],
    ["with half a character in a key", '{"\\udc00": 1}', '1 ["\\udc00"]: The text holds half of a surrogate pair'],
    [
      "with a mark and nothing to put it on",
      '["\\n\\u0301"]',
      "1 [0]: The text holds a combining character without a letter to combine with",
    ],
    [
      "with the key that objects have of their own",
      '{"a": {"__proto__": 1}}',
      '1 a.__proto__: No key can be named "__proto__"',
    ],
    [
      "with a key in two spellings",
      '{"\u00E9": 1,\n"e\\u0301": 2}',
      '2 ["é"]: The key "é" is set twice; it is first set on line 1',
    ],
  ])("%s is refused", (_, text, problem) => {
    expect(problems(text)).toEqual([problem]);
  });

  test("may nest 64 times, also in strings without end", () => {
    expect(problems(`${"[".repeat(64)}${"]".repeat(64)}`)).toEqual(["accepted"]);
    expect(problems(JSON.stringify({ a: '"\\[{'.repeat(100_000) }))).toEqual(["accepted"]);
  });

  test("has its strings and keys in NFC", () => {
    const result = parseJsonDocument("a.json", '{"e\\u0301": ["o\u0308", {"n": "a"}]}');
    expect("document" in result && result.document.value).toEqual({ "\u00E9": ["\u00F6", { n: "a" }] });
  });

  test("reads as JSON.parse does, and finds the line of each value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value, null, 1);
        fc.pre(!text.includes("__proto__") && !text.includes("\\u") && text === text.normalize());
        const result = parseJsonDocument("a.json", text);
        if (!("document" in result)) throw new Error("refused");
        expect(result.document.value).toEqual(JSON.parse(text));
        const lines = text.split("\n");
        for (const [path, leaf] of leaves(JSON.parse(text))) {
          expect(lines[result.document.lineOf(path) - 1]).toContain(JSON.stringify(leaf));
        }
      }),
    );
  });

  // These would take minutes if any of it were done anew for each problem.
  test.each([
    ["keys that stand twice", `{${'"a":1,\n'.repeat(200_000)}"a":1}`, 200_000],
    ["marks without letters", `[${'"\\n\\u0301",\n'.repeat(100_000)}1]`, 100_000],
  ])("with very many %s tells them all", (_, text, count) => {
    expect(problems(text)).toHaveLength(count);
  });

  test("finds very many lines", () => {
    const result = parseJsonDocument(
      "a.json",
      `{${Array.from({ length: 100_000 }, (_, index) => `"k${index}": 1`).join(",\n")}}`,
    );
    if (!("document" in result)) throw new Error("refused");
    const found = Array.from({ length: 100_000 }, (_, index) => result.document.lineOf([`k${index}`]));
    expect(found.at(-1)).toBe(100_000);
  });
});

function leaves(
  value: unknown,
  path: readonly (string | number)[] = [],
): readonly (readonly [readonly (string | number)[], unknown])[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => leaves(entry, [...path, index]));
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, entry]) => leaves(entry, [...path, key]));
}
