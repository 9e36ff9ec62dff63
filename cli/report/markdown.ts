/** A character that no renderer shows, and that keeps what it stands in from being a mention, a reference or a link. */
const BREAK = "&#8203;";

/**
 * Text from outside for Markdown, wherever it stands: a paragraph, a table's cell, HTML inside Markdown.
 *
 * It reads as it is; nothing in it becomes markup, a link, an image, a mention of a person or a reference to an issue. On one line.
 *
 * @see https://github.github.com/gfm/#entity-and-numeric-character-references which say that references are never structure
 */
export function escapeMarkdown(text: string): string {
  return (
    text
      .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, " ")
      // Inside a word an underscore is no emphasis, and names are full of them.
      .replaceAll(/[&<>`*[\]|~\\$"']|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (one) => `&#${one.codePointAt(0)};`)
      .replaceAll(/@|(?<!&)#|:(?=\/\/)|\bwww(?=\.)|\bGH(?=-)|\bmailto(?=:)|\bxmpp(?=:)/giu, `$&${BREAK}`)
  );
}

/** Text from outside as code in Markdown, in a table's cell or elsewhere; on one line. */
export function codeSpan(text: string): string {
  const content = text.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, " ").replaceAll("|", "\\|");
  if (content.trim() === "") return "";
  const longest = Math.max(0, ...(content.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = /^[` ]|[` ]$/.test(content) ? " " : "";
  return fence + pad + content + pad + fence;
}
