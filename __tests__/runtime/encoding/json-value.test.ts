import * as fc from "fast-check";
import { jsonText } from "../../../runtime/encoding/json-value";

test("whatever is accepted parses back equal", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "grapheme" }), (value) => {
      const result = jsonText(value);
      expect("text" in result && JSON.parse(result.text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("a property that is undefined is absent", () => {
  expect(jsonText({ a: 1, b: undefined })).toEqual({ text: '{"a":1}' });
});

class Money {
  constructor(readonly amount: number) {}
}

const cyclic: Record<string, unknown> = {};
cyclic["self"] = cyclic;

test("a value that throws while it is read is refused, without its words", () => {
  const value = new Proxy({}, { ownKeys: () => JSON.parse("private") as [] });
  expect(jsonText({ value })).toEqual({ loses: "a value that throws while it is read" });
});

function deep(levels: number): unknown {
  return levels === 0 ? 1 : [deep(levels - 1)];
}

test("a value that stands in two places is no cycle", () => {
  const shared = { a: 1 };
  expect(jsonText([shared, { shared }])).toEqual({ text: '[{"a":1},{"shared":{"a":1}}]' });
});

test.each([
  [Number.NaN, "NaN"],
  [{ a: [1, Number.POSITIVE_INFINITY] }, "Infinity at a[1]"],
  [{ a: { b: 1n } }, "a value of type bigint at a.b"],
  [[undefined], "a value of type undefined at [0]"],
  [{ a: () => 1 }, "a value of type function at a"],
  [{ when: new Date(0) }, "a Date at when"],
  [new Map([["a", 1]]), "a Map"],
  [{ price: new Money(1) }, "a Money at price"],
  ["\ud800", "a string with a lone surrogate"],
  [{ "\ud800": 1 }, "a key with a lone surrogate"],
  [{ toJSON: () => 1 }, "a value of type function at toJSON"],
  [cyclic, "a cycle at self"],
  [deep(501), "more than 500 levels"],
  [{ a: Object.create({ b: 1 }) as unknown }, "a Object at a"],
  [{ a: { [Symbol("b")]: 1 } }, "a symbol or a hidden property at a"],
  [Object.assign([1], { b: 1 }), "an array with properties"],
])("%p is refused for what it would lose", (value, loses) => expect(jsonText(value)).toEqual({ loses }));
