import { finding, type Finding } from "../../../evolution/catalogue/finding";
import { findingsMarkdown, MAX_COMMENT_LENGTH } from "../../../cli/report/findings/findings-markdown";

const dropped = (column: string, more: Partial<Finding> = {}): Finding => ({
  ...finding("column-dropped", {
    table: "step_logs",
    path: `schema.fields.${column}`,
    message: "It is dropped.",
    remedy: "Keep it.",
  }),
  ...more,
});
const described = finding("description-changed", {
  table: "step_logs",
  path: "description",
  message: "It changes.",
  remedy: "Nothing to do.",
});

test("says that nothing changed", () => {
  expect(findingsMarkdown("Schema changes", [])).toBe("### Schema changes\n\nNo schema change.\n");
});

test("puts the worst first, marks what blocks, breaks or is allowed", () => {
  const text = findingsMarkdown("Schema changes", [
    described,
    { ...dropped("b"), allowedBy: ["allowances/b.json"] },
    dropped("a", { environment: "prod", tenant: "acme" }),
  ]);
  expect(text).toMatchInlineSnapshot(`
"### Schema changes

Worst effect: drop-column. 3 findings (2 drop-column, 1 in-place), 2 break writers, 1 allowed, 1 needs an allowance.

| Effect | Code | Table | Where | What happens | Instead |
| --- | --- | --- | --- | --- | --- |
| **drop-column**<br>breaks writers | \`column-dropped\` | \`prod/acme/step_logs\` | \`schema.fields.a\` | It is dropped. | Keep it. |
| drop-column<br>breaks writers<br>allowed | \`column-dropped\` | \`step_logs\` | \`schema.fields.b\` | It is dropped. | Keep it. |
| in-place | \`description-changed\` | \`step_logs\` | \`description\` | It changes. | Nothing to do. |
"
`);
});

test("lets no name of a plan end a cell, start a tag or call a person", () => {
  const text = findingsMarkdown("Schema changes", [
    dropped("x", { path: "a|b`c", message: "a | b\n<img src=x> @octocat &amp;", table: "t`|" }),
  ]);
  expect(text.split("\n").at(-2)).toBe(
    "| **drop-column**<br>breaks writers | `column-dropped` | ``t`\\|`` | ``a\\|b`c`` | a &#124; b &#60;img src=x&#62; @&#8203;octocat &#38;amp; | Keep it. |",
  );
});

test("fits a comment with thousands of findings, and counts the rest", () => {
  const many = Array.from({ length: 4000 }, (_, index) => dropped(`c${index}`));
  const text = findingsMarkdown("Terraform plan", [...many, ...Array.from({ length: 50 }, () => described)]);
  expect(text.length).toBeLessThanOrEqual(MAX_COMMENT_LENGTH);
  expect(text.length).toBeGreaterThan(MAX_COMMENT_LENGTH - 500);
  const rows = text.split("\n").filter((line) => line.startsWith("| **")).length;
  expect(text.trimEnd().split("\n").at(-1)).toBe(`… and ${4050 - rows} more: ${4000 - rows} drop-column, 50 in-place.`);
});

test("puts notes below the table, and counts those that do not fit", () => {
  const notes = [
    "Allowance used: a.json (until 2026-01-31): old | data",
    "Allowance expired: b.json (2025-12-31). Delete it.",
  ];
  expect(findingsMarkdown("Schema changes", [], notes)).toBe(
    "### Schema changes\n\nNo schema change.\n\n- Allowance used: a.json (until 2026-01-31): old &#124; data\n- Allowance expired: b.json (2025-12-31). Delete it.\n",
  );
  const many = Array.from({ length: 5000 }, (_, index) => `Allowance unused: allowances/${index}.json`);
  const text = findingsMarkdown("Schema changes", [described], many);
  expect(text.length).toBeLessThan(MAX_COMMENT_LENGTH / 2);
  expect(text).toMatch(/\n- … and \d+ more\n$/);
});
