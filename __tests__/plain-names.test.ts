import { mkdirSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { loadConfig } from "../model/load-config";
import { assignStacks, resolveTenant } from "../model/resolve";
import { changeProblems } from "../model/rules/change-rules";
import { RowEncoder } from "../runtime/encoding/row-encoder";
import { configFolder } from "./support/config-folder";
import { messageOf } from "./support/config-problems";
import { bothSyntheses } from "./support/hostile-stack";

/** Names that JavaScript, cdktf or Terraform have a use for. */
const NAMES = [
  "constructor",
  "prototype",
  "null",
  "undefined",
  "google",
  "dataset",
  "table",
  "tables",
  "grants",
  "tenants",
  "backend",
  "terraform",
  "local",
  "locals",
  "output",
  "resource",
  "provider",
  "each",
  "self",
  "path",
  "count",
  "default",
  "tags",
  "runs_schema",
  "terraform_data",
];
const COLUMNS = ["__proto__", "toString", "hasOwnProperty", "valueOf", "__defineGetter__", "isPrototypeOf", ...NAMES];

/** A configuration in which tenants, a table, an environment, labels and columns have the names given. */
function folderOf(tenants: readonly string[], table: string, environment: string, change: object = {}): string {
  return configFolder({
    [`metadata/schemas/${table}.json`]: {
      schema: { fields: COLUMNS.map((name) => ({ name, type: "STRING" })) },
      clustering: { fields: ["__proto__", "constructor"] },
      tableConstraints: { primaryKey: { columns: ["toString"] } },
      labels: { constructor: "tostring", [`${table}x`]: "valueof" },
    },
    [`environments/${environment.replaceAll("_", "-")}.json`]: {
      projectId: "example-dev",
      location: "EU",
      backend: { type: "local" },
      declareConstraints: true,
      labels: { hasownproperty: "1" },
      readers: ["group:readers@example.com"],
    },
    "environments/other.json": { projectId: "example-other", location: "EU", backend: { type: "local" }, ...change },
    ...Object.fromEntries(
      tenants.map((tenant) => [
        `tenants/${tenant}.json`,
        { displayName: tenant, environments: { [environment.replaceAll("_", "-")]: { labels: { [tenant]: tenant } } } },
      ]),
    ),
  });
}

describe("names that something else has a use for", () => {
  test.each(NAMES)("are plain names of tenants, tables, environments, labels and columns: %s", (name) => {
    const environmentName = name.replaceAll("_", "-");
    const { definitions, environments, tenants } = loadConfig(folderOf([name, `${name}2`], name, name));
    const environment = environments.find((each) => each.name === environmentName);
    if (environment === undefined) throw new Error("no environment");
    const [assignment] = assignStacks(environment, tenants, []);
    if (assignment === undefined) throw new Error("no stack");
    for (const { resource, locals, output } of bothSyntheses({ assignment, definitions })) {
      expect(Object.keys(resource["google_bigquery_dataset"] ?? {}).sort()).toEqual([name, `${name}2`]);
      expect(Object.keys(resource["google_bigquery_table"] ?? {}).sort()).toEqual([
        `${name}2__${name}`,
        `${name}__${name}`,
      ]);
      expect(resource["google_bigquery_dataset"]?.[name]?.["labels"]).toMatchObject({ [name]: name, tenant: name });
      expect(resource["google_bigquery_table"]?.[`${name}__${name}`]).toMatchObject({
        clustering: ["__proto__", "constructor"],
        labels: { constructor: name === "constructor" ? name : "tostring" },
        table_constraints: { primary_key: { columns: ["toString"] } },
      });
      expect((locals[`${name}_schema`] as { name: string }[]).map((column) => column.name)).toEqual(COLUMNS);
      expect(Object.keys(output["tenants"]?.value as object)).toEqual([name, `${name}2`]);
    }
  });

  test("are looked up in no object that inherits them: a tenant that is not in `constructor` has nothing of it", () => {
    const { environments, tenants } = loadConfig(folderOf(["acme"], "runs", "dev"));
    const [tenant] = tenants;
    if (tenant === undefined) throw new Error("no tenant");
    for (const name of ["constructor", "toString", "__proto__", "valueOf"]) {
      const environment = { ...(environments[0] ?? fail()), name };
      expect(assignStacks(environment, tenants, [])[0]?.tenants).toEqual([]);
      const left = { tenantId: "gone", displayName: "Gone", environments: {} };
      expect(assignStacks(environment, [], [left])[0]).toMatchObject({ tenants: [], forgotten: [] });
      expect(resolveTenant(environment, tenant).labels).toEqual(environment.labels);
    }
  });

  test("of recreated tables have a generation of their own", () => {
    const before = loadConfig(folderOf(["acme"], "constructor", "dev"));
    const raised = { deletionProtection: false, recreate: { constructor: 2 } };
    const after = loadConfig(folderOf(["acme"], "constructor", "dev", raised));
    expect(after.environments[1]?.recreate).toEqual({ constructor: 2 });
    expect(changeProblems(before, after)).toEqual([]);
    const first = { deletionProtection: true, recreate: { constructor: 1 } };
    expect(loadConfig(folderOf(["acme"], "constructor", "dev", first)).environments).toHaveLength(2);
  });

  test("are no folders of a configuration", () => {
    const folder = folderOf(["acme"], "runs", "dev");
    mkdirSync(path.join(folder, "constructor"));
    mkdirSync(path.join(folder, "metadata", "toString"));
    expect(messageOf(folder)).toMatch(
      /2 problems[^]*constructor\n {2}This file or folder is not expected here[^]*metadata\/toString\n/,
    );
  });

  test("are columns whose values are encoded, and NULL where a row has none of its own", () => {
    const [definition] = loadConfig(folderOf(["acme"], "runs", "dev")).definitions;
    if (definition === undefined) throw new Error("no definition");
    const encoder = new RowEncoder(definition, { tenantId: "acme", now: () => 0 });
    expect(encoder.encode({})).toEqual(new Uint8Array());
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...COLUMNS), { minLength: 1 }), (columns) => {
        const row = JSON.parse(`{${columns.map((name) => `${JSON.stringify(name)}:"${name}"`).join()}}`) as object;
        const message = encoder.encode(row);
        expect(message).toBeInstanceOf(Uint8Array);
        const text = Buffer.from(message as Uint8Array).toString();
        expect(columns.every((name) => text.includes(name))).toBe(true);
      }),
    );
  });
});

function fail(): never {
  throw new Error("no environment");
}
