import { compareAccess, judgeAccess } from "../../../evolution/configuration/compare-access";
import type { Environment } from "../../../model/formats/environment";
import type { TenantOverrides } from "../../../model/formats/tenant";
import type { MetadataConfig } from "../../../model/load-config";
import { environment, MINIMAL_TABLE } from "../../support/resolved";

const KEYS = { ...MINIMAL_TABLE, tableId: "api_keys", access: "keyAdmins" } as const;

function config(change: Partial<Environment>, tenants: Readonly<Record<string, TenantOverrides>>): MetadataConfig {
  return {
    definitions: [MINIMAL_TABLE, KEYS],
    environments: [environment(change)],
    tenants: Object.entries(tenants).map(([tenantId, dev]) => ({ tenantId, displayName: "A", environments: { dev } })),
    offboarded: [],
    deployed: new Map(),
  };
}

function said(old: MetadataConfig, now: MetadataConfig): readonly string[] {
  return [...judgeAccess(compareAccess(old, now), now)].map(
    ({ code, needsAllowance, tenant, table, message }) =>
      `${needsAllowance ? "! " : ""}${code} ${tenant}/${table}: ${message}`,
  );
}

const [READER, ADMIN] = ["group:a@example.com", "group:admins@example.com"];

test("who may read more is said in words", () => {
  expect(said(config({}, { acme: {} }), config({ readers: [READER] }, { acme: {} }))).toEqual([
    "grant-added acme/notes: group:a@example.com may read notes.",
  ]);
  expect(said(config({ readers: [READER] }, { acme: {} }), config({ writers: [READER] }, { acme: {} }))[0]).toMatch(
    /^! grant-widened acme\/notes: group:a@example.com may write notes/,
  );
});

test("a member in another spelling is no other member", () => {
  expect(
    said(config({ readers: [READER] }, { acme: {} }), config({ readers: ["group:A@Example.com"] }, { acme: {} })),
  ).toEqual([]);
});

test("a key admin needs a word, an environment's at a tenant that is new does not", () => {
  expect(said(config({}, { acme: {} }), config({ keyAdmins: [ADMIN] }, { acme: {} }))).toEqual([
    "! key-admin-added acme/api_keys: group:admins@example.com may write api_keys.",
  ]);
  const known = { keyAdmins: [ADMIN] };
  expect(said(config(known, { acme: {} }), config(known, { acme: {}, globex: {} }))).toEqual([
    "grant-added globex/api_keys: group:admins@example.com may write api_keys.",
  ]);
  expect(said(config(known, {}), config(known, { acme: { keyAdmins: [READER] } }))).toEqual([
    "! key-admin-added acme/api_keys: group:a@example.com may write api_keys.",
  ]);
});

test("a member outside the environment's domains, and whole domains, need a word", () => {
  const domains = { memberDomains: ["example.com"] };
  const outside = config({ ...domains, readers: ["group:a@example.org"] }, { acme: {} });
  expect(said(config(domains, { acme: {} }), outside).join()).toMatch(/^! member-outside-domains/);
  const everyone = config({ readers: ["domain:example.com"] }, { acme: {} });
  expect(said(config({}, { acme: {} }), everyone).join()).toMatch(/^! access-opened-broadly/);
});
