import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { CliContext } from "../../cli/context";
import { createProgram } from "../../cli/program";
import { changedRuns } from "../support/changed-runs";
import { configFolder, type Files, temporaryFolder, VALID } from "../support/config-folder";
import { everythingIn } from "../support/everything-in";
import { change, planJson } from "../support/terraform-plan";

/** Stands for what nobody may read in an error: parameters, rows, keys, hashes, tokens. */
const SECRET = "s3cr3t";

let server: Server;
let endpoint = "";
let asked = 0;
let answer: (request: string) => { readonly status: number; readonly text: string };

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    asked++;
    request
      .on("data", (chunk: Buffer) => chunks.push(chunk))
      .on("end", () => {
        const { status, text } = answer(Buffer.concat(chunks).toString());
        response.writeHead(status).end(text);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => (asked = 0));

/** The files of a configuration whose environment is the server. */
function files(): Files {
  const dev = { projectId: "example-dev", location: "EU", backend: { type: "local" }, endpoint };
  return { ...VALID, "environments/dev.json": dev };
}

/** Runs a command; gives the error that ended it, whatever it printed, and its exit code when no error did. */
async function failureOf(args: readonly string[], configDir: string) {
  const output: string[] = [];
  let code = 0;
  const context: CliContext = {
    configDir,
    print: (text) => void output.push(text),
    report: (text) => void output.push(text),
    now: () => new Date(),
    exitWith: (value) => void (code = value),
  };
  const error: unknown = await createProgram(context)
    .parseAsync([...args], { from: "user" })
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  return { failed: error !== undefined || code !== 0, seen: `${output.join("")}\n${everythingIn(error)}` };
}

/** What a command that fails and tells nothing gives. */
const SILENT = { failed: true, told: [] };

/** Whether a command failed, and what of the secrets and the request its error and its output tell. */
async function toldBy(args: readonly string[], configDir: string) {
  const { failed, seen } = await failureOf(args, configDir);
  return { failed, told: seen.match(new RegExp(`.*(?:${SECRET}|authorization|bearer).*`, "gi")) ?? [] };
}

const QUESTION = ["--param", `pipeline=${SECRET}`, "--param", `date=${SECRET}-day`];

describe.each([400, 401, 403, 404])("BigQuery answers %i", (status) => {
  test.each<[string, (request: string) => string]>([
    ["in its own words", () => JSON.stringify({ error: { message: "Refused", errors: [{ reason: "invalid" }] } })],
    ["and a proxy repeats the request", (request) => `<html>${request}</html>`],
    ["with JSON that is cut", (request) => request.slice(0, -1)],
  ])("%s: no error of a question holds its parameters", async (_, text) => {
    answer = (request) => ({ status, text: text(request) });
    for (const whom of [["--tenant", "acme"], ["--all-tenants"]]) {
      expect(
        await toldBy(["query", "is-done", "--environment", "dev", ...whom, ...QUESTION], configFolder(files())),
      ).toEqual(SILENT);
      expect(
        await toldBy(["runs", "--environment", "dev", ...whom, "--pipeline", SECRET], configFolder(files())),
      ).toEqual(SILENT);
    }
    expect(asked).toBeGreaterThan(0);
  });

  test("no error of a migration holds the answer's body", async () => {
    answer = () => ({ status, text: `<html>${SECRET}</html>` });
    const now = changedRuns(({ schema }) => void schema.fields.push({ name: "extra", type: "STRING" }));
    const [old, next] = [
      configFolder(files()),
      configFolder({ ...now, "environments/dev.json": files()["environments/dev.json"] }),
    ];
    const folders = [old, next].map((folder) => path.join(folder, "metadata/schemas"));
    const told = await toldBy(["schema", "migrate", ...folders, "--environment", "dev", "--execute"], old);
    // A table that is not there is created later, with all its columns.
    expect(told).toEqual({ failed: status !== 404, told: [] });
    expect(asked).toBeGreaterThan(0);
  });
});

const table = (schema: string) => ({ table_id: "runs", schema, labels: { environment: "dev", tenant: "acme" } });
const update = (before: string, after: string) =>
  planJson([change("google_bigquery_table.acme__runs", ["update"], table(before), table(after))]);
const raw = (resource: object) => JSON.stringify({ format_version: "1.2", resource_changes: [resource] });

test.each<[string, string]>([
  ["no JSON", `{"format_version": ${SECRET}`],
  ["JSON that is cut", `{"format_version": "1.2", "planned_values": {"password": "${SECRET}`],
  ["a value that is broken off", `{"format_version": "1.2", "resource_changes": [{"a": "${SECRET}" ${SECRET}`],
  ["a control character in a string", `{"format_version": "1.2", "variables": {"password": "${SECRET}\u0001`],
  ["a state", JSON.stringify({ format_version: "1.0", values: { outputs: { key: { value: SECRET } } } })],
  ["a schema that is none", update(SECRET, SECRET)],
  ["a schema of other things", update("[]", JSON.stringify([{ name: SECRET }]))],
  [
    "a change of other things",
    raw({ address: "a.b", type: "a", name: "b", change: { actions: SECRET, before: SECRET } }),
  ],
  [
    "values that are none",
    raw({ address: "a.b", type: "a", name: "b", change: { actions: ["update"], after: SECRET } }),
  ],
  [
    "actions that are not known",
    raw({
      address: "google_bigquery_table.b",
      type: "google_bigquery_table",
      name: "b",
      change: { actions: ["melt"], before: { password: SECRET } },
    }),
  ],
])("no error of reading a plan holds its values: %s", async (_, plan) => {
  const file = path.join(temporaryFolder(), "plan.json");
  writeFileSync(file, plan);
  for (const command of ["check", "summary", "verify"])
    expect(await toldBy(["plan", command, file], configFolder(files()))).toEqual(SILENT);
});

test.each<[string, string, unknown]>([
  ["an environment with a key that it does not have", "environments/dev.json", { password: SECRET }],
  ["an environment that is cut", "environments/dev.json", `{"projectId": "example-dev", "password": "${SECRET}`],
  ["a tenant with a key that it does not have", "tenants/acme.json", { displayName: "Acme", apiKey: SECRET }],
  [
    "a definition with a key that it does not have",
    "metadata/schemas/runs.json",
    { schema: { fields: [] }, token: SECRET },
  ],
  [
    "a backend with a key that it does not have",
    "environments/dev.json",
    { backend: { type: "local", token: SECRET } },
  ],
  ["an allowance with a key that it does not have", "allowances/drop.json", { token: { deep: SECRET } }],
])("no error of a configuration holds what should not be in it: %s", async (_, file, content) => {
  const configs = configFolder({ ...files(), [file]: content });
  const commands = [
    ["validate"],
    ["tenant", "list"],
    ["export", "--environment", "dev", "--tenant", "acme"],
    ["query", "freshness", "--environment", "dev", "--all-tenants"],
    ["spool", "replay", temporaryFolder(), "--environment", "dev"],
  ];
  const plan = path.join(temporaryFolder(), "plan.json");
  writeFileSync(plan, planJson([]));
  const readers = file.startsWith("allowances") ? [["plan", "check", plan]] : commands;
  for (const args of readers) expect(await toldBy(args, configs)).toEqual(SILENT);
});

test("no error of a replay holds a row: lines that cannot be read are counted", async () => {
  const spool = temporaryFolder();
  writeFileSync(path.join(spool, "a.spool"), `{"rows":[{"key":"${SECRET}"}]}\nnothing ${SECRET}\n`);
  expect(await toldBy(["spool", "replay", spool, "--environment", "dev"], configFolder(files()))).toEqual(SILENT);
});
