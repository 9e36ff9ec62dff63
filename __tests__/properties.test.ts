import fc from "fast-check";
import { parseDefinition } from "../model/load-config";
import { datasetAddress, datasetId, grantLogicalId, tableAddress } from "../model/names";
import { assignStacks } from "../model/resolve";
import { tableResource } from "../model/resources";
import { shardOf } from "../model/sharding";
import { environment, tenant } from "./support/resolved";
import { synthesize } from "./support/synth";
import { runs } from "./support/runs";

const TERRAFORM_NAME = /^[A-Za-z_][\w-]*$/;

const tenantId = fc.stringMatching(/^[a-z][a-z0-9]{1,8}(_[a-z0-9]{1,8}){0,2}$/);
const tableId = fc.stringMatching(/^[a-z][a-z0-9]{1,8}(_[a-z0-9]{1,8}){0,2}$/);
const member = fc.stringMatching(/^(user|group):[a-z0-9._-]{1,20}@[a-z0-9-]{1,20}\.(com|org)$/);

/** Text with what Terraform, JSON and HCL could trip over. */
const text = fc
  .array(fc.oneof(fc.constantFrom("${", "%{", "$", "%", "{", "}", '"', "\\", "\n", "<&>", "ü", "𝕏"), fc.string()))
  .map((parts) => parts.join("").slice(0, 200));

const scalarType = fc.constantFrom("STRING", "INT64", "INTEGER", "BOOL", "TIMESTAMP", "DATE", "JSON", "NUMERIC");
const mode = fc.constantFrom("NULLABLE", "REQUIRED", "REPEATED");

/** Columns as a file may spell them, nested up to three levels. */
const { columns } = fc.letrec<{ columns: object[]; column: object }>((tie) => ({
  columns: fc.uniqueArray(tie("column"), {
    minLength: 1,
    maxLength: 5,
    selector: (column) => (column as { name: string }).name.toLowerCase(),
  }),
  column: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({ name: columnName(), type: scalarType, mode, description: text }, { requiredKeys: ["name", "type"] }),
    fc.record({ name: columnName(), type: fc.constantFrom("RECORD", "STRUCT"), mode, fields: tie("columns") }),
  ),
}));

function columnName(): fc.Arbitrary<string> {
  return fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/);
}

describe("names and addresses", () => {
  test("are valid in Terraform and BigQuery, and apart for any two tenants and tables", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(tenantId, { minLength: 2, maxLength: 6 }),
        fc.uniqueArray(tableId, { minLength: 1, maxLength: 4 }),
        (tenants, tables) => {
          const addresses = tenants.flatMap((id) => [
            datasetAddress(id),
            ...tables.map((table) => tableAddress(id, table)),
          ]);
          expect(new Set(addresses).size).toBe(addresses.length);
          for (const address of addresses) expect(address.split(".")[1]).toMatch(TERRAFORM_NAME);
          const datasets = tenants.map((id) => datasetId("{tenantId}_metadata", { tenantId: id, environment: "dev" }));
          expect(new Set(datasets).size).toBe(tenants.length);
          for (const dataset of datasets) expect(dataset).toMatch(/^[0-9A-Za-z_]{1,1024}$/);
        },
      ),
    );
  });

  test("of grants are valid, and apart for any two members", () => {
    fc.assert(
      fc.property(fc.uniqueArray(member, { minLength: 2, maxLength: 6 }), (members) => {
        const names = members.map((each) => grantLogicalId("acme", "step_logs", "reader", each));
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) expect(name).toMatch(TERRAFORM_NAME);
      }),
    );
  });

  test("and the stack of a tenant never change when another tenant is added", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(tenantId, { minLength: 1, maxLength: 8 }),
        tenantId,
        fc.integer({ min: 1, max: 9 }),
        (ids, added, shards) => {
          const assign = (all: readonly string[]) =>
            assignStacks(
              environment({ shards }),
              all.map((id) => ({ tenantId: id, displayName: id, environments: { dev: {} } })),
              [],
            );
          const before = assign(ids).flatMap(({ stackName, tenants }) =>
            tenants.map((each) => ({ stackName, ...each })),
          );
          const after = assign([...new Set([...ids, added])]).flatMap(({ stackName, tenants }) =>
            tenants.map((each) => ({ stackName, ...each })),
          );
          expect(after).toEqual(expect.arrayContaining(before));
        },
      ),
    );
  });

  test("shards are whole numbers below their count", () => {
    fc.assert(
      fc.property(tenantId, fc.integer({ min: 1, max: 1000 }), (id, shards) => {
        expect(Number.isInteger(shardOf(id, shards))).toBe(true);
        expect(shardOf(id, shards)).toBeLessThan(shards);
        expect(shardOf(id, shards)).toBe(shardOf(id, shards));
      }),
    );
  });
});

describe("every definition that is accepted", () => {
  test("is synthesized to columns that read back equal to what BigQuery is sent", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(columns, text), { minLength: 1, maxLength: 20 }), (tables) => {
        const definitions = tables.map(([fields, description], index) =>
          parseDefinition(`notes${index}`, "notes.json", JSON.stringify({ description, schema: { fields } })),
        );
        const assignment = { stackName: "metadata-dev", environment: environment(), shard: 0, tenants: [tenant()] };
        const stack = synthesize({ assignment, definitions });
        for (const definition of definitions) {
          const { tableId: id, description } = definition;
          expect(evaluate(stack.locals[`${id}_schema`])).toEqual(tableResource(tenant(), definition).schema.fields);
          const synthesized = stack.resource["google_bigquery_table"]?.[`acme__${id}`]?.["description"];
          // cdktf leaves out an empty description, which BigQuery does not tell from none.
          expect(evaluate(synthesized ?? "")).toBe(description);
        }
      }),
      // About ten definitions each: a synth costs more than a table.
      { numRuns: runs(13) },
    );
  });
});

/** What Terraform makes of a value: an escaped marker is the marker; an unescaped one would be an expression. */
function evaluate(value: unknown): unknown {
  if (typeof value === "string") {
    return value.replaceAll(/\$\$\{|%%\{|\$\{|%\{/g, (marker) => {
      if (marker.length === 2) throw new Error(`An expression would be evaluated in ${JSON.stringify(value)}`);
      return marker.slice(1);
    });
  }
  if (Array.isArray(value)) return value.map(evaluate);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, evaluate(entry)]));
}
