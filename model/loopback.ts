/** What a URL of an emulator may hold. Credentials, paths and whatever two parsers could read differently are left out. */
const URL_SHAPE = /^https?:\/\/(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?\/?$/i;

/** A URL writes every spelling of an address in one: `0x7f.1` as `127.0.0.1`, `[::ffff:127.0.0.1]` as `[::ffff:7f00:1]`. */
const LOOPBACK = /^(?:localhost\.?|127(?:\.\d{1,3}){3}|\[::1\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])$/;

/** What {@link loopbackUrl} takes, for people. */
export const LOOPBACK_ALLOWED =
  "http:// or https://, a host on this machine (localhost, 127.0.0.1 or [::1]) and a port, for example http://127.0.0.1:9050";

/**
 * The URL of a service on this machine, or `undefined` for any other text.
 *
 * Emulators are spoken to in plain text and without credentials, so what is meant for one must not leave the machine.
 */
export function loopbackUrl(text: string): URL | undefined {
  if (!URL_SHAPE.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!LOOPBACK.test(url.hostname)) return undefined;
  // With a dot at its end the name would be asked of a name server.
  if (url.hostname === "localhost.") url.hostname = "localhost";
  return url;
}

/** Text for an error: the part before an `@` may be a password. */
export function withoutCredentials(text: string): string {
  const at = text.lastIndexOf("@");
  return at === -1 ? text : `…${text.slice(at)}`;
}
