import { createHash } from "node:crypto";
import { ApiKeys } from "../../runtime/keys/api-keys";
import { MetadataLogger } from "../../runtime/logger/metadata-logger";
import { emulator, newTenantContext, sameTenant, select } from "./support/contexts";
import { TcpProxy } from "./support/tcp-proxy";

test("a key is shown once and stored only as its SHA-256", async () => {
  const { context, tenantId } = newTenantContext();
  await using logger = new MetadataLogger(context, tenantId);
  await using keys = new ApiKeys(logger);
  const expiresAt = new Date(Date.now() + 86_400_000);
  const { apiKeyId, key } = await keys.issue({
    createdBy: "admin@example.com",
    expiresAt,
    description: "nightly export",
  });
  const [row] = await select(context, "SELECT *, UNIX_MICROS(expires_at) AS expires_micros FROM `{dataset}.api_keys`");
  expect(row).toMatchObject({
    api_key_id: apiKeyId,
    tenant_id: tenantId,
    api_key_hash: createHash("sha256").update(key).digest("hex"),
    created_by: "admin@example.com",
    description: "nightly export",
    is_active: "true",
    last_used_at: null,
    expires_micros: String(expiresAt.getTime() * 1000),
  });
  expect(JSON.stringify(row)).not.toContain(key.slice(-49));
});

test("a key is valid at once where it was issued, and elsewhere after a refresh", async () => {
  const { context, tenantId } = newTenantContext();
  await using logger = new MetadataLogger(context, tenantId);
  await using other = new MetadataLogger(sameTenant(context), tenantId);
  await using keys = new ApiKeys(logger);
  await using elsewhere = new ApiKeys(other);
  await keys.issue();
  await elsewhere.refresh();
  const { apiKeyId, key } = await keys.issue();
  await expect(keys.verify(key)).resolves.toEqual({ valid: true, tenantId, apiKeyId });
  await expect(elsewhere.verify(key)).resolves.toEqual({ valid: false, reason: "refused" });
  await elsewhere.refresh();
  await expect(elsewhere.verify(key)).resolves.toMatchObject({ valid: true });
});

test("a revoked key is refused at once where it was revoked, and elsewhere after a refresh", async () => {
  const { context, tenantId } = newTenantContext();
  await using logger = new MetadataLogger(context, tenantId);
  await using other = new MetadataLogger(sameTenant(context), tenantId);
  await using keys = new ApiKeys(logger);
  await using elsewhere = new ApiKeys(other);
  const { apiKeyId, key } = await keys.issue();
  await elsewhere.refresh();
  await keys.revoke(apiKeyId);
  await expect(keys.verify(key)).resolves.toEqual({ valid: false, reason: "refused" });
  await expect(elsewhere.verify(key)).resolves.toMatchObject({ valid: true });
  await elsewhere.refresh();
  await expect(elsewhere.verify(key)).resolves.toEqual({ valid: false, reason: "refused" });
  await expect(keys.revoke("no-such-key")).rejects.toThrow(`${tenantId} has no API key "no-such-key"`);
});

test("expired, mistyped, foreign and forged keys are refused", async () => {
  const { context, tenantId } = newTenantContext();
  const foreign = newTenantContext();
  await using logger = new MetadataLogger(context, tenantId);
  await using keys = new ApiKeys(logger);
  await using foreignLogger = new MetadataLogger(foreign.context, foreign.tenantId);
  await using foreignKeys = new ApiKeys(foreignLogger);
  const expired = await keys.issue({ expiresAt: new Date(Date.now() - 1000) });
  const { key } = await keys.issue();
  const { key: foreignKey } = await foreignKeys.issue();
  await expect(keys.verify(expired.key)).resolves.toEqual({ valid: false, reason: "expired" });
  await expect(keys.verify(`${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}`)).resolves.toEqual({
    valid: false,
    reason: "malformed",
  });
  await expect(keys.verify("")).resolves.toEqual({ valid: false, reason: "malformed" });
  await expect(keys.verify(foreignKey)).resolves.toEqual({ valid: false, reason: "other-tenant" });
});

test("the use of a key is written back once, however often it is used", async () => {
  const { context, tenantId } = newTenantContext();
  await using logger = new MetadataLogger(context, tenantId);
  const keys = new ApiKeys(logger);
  const used = await keys.issue();
  await keys.issue();
  const before = Date.now();
  for (let count = 0; count < 100; count++) await keys.verify(used.key);
  await keys.close();
  const rows = await select(
    context,
    "SELECT api_key_id, UNIX_MICROS(last_used_at) AS micros FROM `{dataset}.api_keys` WHERE last_used_at IS NOT NULL",
  );
  expect(rows).toMatchObject([{ api_key_id: used.apiKeyId }]);
  expect(Number(rows[0]?.["micros"]) / 1000).toBeGreaterThanOrEqual(before);
});

test("verification asks BigQuery nothing, and accepts nothing once the keys are too old", async () => {
  const rest = new TcpProxy(new URL(emulator().restUrl).host);
  await rest.open();
  const { context, tenantId } = newTenantContext({ address: { restUrl: `http://${rest.address}` } });
  const logger = new MetadataLogger(context, tenantId);
  const keys = new ApiKeys(logger);
  const strict = new ApiKeys(logger, { maxStalenessMs: 1 });
  const { apiKeyId, key } = await keys.issue();
  await keys.refresh();
  await rest.close();
  await expect(keys.verify(key)).resolves.toEqual({ valid: true, tenantId, apiKeyId });
  await expect(strict.verify(key)).rejects.toThrow("The query did not work within");
  await rest.open();
  await Promise.all([keys.close(), strict.close()]);
  await logger.close();
  await rest.close();
});
