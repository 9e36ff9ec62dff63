import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { mustGet } from "../model/errors";
import { configFolder, temporaryFolder, VALID } from "./support/config-folder";
import { PROJECT } from "./support/run";
import { runBuilt } from "./support/run-built";
import type { TerraformJson } from "./support/synth";

/** Synthesizes and reads all that was written, since the folder goes with the test. */
function synth(env: Readonly<Record<string, string>> = {}) {
  const outdir = temporaryFolder();
  const finished = runBuilt("main.ts", [], { CDKTF_OUTDIR: outdir, ...env });
  const folder = path.join(outdir, "stacks");
  const stacks = existsSync(folder) ? readdirSync(folder).sort() : [];
  const texts = new Map(stacks.map((stack) => [stack, readFileSync(path.join(folder, stack, "cdk.tf.json"), "utf8")]));
  const manifest = path.join(outdir, "manifest.json");
  return {
    ...finished,
    stacks,
    read: (stack: string) => mustGet(texts, stack, "stack"),
    manifest: existsSync(manifest) ? (JSON.parse(readFileSync(manifest, "utf8")) as { stacks: object }) : undefined,
  };
}

describe("synthesizing the sample configuration", () => {
  const sample = synth();
  const stacks = ["metadata-dev", "metadata-local", "metadata-prod-000", "metadata-prod-001", "metadata-staging"];

  test("makes the stacks of every environment and says what they hold", () => {
    expect(sample.stderr).toBe("");
    expect(sample.status).toBe(0);
    expect(sample.stacks).toEqual(stacks);
    expect(
      sample.stdout.replaceAll(/(?:\.\.\/)*\S*\/stacks\//g, "<out>/stacks/").replaceAll(/ +│\n|─+┐|─+┤|─+┘/g, "│\n"),
    ).toMatchSnapshot();
    expect(Object.keys(sample.manifest?.stacks ?? {})).toEqual(stacks);
  });

  test("makes what the README shows", () => {
    expect(stackRows(sample.stdout)).toHaveLength(stacks.length);
    expect(stackRows(readFileSync(path.join(PROJECT, "README.md"), "utf8"))).toEqual(stackRows(sample.stdout));
  });

  test("holds each table's columns once per stack, all stacks alike", () => {
    const locals = stacks.map((stack) => section(sample.read(stack), "locals"));
    expect(new Set(locals).size).toBe(1);
    expect(locals[0]).toMatchSnapshot();
  });

  test("plans metadata-dev", () => {
    const text = sample.read("metadata-dev");
    expect(text.replace(section(text, "locals"), "")).toMatchSnapshot();
  });

  test.each([
    ["metadata-dev", ["acme_retail", "globex", "initech"]],
    ["metadata-local", ["acme_retail", "globex"]],
    ["metadata-prod-000", ["acme_retail", "umbrella_labs"]],
    ["metadata-prod-001", ["globex", "soylent"]],
    ["metadata-staging", ["acme_retail", "soylent"]],
  ])(
    "plans in %s a dataset for each of its tenants, every table in it, and grants on these alone",
    (stack, tenants) => {
      const { resource, locals } = JSON.parse(sample.read(stack)) as TerraformJson;
      const tables = Object.keys(locals).map((local) => local.replace(/_schema$/, ""));
      const wanted = tenants.flatMap((tenant) => tables.map((table) => `${tenant}__${table}`));
      expect(Object.keys(resource["google_bigquery_dataset"] ?? {})).toEqual(tenants);
      expect(Object.keys(resource["google_bigquery_table"] ?? {})).toEqual(wanted);
      for (const { table_id: table } of Object.values(resource["google_bigquery_table_iam_member"] ?? {})) {
        expect(wanted.map((name) => `\${google_bigquery_table.${name}.table_id}`)).toContain(table);
      }
    },
  );

  test("is the same in every run", () => {
    const again = synth();
    for (const stack of stacks) expect(again.read(stack)).toBe(sample.read(stack));
  });

  test("has every table, column, type, mode, description, partition and cluster of the document, in its order", () => {
    // The tables' source of truth stands beside the repository; elsewhere its generated equal is compared.
    const seed = path.join(PROJECT, "..", "shared", "seed", "metadata-schema.md");
    const document = existsSync(seed) ? seed : path.join(PROJECT, "docs", "metadata-schema.md");
    const expected = readDocument(readFileSync(document, "utf8"));
    const stack = JSON.parse(sample.read("metadata-dev")) as TerraformJson;
    const synthesized = expected.map(({ tableId }) => {
      const table = stack.resource["google_bigquery_table"]?.[`acme_retail__${tableId}`] as TableArguments;
      const { time_partitioning: partitioning, clustering = [] } = table;
      return {
        tableId,
        columns: (stack.locals[`${tableId}_schema`] as Column[]).map(({ name, type, mode, description }) => ({
          name,
          type,
          mode,
          description,
        })),
        partition: partitioning && `${partitioning.type} ${partitioning.field}`,
        clustering,
      };
    });
    expect(synthesized).toEqual(expected);
    expect(Object.keys(stack.locals)).toHaveLength(expected.length);
    expect(synthesized.flatMap(({ columns }) => columns)).toHaveLength(45);
  });
});

describe("METADATA_ENVIRONMENTS", () => {
  test("builds only the named environments", () => {
    expect(synth({ METADATA_ENVIRONMENTS: "dev, prod" }).stacks).toEqual([
      "metadata-dev",
      "metadata-prod-000",
      "metadata-prod-001",
    ]);
  });

  test("refuses an unknown one", () => {
    const { status, stderr, stacks } = synth({
      METADATA_ENVIRONMENTS: "dev,prd",
    });
    expect([status, stacks]).toEqual([1, []]);
    expect(stderr).toMatchInlineSnapshot(`
      "1 problem in the configuration:

      METADATA_ENVIRONMENTS
        There is no environment of this name
        received: "prd"
        allowed:  dev, local, prod, staging
        fix:      Did you mean "prod"?
      "
    `);
  });
});

describe("a configuration error", () => {
  test("ends with exit code 1 and the problems, without a stack trace, and writes nothing", () => {
    const folder = configFolder({
      ...VALID,
      "tenants/acme.json": { displayName: "Acme", environments: { dve: {} } },
    });
    const { status, stdout, stderr, stacks } = synth({
      METADATA_CONFIG_DIR: folder,
    });
    expect([status, stdout, stacks]).toEqual([1, "", []]);
    expect(stderr).toMatchInlineSnapshot(`
      "1 problem in the configuration:

      tenants/acme.json:4 environments.dve
        There is no environment of this name
        received: "dve"
        allowed:  dev
        fix:      Did you mean "dev"?
      "
    `);
  });
});

/** The cells of a synth's table, without the last column, which depends on the folder. */
function stackRows(text: string) {
  return [...text.matchAll(/^│ (metadata-.+)│[^│]+│$/gm)].map(([, row = ""]) =>
    row.split("│").map((cell) => cell.trim()),
  );
}

interface TableArguments {
  readonly clustering?: readonly string[];
  readonly time_partitioning?: { readonly type: string; readonly field: string };
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly mode: string;
  readonly description: string;
}

/** The tables of a schema document, read from its headings and Markdown tables. */
function readDocument(markdown: string) {
  return markdown
    .split(/^### \d+\. /m)
    .slice(1)
    .map((text) => ({
      tableId: /^`(\w+)`/.exec(text)?.[1],
      columns: [...text.matchAll(/^\| `(\w+)` \| (\w+) \| (\w+) \| (.+) \|$/gm)].map(
        ([, name, type, mode, description]) => ({
          name,
          type,
          mode,
          description,
        }),
      ),
      partition: /Daily partitions by `(\w+)`/.exec(text)?.[1]?.replace(/^/, "DAY "),
      clustering: [...(/^\*\*Clustering\*\*: (.+)$/m.exec(text)?.[1] ?? "").matchAll(/`(\w+)`/g)].map(
        ([, name]) => name,
      ),
    }));
}

/** One top-level block of a stack's file, as text. */
function section(text: string, name: string): string {
  return new RegExp(`^  "${name}": \\{\\n.*?\\n  \\},?\\n`, "ms").exec(text)?.[0] ?? "";
}
