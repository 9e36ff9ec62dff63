/** Characters (UTF-16 units) an `error_message` may have; a longer one is cut and says so. */
export const MAX_ERROR_MESSAGE_LENGTH = 10_000;

/** What an `error_message` column says of whatever was thrown: name and message, no stack. */
export function errorMessage(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (text.length <= MAX_ERROR_MESSAGE_LENGTH) return toWellFormed(text);
  const note = ` … (cut, ${text.length} characters in all)`;
  return toWellFormed(text.slice(0, MAX_ERROR_MESSAGE_LENGTH - note.length)) + note;
}

/** UTF-8 has no form for a lone surrogate, such as the cut may leave. */
function toWellFormed(text: string): string {
  // ES2024; every Node since 20 has it.
  return (text as string & { toWellFormed(): string }).toWellFormed();
}
