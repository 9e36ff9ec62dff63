import { randomUUID } from "node:crypto";
import * as fc from "fast-check";
import { UsageError } from "../../model/errors";
import { maskSecrets, shownName } from "../../model/mask";
import { formatPath, show } from "../../model/problems";
import type { TableDefinition } from "../../model/formats/table-definition";
import { DEFINITIONS } from "../../runtime/definitions.generated";
import { RowEncoder } from "../../runtime/encoding/row-encoder";
import { LostValueError, MetadataWriteError } from "../../runtime/errors";
import { ApiKeys, MetadataLogger, tenantContext } from "../../runtime/index";
import { API_KEY_PATTERN, hashApiKey, newApiKey } from "../../runtime/keys/api-key-format";

const TENANT = "acme_retail";
const context = tenantContext({
  projectId: "example-prod",
  tenantId: TENANT,
  location: "EU",
  environmentVariables: {},
});
const key = newApiKey(TENANT, randomUUID());
const secretOf = (text: string) => text.slice(-49);

const secrets = fc
  .tuple(fc.constantFrom("acme", TENANT, `t${"x".repeat(62)}`), fc.uuid())
  .map(([tenantId, id]) => newApiKey(tenantId, id))
  .chain((text) => fc.constantFrom(text, hashApiKey(text).toString("hex")));

/** Whether a message holds so much of a secret that the rest is worth a search. */
function holds(message: string, secret: string): boolean {
  const text = secretOf(secret);
  return Array.from({ length: text.length - 11 }, (_, at) => text.slice(at, at + 12)).some((part) =>
    message.includes(part),
  );
}

test("no message holds a key or its hash, whole or in part, wherever in a text of the caller it is", () => {
  fc.assert(
    fc.property(secrets, fc.string({ maxLength: 90 }), fc.string({ maxLength: 90 }), (secret, before, after) => {
      const text = before + secret + after;
      for (const message of [
        maskSecrets(text),
        shownName(text),
        show(text),
        show({ [text]: [text] }),
        formatPath(["a", text, 3]),
        new UsageError(text).message,
        new LostValueError("step_logs", [{ column: "a", received: "b", expected: text }]).message,
      ]) {
        expect(holds(message, secret)).toBe(false);
      }
    }),
  );
});

test("a text without a key or a hash is shown as it is", () => {
  for (const text of ["tmk_acme", randomUUID(), "a".repeat(63), "start_time", ""]) expect(maskSecrets(text)).toBe(text);
  expect(key).toMatch(API_KEY_PATTERN);
  expect(maskSecrets(`x ${key} y`)).toBe("x <an API key> y");
});

test.each<[string, (secret: string, logger: MetadataLogger) => unknown]>([
  ["a tenant's id", (secret) => new MetadataLogger(context, secret)],
  ["a table's id", async (secret, logger) => logger.insert(secret, [])],
  ["a table's id without rows", async (secret, logger) => logger.insert(secret, {} as never)],
  ["an option's name", (secret) => new MetadataLogger(context, TENANT, { [secret]: 1 })],
  ["an option's value", (secret) => new MetadataLogger(context, TENANT, { onFailure: secret as never })],
  ["a key's option", async (secret, logger) => new ApiKeys(logger).issue({ [secret]: 1 })],
  ["a run's option", async (secret, logger) => logger.startRun({ [secret]: 1 } as never)],
  ["a column's name", async (secret, logger) => logger.insert("step_logs", [{ [secret]: 1 } as never])],
  [
    "a property's name",
    async (secret, logger) => logger.insert("step_logs", [{ metadata: { [secret]: NaN } } as never]),
  ],
  ["a tenant's column", async (secret, logger) => logger.insert("api_keys", [{ tenant_id: secret } as never])],
])("a key or a hash given as %s is in no message", async (_, call) => {
  for (const secret of [key, hashApiKey(key).toString("hex")]) {
    const logger = new MetadataLogger(context, TENANT);
    const error = await Promise.resolve()
      .then(() => call(secret, logger))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(holds((error as Error).message, secret)).toBe(false);
    const rejected = error instanceof MetadataWriteError ? error.rejected : [];
    expect(holds(JSON.stringify(rejected.map(({ problems }) => problems)), secret)).toBe(false);
    await logger.close();
  }
});

test("revoke says that there is no such key, and not which", async () => {
  const logger = { change: async () => 0, tenantId: TENANT, queries: { tenant: context.tenants.get(TENANT) } };
  const keys = new ApiKeys(logger as never);
  const error: unknown = await keys.revoke(key).catch((thrown: unknown) => thrown);
  expect((error as Error).message).toBe(`${TENANT} has no API key "<an API key>".`);
});

test("no string in any column of any table is in a message, but for a slip in a closed list and a tenant's id", () => {
  const columns = DEFINITIONS.flatMap((definition: TableDefinition) =>
    definition.schema.fields.map((column) => [definition, column.name] as const),
  );
  const contents = fc.constantFrom("alice@example.com", "pa$$w0rd", "4111-1111-1111-1111", "1984-05-06 alice");
  fc.assert(
    fc.property(fc.constantFrom(...columns), contents, ([definition, name], content) => {
      const encoder = new RowEncoder(definition, { tenantId: TENANT, now: () => Date.now() });
      expect(JSON.stringify(encoder.encode({ [name]: content }))).not.toContain(content);
      expect(JSON.stringify(encoder.encode({ [name]: [`${content}\ud800`] }))).not.toContain(content);
    }),
    { numRuns: 300 },
  );
});
