import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { parseFragment } from "parse5";
import { html } from "../../../cli/report/html-template";
import { codeSpan, escapeMarkdown } from "../../../cli/report/markdown";
import { plainText } from "../../../cli/report/plain-text";
import { runs } from "../../support/runs";

// As GitHub does: HTML is let through, and what looks like a link becomes one.
const markdown = new MarkdownIt({ html: true, linkify: true });
// It does not take every name with a dot for one, as this library would.
markdown.linkify.set({ fuzzyLink: false });

/** What ends cells, starts markup, mentions and links; a line each, but for characters that no line can hold. */
const BREAKERS = `
| \\ \` \`\` * ** _ __ ~~ [ ]( ) ![ < > </td> <!-- --> <![CDATA[ <script> javascript: = - $ $$ " ' {{ ::error::
@octocat @ #1 # GH-1 http:// https://example.com www.example.com mailto: a@example.com & &amp; &#64; &lt;`
  .trim()
  .split(/\s/);
const SPACES = ["\n", "\r\n", "\n\n", "\t", " ", "- ", "1. ", "> ", "---", "\n| --- |", "<img src=x onerror=alert(1)>"];
const CONTROLS = ["\u0000", "\u001b[31m", "\u202e", "\u200b", "\u2028"];

const hostile = fc
  .array(
    fc.oneof(fc.constantFrom(...BREAKERS, ...SPACES, ...CONTROLS), fc.string({ unit: "grapheme", maxLength: 8 })),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(""));

/** What a reader sees of HTML, and which elements there are. */
function seen(fragment: string): { readonly text: string; readonly elements: readonly string[] } {
  const elements: string[] = [];
  let text = "";
  const visit = (node: {
    readonly nodeName: string;
    readonly value?: string;
    readonly childNodes?: readonly never[];
  }) => {
    if (node.nodeName === "#text") text += node.value ?? "";
    else if (node.nodeName !== "#document-fragment") elements.push(node.nodeName);
    for (const child of node.childNodes ?? []) visit(child);
  };
  visit(parseFragment(fragment) as never);
  return { text, elements };
}

/** What is to be read of a text: on one line, control characters aside. */
const plain = (text: string) => text.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
const withoutBreaks = (text: string) => text.replaceAll("\u200b", "");

const TABLE = ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"];
const CELL = (content: string) => `| a | b |\n| --- | --- |\n| ${content} | after |\n`;

test("no text becomes markup in a table's cell: it is read as it is, and the row keeps its cells", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { text: shown, elements } = seen(markdown.render(CELL(escapeMarkdown(text))));
      expect(elements).toEqual(TABLE);
      expect(withoutBreaks(shown).replaceAll(/\s+/g, "")).toBe(`ab${plain(text).replaceAll(/\s+/g, "")}after`);
    }),
    { numRuns: runs(250) },
  );
});

test("no text becomes markup in a paragraph, a list or HTML inside Markdown", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const source = `Text ${escapeMarkdown(text)}\n\n- item ${escapeMarkdown(text)}\n\n<details><summary><b>${escapeMarkdown(text)}</b></summary>\n\nx\n</details>\n`;
      const { elements } = seen(markdown.render(source));
      expect(elements).toEqual(["p", "ul", "li", "details", "summary", "b", "p"]);
    }),
    { numRuns: runs(250) },
  );
});

test("no text mentions a person, refers to an issue or links, for those who look for it in the text that is read", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { text: shown } = seen(escapeMarkdown(text));
      expect(shown).not.toMatch(/@[\p{L}\p{N}_-]|#\d|\bGH-\d|:\/\/|\bwww\.|\bmailto:/iu);
    }),
    { numRuns: runs(250) },
  );
});

test("code is one code span, in a cell and elsewhere, whatever it holds", () => {
  fc.assert(
    fc.property(
      hostile.filter((text) => plain(text) !== ""),
      (text) => {
        const { text: shown, elements } = seen(markdown.render(CELL(codeSpan(text))));
        expect(elements).toEqual([...TABLE.slice(0, -1), "code", "td"]);
        expect(shown.replaceAll(/\s+/g, "")).toBe(`ab${plain(text).replaceAll(/\s+/g, "")}after`);
      },
    ),
    { numRuns: runs(250) },
  );
  expect(codeSpan(" \n")).toBe("");
});

test("no text becomes markup in the page, as content or as an attribute", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const fragment = parseFragment(html`<p title="${text}">${text}</p>`.text);
      expect(fragment.childNodes).toHaveLength(1);
      const [paragraph] = fragment.childNodes as unknown as readonly {
        readonly attrs: readonly { readonly name: string; readonly value: string }[];
        readonly childNodes: readonly { readonly nodeName: string; readonly value: string }[];
      }[];
      // Control and format characters are shown as their codes, line breaks and tabs aside.
      const read = text.replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, plainText);
      expect(paragraph?.attrs).toEqual([{ name: "title", value: read }]);
      expect(paragraph?.childNodes.map(({ nodeName }) => nodeName)).toEqual(text === "" ? [] : ["#text"]);
      expect(paragraph?.childNodes[0]?.value ?? "").toBe(read);
    }),
    { numRuns: runs(250) },
  );
});

test("no text takes effect in a terminal or log", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(plainText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
  expect(plainText("a\u001b[31m\u202eb")).toBe("a\\u{1b}[31m\\u{202e}b");
});
