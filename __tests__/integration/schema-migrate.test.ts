import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { compareTable } from "../../evolution/definitions/compare-table";
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
let folder: string;

beforeAll(async () => {
  emulator = await startLocalBigQuery();
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
  for (const tenant of TENANTS) {
    await emulator.call("DELETE", `/${PROJECT}/datasets/${tenant}_metadata?deleteContents=true`);
  }
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
  expect(
    await emulator.query(
      PROJECT,
      `SELECT step_logging_id, error_text, duration_ms FROM \`${PROJECT}.acme_retail_metadata.step_logs\``,
    ),
  ).toEqual([["step-1", "disk full", "1500"]]);
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
  await emulator.query(
    PROJECT,
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
    env: environmentVariables(),
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

it("stops after the statement that is running when interrupted, and says how to go on", async () => {
  changeDefinitions();
  const child = spawn(
    process.execPath,
    ["--import", "tsx", path.join(ROOT, "cli/main.ts"), ...args("--execute", "--json")],
    {
      cwd: ROOT,
      env: environmentVariables(),
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const closed = new Promise((resolve) => child.once("close", resolve));
  const untouched = await liveDifferences("acme_retail");
  while (child.exitCode === null && (await liveDifferences("acme_retail")).length === untouched.length) await sleep(5);
  child.kill("SIGINT");

  expect(await closed).toBe(3);
  expect(err).toContain("Stopping after the statements that are running. Run the same command again to go on.");
  const { tenants } = JSON.parse(out) as { tenants: { status: string; message?: string }[] };
  expect(tenants.find(({ status }) => status === "failed")?.message).toBe(
    "interrupted; run the same command again to go on.",
  );
  expect((await run("--execute")).code).toBe(0);
  for (const tenant of TENANTS) expect(await liveDifferences(tenant)).toEqual([]);
});

it("runs the printed script twice with the same result", async () => {
  changeDefinitions();
  const { out } = await run();

  await emulator.query(PROJECT, out);
  await emulator.query(PROJECT, out);

  for (const tenant of TENANTS) expect(await liveDifferences(tenant)).toEqual([]);
});

it("leaves a table alone that is in neither shape, and migrates the others", async () => {
  changeDefinitions();
  await emulator.query(
    PROJECT,
    `ALTER TABLE \`${PROJECT}.globex_metadata.step_logs\` RENAME COLUMN error_message TO oops`,
  );
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
  await emulator.call("DELETE", `/${PROJECT}/datasets/initech_metadata/tables/step_logs`);

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
  writeFileSync(file, readFileSync(file, "utf8").replace(emulator.endpoint, "http://127.0.0.1:2"));

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

  const table = (await emulator.call(
    "GET",
    `/${PROJECT}/datasets/globex_metadata/tables/step_logs`,
  )) as TableDefinition;
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

function environmentVariables(): NodeJS.ProcessEnv {
  return { ...process.env, METADATA_CONFIG_DIR: path.join(folder, "configs") };
}

/** Runs the command as a process of its own, as its users do. */
async function run(...more: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", path.join(ROOT, "cli/main.ts"), ...args(...more)], {
    cwd: ROOT,
    env: environmentVariables(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, out, err };
}

function definitions(side: "old" | "new"): TableDefinition[] {
  return readdirSync(path.join(folder, side)).map((name) =>
    parseDefinition(path.basename(name, ".json"), name, readFileSync(path.join(folder, side, name), "utf8")),
  );
}

async function createTables(tenant: string): Promise<void> {
  const datasetReference = { projectId: PROJECT, datasetId: `${tenant}_metadata` };
  await emulator.call("POST", `/${PROJECT}/datasets`, { datasetReference, location: "US" });
  for (const { tableId, description, schema } of definitions("old")) {
    await emulator.call("POST", `/${PROJECT}/datasets/${datasetReference.datasetId}/tables`, {
      tableReference: { ...datasetReference, tableId },
      description,
      schema: { fields: schema.fields.map(columnResource) },
    });
  }
}

async function addRow(tenant: string): Promise<void> {
  await emulator.query(
    PROJECT,
    `INSERT INTO \`${PROJECT}.${tenant}_metadata.step_logs\`
      (step_logging_id, pipeline_logging_id, step_name, step_type, step_index, status, start_time, duration_ms, error_message)
      VALUES ('step-1', 'run-1', 'load', 'api_call', 0, 'FAILED', TIMESTAMP '2026-01-02 03:04:05', 1500, 'disk full')`,
  );
}

/** Codes of what still differs between the live table and its new definition. */
async function liveDifferences(tenant: string): Promise<string[]> {
  const definition = definitions("new").find(({ tableId }) => tableId === "step_logs");
  if (definition === undefined) throw new Error("no definition");
  const metadata = (await emulator.call(
    "GET",
    `/${PROJECT}/datasets/${tenant}_metadata/tables/step_logs`,
  )) as TableDefinition;
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
