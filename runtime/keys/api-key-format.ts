import { createHash, randomBytes } from "node:crypto";

/** What an API key says of itself. */
export interface ParsedApiKey {
  /** Tenant that the key names, e.g. `acme_retail`. */
  readonly tenantId: string;
  /** UUID; the row's `api_key_id`. */
  readonly apiKeyId: string;
}

/** For secret scanners: what every key looks like. Tenant ids hold no `__`, so its parts are clear. */
export const API_KEY_PATTERN = /\btmk_[a-z][a-z0-9_]{1,62}__[0-9a-f]{32}__[0-9A-Za-z]{49}\b/;

const PARTS = /^tmk_([a-z][a-z0-9_]{1,62})__([0-9a-f]{32})__([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;
const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SECRET_BYTES = 32;
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;

/**
 * Makes a key: `tmk_<tenant>__<key id>__<secret><checksum>`.
 *
 * The secret is 256 random bits. Prefix and checksum let a scanner tell a leaked key from anything else, and a form tell a
 * mistyped one, without asking anybody.
 */
export function newApiKey(tenantId: string, apiKeyId: string): string {
  const secret = base62(BigInt(`0x${randomBytes(SECRET_BYTES).toString("hex")}`), SECRET_LENGTH);
  const body = `tmk_${tenantId}__${apiKeyId.replaceAll("-", "")}__${secret}`;
  return body + checksum(body);
}

/**
 * Reads a key offline; `undefined` when it is none, or is mistyped. Says nothing about whether it was ever issued.
 *
 * @example
 * ```ts
 * import { parseApiKey } from "tenant-metadata/runtime";
 *
 * console.log(parseApiKey("no key")); // undefined
 * ```
 */
export function parseApiKey(key: string): ParsedApiKey | undefined {
  const [, tenantId, id, , check] = PARTS.exec(key) ?? [];
  if (tenantId === undefined || id === undefined || checksum(key.slice(0, -CHECKSUM_LENGTH)) !== check)
    return undefined;
  return { tenantId, apiKeyId: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") };
}

/**
 * What is stored of a key: its SHA-256, in hexadecimal.
 *
 * Slow hashes such as bcrypt make guessing a password expensive. No one guesses 256 random bits, and a slow hash would let anyone
 * keep a verifier busy by sending it wrong keys.
 */
export function hashApiKey(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

/** 35 bits of the body's SHA-256: a checksum, not a secret. */
function checksum(body: string): string {
  return base62(BigInt(hashApiKey(body).readUIntBE(0, 6)) % 62n ** BigInt(CHECKSUM_LENGTH), CHECKSUM_LENGTH);
}

function base62(value: bigint, length: number): string {
  let rest = value;
  let text = "";
  while (text.length < length) {
    text = BASE62.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}
