/** A key of this package from its prefix on, whole or cut within its secret. */
const API_KEY = /tmk_[a-z][a-z0-9_]{1,62}__[0-9a-f]{32}__[0-9a-z]*/gi;
/** What is stored of a key, in hexadecimal. */
const HASH = /[0-9a-f]{64,}/gi;
const MAX_NAME = 80;

/** A text for a message, without API keys and what may be the hash of one. Mask before you cut. */
export function maskSecrets(text: string): string {
  return text.replace(API_KEY, "<an API key>").replace(HASH, "<a hash>");
}

/** Cuts a text to what fits a line. */
export function cut(text: string): string {
  return text.length > MAX_NAME ? `${text.slice(0, MAX_NAME - 1)}…` : text;
}

/** A name that a caller gave, for a message. */
export function shownName(name: string): string {
  return cut(maskSecrets(name));
}
