import { randomUUID } from "node:crypto";
import * as fc from "fast-check";
import { API_KEY_PATTERN, hashApiKey, newApiKey, parseApiKey } from "../../../runtime/keys/api-key-format";

const tenantId = fc
  .stringMatching(/^[a-z][a-z0-9]{0,20}(_[a-z0-9]{1,8}){0,4}$/)
  .filter((id) => id.length > 1 && id.length < 63);

test("a key says offline whose it is and which it is", () => {
  fc.assert(
    fc.property(tenantId, fc.uuid(), (tenant, id) => {
      expect(parseApiKey(newApiKey(tenant, id))).toEqual({ tenantId: tenant, apiKeyId: id });
    }),
  );
});

test("a secret scanner finds a key in whatever surrounds it", () => {
  const key = newApiKey("acme_retail", randomUUID());
  expect(API_KEY_PATTERN.exec(`curl -H "X-Api-Key: ${key}" https://example.com`)?.[0]).toBe(key);
});

test("one wrong, missing or added character makes it no key", () => {
  const key = newApiKey("acme_retail", randomUUID());
  fc.assert(
    fc.property(fc.nat(key.length - 1), fc.stringMatching(/^[0-9A-Za-z_]$/), (at, character) => {
      fc.pre(key[at] !== character);
      expect(parseApiKey(key.slice(0, at) + character + key.slice(at + 1))).toBeUndefined();
      expect(parseApiKey(key.slice(0, at) + key.slice(at + 1))).toBeUndefined();
    }),
    { numRuns: 500 },
  );
  expect(parseApiKey(`${key}0`)).toBeUndefined();
  expect(parseApiKey("")).toBeUndefined();
});

test("two keys of the same id differ in 256 random bits", () => {
  const id = randomUUID();
  const [one, other] = [newApiKey("acme", id), newApiKey("acme", id)];
  expect(one).not.toBe(other);
  expect(one.split("__")[2]).toHaveLength(43 + 6);
  expect(hashApiKey(one)).toHaveLength(32);
});
