/** Text from outside for a terminal or a log, on one line: no control character takes effect, none turns the line round. */
export function plainText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${one.codePointAt(0)?.toString(16) ?? ""}}`);
}
