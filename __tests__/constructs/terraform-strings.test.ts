import { literal } from "../../constructs/terraform-strings";

describe("literal", () => {
  // What Terraform 1.11 makes of the right side was compared with the left by `terraform output`.
  test.each([
    ["${a}", "$${a}"],
    ["%{if a}", "%%{if a}"],
    ["$${a}", "$$${a}"],
    ["%%{a}", "%%%{a}"],
    ["$%{x}", "$%%{x}"],
    ["%${x}", "%$${x}"],
    ["costs $5, 100%", "costs $5, 100%"],
    ['"quoted" \\ and\nbroken ü', '"quoted" \\ and\nbroken ü'],
  ])("%j becomes %j", (text, escaped) => {
    expect(literal(text)).toBe(escaped);
  });

  test("reaches every depth and leaves other values alone", () => {
    expect(literal({ a: [{ b: "${x}", c: 1, d: null, e: true }] })).toEqual({
      a: [{ b: "$${x}", c: 1, d: null, e: true }],
    });
  });
});
