import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { BigQuery } from "@google-cloud/bigquery";
import { PassThroughClient } from "google-auth-library";
import { runProgram } from "../../cli/program";
import { compareTable } from "../../evolution/compare-table";
import type { TableDefinition } from "../../model/formats/table-definition";
import { parseDefinition } from "../../model/load-config";
import { columnResource } from "../../model/resources";
import { type LocalBigQuery, startLocalBigQuery } from "./support/local-bigquery";

jest.setTimeout(300_000);

const ROOT = path.resolve(__dirname, "../..");
const SCHEMAS = path.join(ROOT, "configs/metadata/schemas");
const TENANTS = ["acme_retail", "globex", "initech"];
const PROJECT = "example-local";

let emulator: LocalBigQuery;
let bigquery: BigQuery;
let folder: string;

beforeAll(async () => {
  emulator = await startLocalBigQuery();
  bigquery = new BigQuery({ projectId: PROJECT, apiEndpoint: emulator.endpoint, authClient: new PassThroughClient() });
});

afterAll(async () => emulator.stop());

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "schema-migrate-"));
  const configs = path.join(folder, "configs");
  cpSync(path.join(ROOT, "configs/metadata"), path.join(configs, "metadata"), { recursive: true });
  const write = (file: string, value: unknown) => {
    cpSync(path.join(ROOT, "configs", file), path.join(configs, file), { recursive: true });
    writeFileSync(path.join(configs, file), JSON.stringify(value));
  };
  write("environments/local.json", {
    projectId: PROJECT,
    location: "US",
    backend: { type: "local" },
    deletionProtection: false,
    endpoint: emulator.endpoint,
  });
  for (const tenant of TENANTS) write(`tenants/${tenant}.json`, { displayName: tenant, environments: { local: {} } });
  cpSync(SCHEMAS, path.join(folder, "old"), { recursive: true });
  cpSync(SCHEMAS, path.join(folder, "new"), { recursive: true });
  for (const tenant of TENANTS) await createTables(tenant);
});

afterEach(async () => {
  for (const tenant of TENANTS) await bigquery.dataset(`${tenant}_metadata`).delete({ force: true });
  rmSync(folder, { recursive: true, force: true });
});

it("migrates three tenants to the new definitions and keeps their rows", async () => {
  changeDefinitions();
  await addRow("acme_retail");

  const { code, out } = await run("--execute", "--json");

  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    tenants: TENANTS.map((tenant) => ({ tenant, status: "migrated", ran: 8, skipped: 0 })),
  });
  for (const tenant of TENANTS) expect(await liveDifferences(tenant)).toEqual([]);
  const [rows] = (await bigquery.query(
    `SELECT step_logging_id, error_text, duration_ms FROM \`${PROJECT}.acme_retail_metadata.step_logs\``,
  )) as unknown as [Record<string, unknown>[]];
  expect(rows.map((row) => [row["step_logging_id"], row["error_text"], String(row["duration_ms"])])).toEqual([
    ["step-1", "disk full", "1500"],
  ]);
});

it("finds nothing to do the second time", async () => {
  changeDefinitions();
  await run("--execute");

  const { code, out } = await run("--execute", "--json");

  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    tenants: TENANTS.map((tenant) => ({ tenant, status: "up to date", ran: 0, skipped: 8 })),
  });
});

it("goes on where an earlier run stopped", async () => {
  changeDefinitions();
  await bigquery.query(
    `ALTER TABLE \`${PROJECT}.globex_metadata.step_logs\` RENAME COLUMN error_message TO error_text`,
  );

  const { code, out } = await run("--execute", "--json", "--tenant", "globex");

  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ tenants: [{ tenant: "globex", status: "migrated", ran: 7, skipped: 1 }] });
  expect(await liveDifferences("globex")).toEqual([]);
});

it("is finished by a second process after the first was killed", async () => {
  changeDefinitions();
  const child = spawn(process.execPath, ["--import", "tsx", path.join(ROOT, "cli/main.ts"), ...args("--execute")], {
    cwd: ROOT,
    env: { ...process.env, METADATA_CONFIG_DIR: path.join(folder, "configs") },
    stdio: "ignore",
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const untouched = await liveDifferences("acme_retail");
  while (child.exitCode === null && (await liveDifferences("acme_retail")).length === untouched.length) await sleep(5);
  child.kill("SIGKILL");
  await exited;

  const { code } = await run("--execute");

  expect(code).toBe(0);
  for (const tenant of TENANTS) expect(await liveDifferences(tenant)).toEqual([]);
});

it("runs the printed script twice with the same result", async () => {
  changeDefinitions();
  const { out } = await run();

  await bigquery.query(out);
  await bigquery.query(out);

  for (const tenant of TENANTS) expect(await liveDifferences(tenant)).toEqual([]);
});

it("leaves a table alone that is in neither shape, and migrates the others", async () => {
  changeDefinitions();
  await bigquery.query(`ALTER TABLE \`${PROJECT}.globex_metadata.step_logs\` RENAME COLUMN error_message TO oops`);
  const before = await liveDifferences("globex");

  const { code, out } = await run("--execute", "--json");

  expect(code).toBe(3);
  const { tenants } = JSON.parse(out) as { tenants: { tenant: string; status: string; message?: string }[] };
  expect(tenants.map(({ tenant, status }) => [tenant, status])).toEqual([
    ["acme_retail", "migrated"],
    ["globex", "failed"],
    ["initech", "migrated"],
  ]);
  expect(tenants[1]?.message).toBe(
    "step_logs: the live table is in neither the old nor the new shape, so it is left alone. Cannot rename error_message to error_text. Compare its schema with both definitions.",
  );
  expect(await liveDifferences("globex")).toEqual(before);
});

it("passes over a tenant whose tables do not exist yet", async () => {
  changeDefinitions();
  await bigquery.dataset("initech_metadata").table("step_logs").delete();

  const { code, out } = await run("--execute", "--json", "--tenant", "initech");

  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ tenants: [{ tenant: "initech", status: "no tables", ran: 0 }] });
});

it("drops a column only when told to", async () => {
  edit("step_logs", (fields) => fields.filter(({ name }) => name !== "metadata"));

  const refused = await run("--execute");
  expect(refused.code).toBe(2);
  expect(refused.err).toContain("pass --drop-columns to drop it now, or keep it");
  const dropped = await run("--execute", "--drop-columns");

  expect(dropped.code).toBe(0);
  for (const tenant of TENANTS) expect(await liveDifferences(tenant)).toEqual([]);
});

it("says that the remote service failed when it cannot be reached", async () => {
  changeDefinitions();
  const file = path.join(folder, "configs/environments/local.json");
  writeFileSync(file, readFileSync(file, "utf8").replace(emulator.endpoint, "http://127.0.0.1:1"));

  const { code, out } = await run("--execute", "--tenant", "globex");

  expect(code).toBe(3);
  expect(out).toContain("ECONNREFUSED");
});

it("reads nested columns and arrays in SQL as the definition means them", async () => {
  edit("step_logs", (fields) => [
    ...fields,
    {
      name: "artifacts",
      type: "RECORD",
      mode: "REPEATED",
      fields: [
        { name: "uri", type: "STRING" },
        { name: "sizes", type: "INT64", mode: "REPEATED" },
      ],
    },
  ]);

  await run("--execute");

  for (const tenant of TENANTS) expect(await liveDifferences(tenant)).toEqual([]);
});

it("writes descriptions that hold quotes and newlines unchanged", async () => {
  const description = `It's "quoted", has a \\ and\na second line; ümläut`;
  edit("step_logs", (fields) =>
    fields.map((field) => (field.name === "step_name" ? { ...field, description } : field)),
  );

  await run("--execute");

  const [table] = (await bigquery.dataset("globex_metadata").table("step_logs").getMetadata()) as unknown as [
    { schema: { fields: { name: string; description?: string }[] } },
  ];
  expect(table.schema.fields.find(({ name }) => name === "step_name")?.description).toBe(description);
});

/** A rename, a widening, a relaxation and two additions, each with its description. */
function changeDefinitions(): void {
  edit("step_logs", (fields) => [
    ...fields.map((field) => {
      if (field.name === "error_message") return { ...field, name: "error_text", description: "What went wrong" };
      if (field.name === "duration_ms") return { ...field, type: "NUMERIC" };
      return field.name === "step_type" ? { ...field, mode: "NULLABLE" } : field;
    }),
    { name: "attempt", type: "INTEGER", description: "From 1" },
    { name: "tags", type: "STRING", mode: "REPEATED", description: "Free labels" },
  ]);
}

type Field = { name: string; type: string; mode?: string; description?: string; fields?: Field[] };

function edit(table: string, change: (fields: Field[]) => Field[]): void {
  const file = path.join(folder, "new", `${table}.json`);
  const definition = JSON.parse(readFileSync(file, "utf8")) as { schema: { fields: Field[] } };
  definition.schema.fields = change(definition.schema.fields);
  writeFileSync(file, JSON.stringify(definition));
}

function args(...more: string[]): string[] {
  return ["schema", "migrate", path.join(folder, "old"), path.join(folder, "new"), "--environment", "local", ...more];
}

async function run(...more: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const code = await runProgram(args(...more), {
    configDir: path.join(folder, "configs"),
    print: (text) => void (out += text),
    report: (text) => void (err += text),
    exitWith: () => undefined,
  });
  return { code, out, err };
}

function definitions(side: "old" | "new"): TableDefinition[] {
  return readdirSync(path.join(folder, side)).map((name) =>
    parseDefinition(path.basename(name, ".json"), name, readFileSync(path.join(folder, side, name), "utf8")),
  );
}

async function createTables(tenant: string): Promise<void> {
  const [dataset] = await bigquery.createDataset(`${tenant}_metadata`, { location: "US" });
  for (const { tableId, description, schema } of definitions("old")) {
    await dataset.createTable(tableId, {
      ...(description === undefined ? {} : { description }),
      schema: { fields: schema.fields.map(columnResource) as never },
    });
  }
}

async function addRow(tenant: string): Promise<void> {
  await bigquery.query(
    `INSERT INTO \`${PROJECT}.${tenant}_metadata.step_logs\`
      (step_logging_id, pipeline_logging_id, step_name, step_type, step_index, status, start_time, duration_ms, error_message)
      VALUES ('step-1', 'run-1', 'load', 'api_call', 0, 'FAILED', TIMESTAMP '2026-01-02 03:04:05', 1500, 'disk full')`,
  );
}

/** Codes of what still differs between the live table and its new definition. */
async function liveDifferences(tenant: string): Promise<string[]> {
  const definition = definitions("new").find(({ tableId }) => tableId === "step_logs");
  if (definition === undefined) throw new Error("no definition");
  const [metadata] = (await bigquery.dataset(`${tenant}_metadata`).table("step_logs").getMetadata()) as unknown as [
    TableDefinition,
  ];
  const live = { ...metadata, tableId: "step_logs" };
  const target = {
    ...definition,
    schema: { fields: definition.schema.fields.map(columnResource) },
  };
  const { timePartitioning: _, clustering: __, tableConstraints: ___, ...wanted } = target;
  const { timePartitioning: ____, clustering: _____, ...found } = live;
  return compareTable(found, wanted)
    .filter(({ effect }) => effect !== "none")
    .map(({ code, path: place }) => `${code} ${place}`);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
