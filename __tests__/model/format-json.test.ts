import fc from "fast-check";
import { formatJson } from "../../model/format-json";

test("puts short lists on one line and long ones on several", () => {
  const members = ["group:data-engineers@example.com", "group:auditors@example.com", "user:someone@example.com"];
  expect(formatJson({ none: {}, empty: [], short: ["a", "b"], long: [...members, ...members], left: undefined }))
    .toMatchInlineSnapshot(`
    "{
      "none": {},
      "empty": [],
      "short": ["a", "b"],
      "long": [
        "group:data-engineers@example.com",
        "group:auditors@example.com",
        "user:someone@example.com",
        "group:data-engineers@example.com",
        "group:auditors@example.com",
        "user:someone@example.com"
      ]
    }
    "
  `);
});

test("parses back equal", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      expect(JSON.parse(formatJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
