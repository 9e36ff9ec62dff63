/** Characters (UTF-16 units) an `error_message` may have; a longer one is cut and says so. */
export const MAX_ERROR_MESSAGE_LENGTH = 10_000;

/** What an `error_message` column says of whatever was thrown: name and message, no stack. */
export function errorMessage(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  // A lone surrogate, also one left by the cut, has no form in UTF-8.
  const wellFormed = (value: string) => (value as string & { toWellFormed(): string }).toWellFormed();
  if (text.length <= MAX_ERROR_MESSAGE_LENGTH) return wellFormed(text);
  const note = ` … (cut, ${text.length} characters in all)`;
  return wellFormed(text.slice(0, MAX_ERROR_MESSAGE_LENGTH - note.length)) + note;
}
