import { code, literal, reference } from "../../constructs/terraform-strings";

describe("literal", () => {
  // What Terraform 1.11 makes of the right side was compared with the left by `terraform output`.
  test.each([
    ["${a}", "$${a}"],
    ["%{if a}", "%%{if a}"],
    ["$${a}", "$$${a}"],
    ["%%{a}", "%%%{a}"],
    ["$%{x}", "$%%{x}"],
    ["%${x}", "%$${x}"],
    ["${TfToken[TOKEN.0]}", '$${${"TfToken"}[TOKEN.0]}'],
    ["#{TfToken[TOKEN.0]}", '#{${"TfToken"}[TOKEN.0]}'],
    ["$$TfToken[", '${"$$TfToken"}['],
    ["a$\rb", 'a${"$\\r"}b'],
    ["a\r\nb", "a\r\nb"],
    ["\uFEFFa", '${"\\ufeff"}a'],
    ['\u0600", "x": "', '${"\\u0600"}", "x": "'],
    ["$\u{110BD}", '${"$\\U000110bd"}'],
    ["Köln, 𝕏, 🏳️, e\u0301", "Köln, 𝕏, 🏳️, e\u0301"],
    ["String Map Token Value", 'String ${"Map"} Token Value'],
    ["a String Map Token Value", "a String Map Token Value"],
    ["took -1.8881545897087503e+289 ms", 'took -1.8881545897087503${"e"}+289 ms'],
    ["released -1.2e5", "released -1.2e5"],
    ["costs $5, 100%", "costs $5, 100%"],
    ['"quoted" \\ and\nbroken ü', '"quoted" \\ and\nbroken ü'],
  ])("%j becomes %j", (text, escaped) => {
    expect(literal(text)).toBe(escaped);
  });

  test("reaches every depth and every key, and leaves other values alone", () => {
    expect(literal({ "%{x}": [{ b: "${x}", c: 1, d: null, e: true }] })).toEqual({
      "%%{x}": [{ b: "$${x}", c: 1, d: null, e: true }],
    });
  });

  test.each(["a\uD800", "\uDC00b", "\n\u0301", "<\u0338", "\u{1039F}\u0301"])(
    "refuses %j, which would change on its way",
    (text) => {
      expect(() => literal({ a: [text] })).toThrow("The text holds");
      expect(() => literal({ [text]: 1 })).toThrow("The text holds");
    },
  );

  test("refuses the one key that would vanish", () => {
    expect(() => literal(JSON.parse('{"labels": {"__proto__": "x"}}') as object)).toThrow(
      "No label or other key may be named __proto__",
    );
  });
});

describe("code", () => {
  test.each(["acme", "acme__step_logs", "constructor", "__proto__", "a-1"])("takes %s", (name) => {
    expect(code(name)).toBe(name);
  });

  test.each(["", "1a", "a b", "a.b", 'a"', "a}${b", "a\n", "a[0]", "ä", "${x}", "-a"])("refuses %j", (name) => {
    expect(() => code(name)).toThrow("cannot be a name in Terraform");
    expect(() => reference("google_bigquery_dataset.acme", name)).toThrow("cannot be a name in Terraform");
  });

  test.each(["", "a.", ".a", "a..b", "a.${b}"])("refuses the address %j", (address) => {
    expect(() => reference(address, "id")).toThrow("cannot be a name in Terraform");
  });

  test("makes references", () => {
    expect(reference("google_bigquery_dataset.acme", "dataset_id")).toBe("${google_bigquery_dataset.acme.dataset_id}");
  });
});
