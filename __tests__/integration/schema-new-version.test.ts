import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { missingRowsQuery } from "../../bigquery/sql/new-version";
import { mapVersion } from "../../evolution/migration/version-mapping";
import { parseDefinition } from "../../model/load-config";
import { columnResource } from "../../model/resources";
import { configFolder, temporaryFolder } from "../support/config-folder";
import { PROJECT as ROOT } from "../support/run";
import { runCli } from "../support/run-cli";
import { type LocalBigQuery, startLocalBigQuery } from "./support/local-bigquery";

jest.setTimeout(300_000);

const PROJECT = "example-local";
const DATASET = { projectId: PROJECT, datasetId: "acme_metadata" };
const SCHEMAS = path.join(ROOT, "configs/metadata/schemas");
const NAMES = readdirSync(SCHEMAS);

let emulator: LocalBigQuery;

beforeAll(async () => {
  emulator = await startLocalBigQuery();
});

afterAll(async () => emulator.stop());

test("the scripts of a new version show every row once at every step, and may be repeated", async () => {
  const configs = configFolder({
    ...Object.fromEntries(
      NAMES.map((name) => [`metadata/schemas/${name}`, readFileSync(path.join(SCHEMAS, name), "utf8")]),
    ),
    "environments/local.json": {
      projectId: PROJECT,
      location: "US",
      backend: { type: "local" },
      deletionProtection: false,
      endpoint: emulator.endpoint,
    },
    "tenants/acme.json": { displayName: "Acme", environments: { local: {} } },
  });
  const out = temporaryFolder();
  const file = path.join(configs, "metadata/schemas/step_logs_v2.json");
  await cli(configs, "schema", "new-version", "step_logs");
  const definition = JSON.parse(readFileSync(file, "utf8")) as {
    schema: { fields: { name: string; type: string; mode?: string }[] };
    timePartitioning: { type: string };
  };
  definition.timePartitioning.type = "MONTH";
  for (const field of definition.schema.fields) if (field.name === "duration_ms") field.type = "STRING";
  definition.schema.fields.push({ name: "region", type: "STRING", mode: "REQUIRED" });
  writeFileSync(file, JSON.stringify(definition));

  await cli(configs, "schema", "new-version", "step_logs", "--value", "region='unknown'", "--out", out);
  const [view, backfill] = ["view", "backfill"].map((name) =>
    readFileSync(path.join(out, `${name}.local.sql`), "utf8"),
  );

  const [old, now] = ["step_logs", "step_logs_v2"].map((tableId) =>
    parseDefinition(tableId, tableId, readFileSync(path.join(configs, "metadata/schemas", `${tableId}.json`), "utf8")),
  );
  if (old === undefined || now === undefined) throw new Error("no definitions");
  await emulator.call("POST", `/${PROJECT}/datasets`, { datasetReference: DATASET, location: "US" });
  for (const { tableId, schema, timePartitioning } of [old, now]) {
    await emulator.call("POST", `/${PROJECT}/datasets/${DATASET.datasetId}/tables`, {
      tableReference: { ...DATASET, tableId },
      schema: { fields: schema.fields.map(columnResource) },
      timePartitioning,
    });
  }
  await insert("step_logs", "a", "2026-01-30 10:00:00", "'x1'", "1500");
  await insert("step_logs", "b", "2026-01-31 10:00:00", "'x2'", "1500");
  await insert("step_logs", "c", "2026-02-01 10:00:00", "'x3'", "1500");

  await emulator.query(PROJECT, view ?? "");
  expect(await rows("step_logs_all")).toEqual(["a 1500 unknown", "b 1500 unknown", "c 1500 unknown"]);

  // Writers have cut over: one new row, and one that both versions hold.
  await insertNew("b", "2026-01-31 10:00:00");
  await insertNew("d", "2026-02-02 10:00:00");
  expect(await rows("step_logs_all")).toEqual(["a 1500 unknown", "b 1600 eu", "c 1500 unknown", "d 1600 eu"]);

  for (const _ of ["first", "second"]) {
    await emulator.query(PROJECT, backfill ?? "");
    expect(await rows("step_logs_v2")).toEqual(["a 1500 unknown", "b 1600 eu", "c 1500 unknown", "d 1600 eu"]);
    expect(await rows("step_logs_all")).toEqual(["a 1500 unknown", "b 1600 eu", "c 1500 unknown", "d 1600 eu"]);
  }
  const version = mapVersion(old, now, new Map([["region", "'unknown'"]]));
  expect(await emulator.query(PROJECT, missingRowsQuery(DATASET, version))).toEqual([["0"]]);
});

async function cli(configDir: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await runCli(args, configDir);
  if (code !== 0) throw new Error(stderr);
}

async function insert(table: string, id: string, time: string, name: string, duration: string): Promise<void> {
  await emulator.query(
    PROJECT,
    `INSERT INTO \`${PROJECT}.acme_metadata.${table}\`
      (step_logging_id, pipeline_logging_id, step_name, step_type, step_index, status, start_time, duration_ms)
      VALUES ('${id}', 'run-1', ${name}, 'api_call', 0, 'COMPLETED', TIMESTAMP '${time}', ${duration})`,
  );
}

async function insertNew(id: string, time: string): Promise<void> {
  await emulator.query(
    PROJECT,
    `INSERT INTO \`${PROJECT}.acme_metadata.step_logs_v2\`
      (step_logging_id, pipeline_logging_id, step_name, step_type, step_index, status, start_time, duration_ms, region)
      VALUES ('${id}', 'run-1', 'new', 'api_call', 0, 'COMPLETED', TIMESTAMP '${time}', '1600', 'eu')`,
  );
}

async function rows(table: string): Promise<string[]> {
  const found = await emulator.query(
    PROJECT,
    `SELECT step_logging_id, duration_ms, region FROM \`${PROJECT}.acme_metadata.${table}\` ORDER BY step_logging_id`,
  );
  return found.map((row) => row.join(" "));
}
