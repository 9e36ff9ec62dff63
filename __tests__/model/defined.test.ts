import fc from "fast-check";
import { defined } from "../../model/defined";

test("keeps every key that has a value, in order, whatever it is called", () => {
  const key = fc.oneof(fc.constantFrom("__proto__", "constructor", "1", "0"), fc.string());
  const entries = fc.uniqueArray(fc.tuple(key, fc.option(fc.jsonValue(), { nil: undefined })), {
    selector: ([name]) => name,
  });
  fc.assert(
    fc.property(entries, (given) => {
      const values: object = Object.fromEntries(given);
      const wanted = Object.entries(values).filter(([, value]) => value !== undefined);
      expect(Object.entries(defined(values))).toEqual(wanted);
      expect(Object.getPrototypeOf(defined(values))).toBe(Object.prototype);
    }),
  );
});
