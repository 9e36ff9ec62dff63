/** A token of an expression: a literal with its type, a word in upper case, or a punctuation mark. */
export interface SqlToken {
  readonly kind: "literal" | "word" | "mark" | "end";
  /** Type of a literal; otherwise the word or the mark; empty at the end. */
  readonly text: string;
}

/** Delimited text: thrice quoted may hold line breaks, raw text takes no escapes. */
const TEXT =
  /(?<prefix>r?b?|br)(?:'''(?:[^'\\]|\\[^]|'(?!''))*'''|"""(?:[^"\\]|\\[^]|"(?!""))*"""|'(?!'')(?:[^'\\\r\n]|\\[^\r\n])*'|"(?!"")(?:[^"\\\r\n]|\\[^\r\n])*"|''|"")/iy;
/** @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/lexical#escape_sequences */
const ESCAPE = /\\(?:[abfnrtv\\?"'`]|[0-3][0-7]{2}|x[\da-f]{2}|u[\da-f]{4}|U00(?:0[\da-f]|10)[\da-f]{4})/giy;
const NUMBER = /(?:0x[\da-f]+|(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)(?![\w.])/iy;
const WORD = /[a-z_]\w*/iy;
const MARK = /[()[\],<>+-]/y;
const SPACE = /[ \t\r\n]*/y;

/**
 * Splits an expression into tokens; `undefined` when it holds anything else, such as a comment, a quoted name, an operator or
 * a semicolon.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/lexical
 */
export function sqlTokens(text: string): readonly SqlToken[] | undefined {
  const tokens: SqlToken[] = [];
  let at = 0;
  const next = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text) ?? undefined;
    if (match !== undefined) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    next(SPACE);
    if (at === text.length) return [...tokens, { kind: "end", text: "" }];
    const string = next(TEXT);
    if (string !== undefined) {
      const prefix = string.groups?.["prefix"]?.toLowerCase() ?? "";
      if (!prefix.includes("r") && !hasValidEscapes(string[0])) return undefined;
      tokens.push({ kind: "literal", text: prefix.includes("b") ? "BYTES" : "TEXT" });
      continue;
    }
    const number = next(NUMBER)?.[0];
    if (number !== undefined) {
      tokens.push({ kind: "literal", text: /^(?:0x[\da-f]+|\d+)$/i.test(number) ? "INTEGER" : "FLOAT" });
      continue;
    }
    const word = next(WORD)?.[0];
    const mark = word === undefined ? next(MARK)?.[0] : undefined;
    if (word !== undefined) tokens.push({ kind: "word", text: word.toUpperCase() });
    else if (mark !== undefined) tokens.push({ kind: "mark", text: mark });
    else return undefined;
  }
}

function hasValidEscapes(text: string): boolean {
  for (let at = text.indexOf("\\"); at !== -1; at = text.indexOf("\\", ESCAPE.lastIndex)) {
    ESCAPE.lastIndex = at;
    if (!ESCAPE.test(text)) return false;
  }
  return true;
}
