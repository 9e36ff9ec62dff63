/**
 * What keeps a text from reaching BigQuery and Terraform as it is; `undefined` when nothing does.
 *
 * Half a surrogate pair has no encoding. Terraform brings strings to NFC after `jsonencode` has escaped them, so a combining
 * character behind an escaped one would change the escape: `\n` and U+0301 become `\ń`, which is not JSON. Behind a character of
 * more than 16 bits it composes with the letter of the lower 16 bits. Selectors of emoji combine with nothing.
 */
export function textProblem(text: string): string | undefined {
  if (/\p{Cs}/u.test(text)) return "The text holds half of a surrogate pair";
  if (/[\p{Cc}<>&\u{10000}-\u{10FFFF}](?![\uFE00-\uFE0F])\p{M}/u.test(text))
    return "The text holds a combining character without a letter to combine with";
  return undefined;
}
