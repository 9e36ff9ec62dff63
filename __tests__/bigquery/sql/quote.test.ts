import fc from "fast-check";
import { alterTable, alterTableScript } from "../../../bigquery/sql/alter-table";
import { commentText, quoteName, quoteText } from "../../../bigquery/sql/quote";

/** Text made to break out of quotes, comments and statements. */
const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(fc.constantFrom("'", "`", "\\", "\n", "\r", "--", "/*", "*/", ";", '"', "a", "DROP TABLE x"))
    .map((parts) => parts.join("")),
);

/** Reads one literal as GoogleSQL's lexer does; `undefined` when it does not end where the text ends. */
function lex(text: string, quote: string): string | undefined {
  if (text[0] !== quote) return undefined;
  let value = "";
  for (let at = 1; at < text.length; at++) {
    const char = text[at];
    if (char === quote) return at === text.length - 1 ? value : undefined;
    if (char === "\n" || char === "\r") return undefined;
    if (char === "\\") {
      const next = text[++at];
      value += next === "n" ? "\n" : next === "r" ? "\r" : (next ?? "");
    } else value += char;
  }
  return undefined;
}

test("whatever a literal or a name holds, it ends where it ends and says what was said", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(lex(quoteText(text), "'")).toBe(text);
      expect(lex(quoteName(text), "`")).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test("a comment stays on its line", () => {
  fc.assert(fc.property(hostile, (text) => expect(commentText(text)).not.toMatch(/[\n\r\u2028\u2029\u0085]/)));
});

test("a description cannot end its statement", () => {
  fc.assert(
    fc.property(hostile, (description) => {
      const dataset = { projectId: "example-dev", datasetId: "acme_metadata" };
      const statement = alterTable(dataset, "runs", { kind: "describe-table", description });
      const value =
        /^ALTER TABLE IF EXISTS `example-dev\.acme_metadata\.runs` SET OPTIONS \(description = ([^]*)\)$/.exec(
          statement,
        )?.[1];
      expect(description === "" ? value : lex(value ?? "", "'")).toBe(description === "" ? "NULL" : description);
      const script = alterTableScript(dataset, "runs", [
        { title: description, alteration: { kind: "describe-table", description } },
      ]);
      expect(script.split("\n")).toHaveLength(3);
    }),
  );
});
