import type { Tenant } from "../../model/formats/tenant";
import { assignStacks, resolveTenant } from "../../model/resolve";
import { environment } from "../support/resolved";

const acme = (overrides: Tenant["environments"][string] = {}): Tenant => ({
  tenantId: "acme",
  displayName: "Acme",
  environments: { dev: overrides },
});

describe("resolveTenant", () => {
  const full = environment({
    labels: { team: "platform", stage: "test" },
    readers: ["group:readers@example.com"],
    writers: ["group:writers@example.com"],
    keyAdmins: ["group:admins@example.com"],
    partitionExpirationDays: 30,
    kmsKeyName: "projects/p/locations/europe/keyRings/r/cryptoKeys/k",
  });

  test("takes the environment's settings where the tenant has none", () => {
    expect(resolveTenant(full, acme())).toEqual({
      tenantId: "acme",
      displayName: "Acme",
      environment: "dev",
      projectId: "example-dev",
      datasetId: "acme_metadata",
      location: "EU",
      labels: { team: "platform", stage: "test" },
      readers: ["group:readers@example.com"],
      writers: ["group:writers@example.com"],
      keyAdmins: ["group:admins@example.com"],
      partitionExpirationMs: 2_592_000_000,
      kmsKeyName: "projects/p/locations/europe/keyRings/r/cryptoKeys/k",
      shard: 0,
      deletionProtection: true,
      declareConstraints: false,
    });
  });

  test("merges labels key by key and replaces everything else", () => {
    const overrides = {
      location: "US",
      readers: [],
      writers: ["user:a@example.com"],
      keyAdmins: ["user:b@example.com"],
      kmsKeyName: "projects/p/locations/us/keyRings/r/cryptoKeys/k",
    };
    expect(
      resolveTenant(full, acme({ ...overrides, labels: { team: "reports" }, partitionExpirationDays: 7 })),
    ).toMatchObject({
      ...overrides,
      partitionExpirationMs: 604_800_000,
      labels: { team: "reports", stage: "test" },
    });
  });
});

describe("assignStacks", () => {
  test("gives every shard its stack, even one without tenants, and a tenant its own shard when it names one", () => {
    const assignments = assignStacks(environment({ shards: 3 }), [acme({ shard: 2 })], []);
    expect(
      assignments.map((assignment) => [assignment.stackName, assignment.tenants.map(({ tenantId }) => tenantId)]),
    ).toEqual([
      ["metadata-dev-000", []],
      ["metadata-dev-001", []],
      ["metadata-dev-002", ["acme"]],
    ]);
  });

  test("leaves out tenants that do not name the environment", () => {
    expect(assignStacks(environment({ name: "prod" }), [acme()], [])[0]?.tenants).toEqual([]);
  });
});
