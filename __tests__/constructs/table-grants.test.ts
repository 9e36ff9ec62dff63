import type { TableDefinition } from "../../model/formats/table-definition";
import type { ResolvedTenant } from "../../model/resolve";
import { environment, tenant } from "../support/resolved";
import { synthesize } from "../support/synth";

const tables: readonly TableDefinition[] = ["api_keys", "pipeline_runs", "step_logs"].map((tableId) => ({
  tableId,
  access: tableId === "api_keys" ? "keyAdmins" : "tenant",
  schema: { fields: [{ name: "id", type: "STRING", mode: "REQUIRED" }] },
}));

/** Every grant as `table role member`, by its name in Terraform. */
function grants(change: Partial<ResolvedTenant>): Record<string, string> {
  const assignment = { stackName: "metadata-dev", environment: environment(), shard: 0, tenants: [tenant(change)] };
  const { resource } = synthesize({ assignment, definitions: tables });
  const types = Object.keys(resource).filter((type) => type.includes("iam") || type.includes("access"));
  expect(types).toEqual(types.length === 0 ? [] : ["google_bigquery_table_iam_member"]);
  return Object.fromEntries(
    Object.entries(resource["google_bigquery_table_iam_member"] ?? {}).map(([name, grant]) => {
      const table = /^\$\{google_bigquery_table\.acme__(\w+)\.table_id\}$/.exec(String(grant["table_id"]))?.[1];
      return [name, `${table} ${String(grant["role"])} ${String(grant["member"])}`];
    }),
  );
}

describe("access", () => {
  test("of readers is to every table except api_keys, to read", () => {
    expect(Object.values(grants({ readers: ["group:readers@example.com"] }))).toEqual([
      "pipeline_runs roles/bigquery.dataViewer group:readers@example.com",
      "step_logs roles/bigquery.dataViewer group:readers@example.com",
    ]);
  });

  test("of writers is to every table except api_keys, to write", () => {
    expect(Object.values(grants({ writers: ["group:writers@example.com"] }))).toEqual([
      "pipeline_runs roles/bigquery.dataEditor group:writers@example.com",
      "step_logs roles/bigquery.dataEditor group:writers@example.com",
    ]);
  });

  test("to api_keys is for key admins alone, and they reach nothing else", () => {
    expect(Object.values(grants({ keyAdmins: ["group:admins@example.com"] }))).toEqual([
      "api_keys roles/bigquery.dataEditor group:admins@example.com",
    ]);
  });

  test("is given once to a member that is named twice", () => {
    expect(Object.keys(grants({ keyAdmins: ["user:a@example.com", "user:a@example.com"] }))).toHaveLength(1);
  });

  test("is given once to a member that is named in two spellings, and keeps its name when the spelling changes", () => {
    const names = [
      ["user:Alex@Example.com", "user:alex@example.com"],
      ["user:Alex@Example.com"],
      ["user:alex@example.com"],
    ].map((readers) => Object.keys(grants({ readers })));
    expect(names[0]).toEqual(names[2]);
    expect(names[1]).toEqual(names[2]);
  });

  test("of one member keeps its name when another is added", () => {
    const before = Object.keys(grants({ readers: ["group:b@example.com"] }));
    const after = Object.keys(grants({ readers: ["group:a@example.com", "group:b@example.com"] }));
    expect(after).toEqual(expect.arrayContaining(before));
  });

  test("of no one leaves no grant", () => {
    expect(grants({})).toEqual({});
  });
});
