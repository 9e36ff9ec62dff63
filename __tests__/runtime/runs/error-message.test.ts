import * as fc from "fast-check";
import { errorMessage, MAX_ERROR_MESSAGE_LENGTH } from "../../../runtime/runs/error-message";

class BillingError extends Error {
  override readonly name = "BillingError";
}

test("has an error's name and message, and no stack", () => {
  expect(errorMessage(new TypeError("no orders"))).toBe("TypeError: no orders");
  expect(errorMessage("just text")).toBe("just text");
  expect(errorMessage(new Error(""))).toBe("Error");
});

test("has the causes down to the root", () => {
  const root = new Error("connect ECONNREFUSED 127.0.0.1:443");
  const error = new BillingError("no invoice", { cause: new TypeError("fetch failed", { cause: root }) });
  expect(errorMessage(error)).toMatchInlineSnapshot(`
"BillingError: no invoice
  caused by TypeError: fetch failed
  caused by Error: connect ECONNREFUSED 127.0.0.1:443"
`);
});

test("has the errors of an aggregate, and their causes", () => {
  const error = new AggregateError(
    [new Error("a", { cause: "the disk is full" }), new AggregateError(["b1", { message: "b2" }], "b"), undefined],
    "3 failures",
    { cause: new Error("shutdown") },
  );
  expect(errorMessage(error)).toMatchInlineSnapshot(`
"AggregateError: 3 failures
  1. Error: a
    caused by the disk is full
  2. AggregateError: b
    1. b1
    2. b2
  3. undefined
  caused by Error: shutdown"
`);
});

test("has the first and the last of a thousand errors", () => {
  const errors = Array.from({ length: 1000 }, (_, index) => new Error(`no. ${index}`));
  const lines = errorMessage(new AggregateError(errors, "all failed")).split("\n");
  expect(lines.slice(0, 2)).toEqual(["AggregateError: all failed", "  1. Error: no. 0"]);
  expect(lines[26]).toBe("  … 950 more …");
  expect(lines.at(-1)).toBe("  1000. Error: no. 999");
});

const revoked = Proxy.revocable({}, {});
revoked.revoke();
const throwing = (thrown: unknown): never => {
  throw thrown;
};

test.each<[string, unknown, string]>([
  ["undefined", undefined, "undefined"],
  ["null", null, "null"],
  ["a bigint", 5n, "5n"],
  ["a symbol", Symbol("stop"), "Symbol(stop)"],
  ["an object with a message", { code: 5, message: "not found" }, "not found"],
  ["an object with a name and a message", { name: "Refusal", message: "not found" }, "Refusal: not found"],
  ["an object without a message", { status: 503, detail: { retry: true } }, "{ status: 503, detail: { retry: true } }"],
  ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), "[Object: null prototype] { a: 1 }"],
  ["a Map", new Map([["a", 1]]), "Map(1) { 'a' => 1 }"],
  ["a proxy that throws", new Proxy({ a: 1 }, { get: () => throwing(new Error("trap")) }), "{ a: 1 }"],
  ["a proxy that was revoked", revoked.proxy, "<Revoked Proxy>"],
  [
    "a message that throws",
    {
      get message() {
        return throwing(0);
      },
      a: 1,
    },
    "{ message: [Getter], a: 1 }",
  ],
  ["a message that is no string", Object.assign(new Error("x"), { message: 7, stack: "" }), "[Error: 7]"],
])("takes %s", (_, thrown, message) => expect(errorMessage(thrown)).toContain(message));

test("ends, whatever a cause leads to", () => {
  const cyclic = new Error("a");
  cyclic.cause = new Error("b", { cause: cyclic });
  expect(errorMessage(cyclic)).toBe("Error: a\n  caused by Error: b\n  caused by an error that is named above");
  const endless = (): object => ({
    message: "again",
    get cause() {
      return endless();
    },
  });
  expect(errorMessage(endless())).toMatch(/^again\n {2}caused by again[^]* … and further errors$/);
});

test("loses its middle when it is too long, and says so", () => {
  expect(errorMessage("x".repeat(MAX_ERROR_MESSAGE_LENGTH))).toBe("x".repeat(MAX_ERROR_MESSAGE_LENGTH));
  const text = errorMessage(new Error("x".repeat(30_000), { cause: new Error("the disk is full") }));
  expect(text).toMatch(/^Error: x+ … \(cut, \d+ characters in all\) … x*\n {2}caused by Error: the disk is full$/);
  expect(text.length).toBeLessThanOrEqual(MAX_ERROR_MESSAGE_LENGTH);
});

type Make = () => unknown;
const make =
  (value: unknown): Make =>
  () =>
    value;

/** Any UTF-16 units, also halves of surrogate pairs. */
const units = fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff }));
const text = (maxLength: number) => fc.string({ unit: units.map((unit) => String.fromCharCode(unit)), maxLength });

/** Makers of whatever a program may throw: fast-check itself cannot hold an object that resists being read. */
const { thrown } = fc.letrec<{ thrown: Make; error: Make }>((tie) => ({
  thrown: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc
      .anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true })
      .map(make),
    text(30).map(make),
    text(10).map((unit) => make(unit.repeat(2000))),
    tie("error"),
  ),
  error: fc
    .record({
      message: fc.oneof(text(10).map(make), tie("thrown")),
      name: fc.oneof(fc.constant(make("Error")), tie("thrown")),
      cause: tie("thrown"),
      errors: fc.oneof(
        fc.array(tie("thrown"), { maxLength: 5 }).map(
          (makers): Make =>
            () =>
              makers.map((maker) => maker()),
        ),
        tie("thrown"),
      ),
      hostile: fc.constantFrom("no", "getters", "proxy", "revoked", "cyclic"),
    })
    .map(({ hostile, ...makers }): Make => () => {
      const properties = Object.entries(makers).map(([name, maker]) => [name, maker()] as const);
      const error = Object.assign(new Error("own"), Object.fromEntries(properties));
      if (hostile === "cyclic") error.cause = error;
      if (hostile === "proxy") return new Proxy(error, { get: () => throwing(undefined), has: () => throwing(1) });
      if (hostile === "getters") {
        for (const [name] of properties) Object.defineProperty(error, name, { get: () => throwing(error) });
      }
      const { proxy, revoke } = Proxy.revocable(error, {});
      if (hostile !== "revoked") return error;
      revoke();
      return proxy;
    }),
}));

test("whatever is thrown, it is a well-formed string within its limit, and nothing is thrown", () => {
  fc.assert(
    fc.property(thrown, (maker) => {
      const message = errorMessage(maker());
      expect(typeof message).toBe("string");
      expect(message.length).toBeLessThanOrEqual(MAX_ERROR_MESSAGE_LENGTH);
      expect((message as string & { isWellFormed(): boolean }).isWellFormed()).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
