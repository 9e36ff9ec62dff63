import { writeFileSync } from "node:fs";
import path from "node:path";
import { configFolder, type Files, temporaryFolder, VALID } from "../../support/config-folder";
import { daysAhead } from "../../support/days";
import { columnsJson, planOf, plannedTable, resourceChange } from "../../support/plan";
import { PROJECT } from "../../support/run";
import { runCli } from "../../support/run-cli";

const DROP = resourceChange(
  "google_bigquery_table",
  ["update"],
  plannedTable(),
  plannedTable({ schema: columnsJson({ without: "error_message" }) }),
);

function planFile(...changes: readonly Record<string, unknown>[]): string {
  const file = path.join(temporaryFolder(), "plan.json");
  writeFileSync(file, JSON.stringify(planOf(changes)));
  return file;
}

const check = async (files: readonly string[], configs: Files = VALID, ...args: readonly string[]) =>
  runCli(["plan", "check", ...files, ...args], configFolder(configs));

const NOTHING =
  "Looked at 0 resources in the plan: 0 datasets and 0 tables destroyed, 0 tables replaced, 0 columns dropped, 0 other resources destroyed, 0 tables created, 0 tables updated, 0 grants added, 0 widened, 0 removed.";

test("finds nothing in a plan without changes", async () => {
  expect(await check([planFile()])).toEqual({ code: 0, stdout: `No schema change.\n${NOTHING}\n`, stderr: "" });
});

test("finds a column dropped inside an update, and where", async () => {
  expect(await check([planFile(DROP)])).toMatchInlineSnapshot(`
{
  "code": 2,
  "stderr": "",
  "stdout": "drop-column  column-dropped  dev/acme/step_logs  schema.fields.error_message
  google_bigquery_table.acme__step_logs
  Terraform drops column error_message in place by ALTER TABLE … DROP COLUMN; its data is lost, with or without deletion protection.
  Instead: Keep the column, or stop writing it first and drop it in a later release under an allowance.
  Breaks writers of the previous release.

Worst effect: drop-column. 1 finding (1 drop-column), 1 breaks writers, 1 needs an allowance.
Looked at 1 resource in the plan: 0 datasets and 0 tables destroyed, 0 tables replaced, 1 column dropped, 0 other resources destroyed, 0 tables created, 1 table updated, 0 grants added, 0 widened, 0 removed.
",
}
`);
});

test("prints the same as JSON, with address, environment and tenant", async () => {
  const { code, stdout } = await check([planFile(DROP)], VALID, "--json");
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    effect: "drop-column",
    findings: [
      {
        code: "column-dropped",
        table: "step_logs",
        path: "schema.fields.error_message",
        effect: "drop-column",
        environment: "dev",
        tenant: "acme",
        address: "google_bigquery_table.acme__step_logs",
      },
    ],
  });
});

test("reads several plans, worst first", async () => {
  const deleted = resourceChange("google_bigquery_table", ["delete"], plannedTable({ table_id: "api_keys" }), null);
  const { code, stdout } = await check([planFile(DROP), planFile(deleted)], VALID, "--markdown");
  expect(code).toBe(2);
  const rows = stdout.split("\n").filter((line) => line.startsWith("| **"));
  expect(rows.map((row) => row.split(" | ").slice(1, 3))).toEqual([
    ["`table-deleted`", "`dev/acme/api_keys`"],
    ["`column-dropped`", "`dev/acme/step_logs`"],
  ]);
});

test.each([
  ["protection lowered", plannedTable({ deletion_protection: false })],
  [
    "retention lowered",
    plannedTable({ time_partitioning: [{ type: "DAY", field: "start_time", expiration_ms: 86_400_000 }] }),
  ],
])("does not let %s pass, though it is in place", async (_, after) => {
  const { code, stdout } = await check(
    [planFile(resourceChange("google_bigquery_table", ["update"], plannedTable(), after))],
    VALID,
    "--json",
  );
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ effect: "in-place" });
});

test("lets pass what an allowance names for this tenant", async () => {
  const allowance = {
    code: "column-dropped",
    environment: "dev",
    tenant: "acme",
    table: "step_logs",
    reason: "Never filled since the first release",
    expires: daysAhead(1),
  };
  const allowed = await check([planFile(DROP)], { ...VALID, "allowances/a.json": allowance });
  expect(allowed.code).toBe(0);
  expect(allowed.stdout).toContain("Allowed by allowances/a.json.");
  const other = { ...allowance, tenant: "globex" };
  expect((await check([planFile(DROP)], { ...VALID, "allowances/a.json": other })).code).toBe(2);
});

test("works where there is no configuration at all", async () => {
  const nowhere = path.join(temporaryFolder(), "configs");
  expect((await runCli(["plan", "check", planFile(DROP)], nowhere)).code).toBe(2);
});

test("takes the environment that labels do not tell, so that allowances hold", async () => {
  const member = resourceChange("google_bigquery_dataset_iam_member", ["create"], null, {
    member: "allUsers",
    role: "roles/bigquery.metadataViewer",
  });
  const allowance = {
    code: "access-opened-to-everyone",
    environment: "dev",
    tenant: "acme",
    table: "*",
    reason: "A public data set of open figures",
    expires: daysAhead(30),
  };
  const configs = { ...VALID, "allowances/a.json": allowance };
  expect((await check([planFile(member)], configs)).code).toBe(2);
  expect((await check([planFile(member)], configs, "--environment", "dev")).code).toBe(0);
});

test("puts access on top in words, and takes the environment of grants from the plan's tables", async () => {
  const grants = ["acme", "globex", "initech"].flatMap((tenant) =>
    ["step_logs", "pipeline_runs"].map((tableId) => {
      const change = resourceChange("google_bigquery_table_iam_member", ["create"], null, {
        table_id: tableId,
        dataset_id: `${tenant}_metadata`,
        role: "roles/bigquery.dataViewer",
        member: tenant === "initech" ? "domain:example.com" : "group:auditors@example.com",
      });
      const name = `${tenant}__${tableId}__reader`;
      return { ...change, name, address: `google_bigquery_table_iam_member.${name}` };
    }),
  );
  const table = resourceChange("google_bigquery_table", ["no-op"], plannedTable(), plannedTable());
  const { code, stdout } = await check([planFile(...grants, table)]);
  expect(code).toBe(2);
  expect(stdout).toMatch(
    /^Access\n {2}domain:example\.com may read 2 tables \(pipeline_runs, step_logs\) of initech in dev\n {2}group:auditors@example\.com may read 2 tables \(pipeline_runs, step_logs\) of 2 tenants in dev\n\n/,
  );
  expect(stdout).toContain("in-place  access-opened-broadly  dev/initech/step_logs  member\n");
  expect(stdout).not.toContain("grant-added");
  expect(stdout).toContain("6 grants added, 0 widened, 0 removed.\n");
  expect(JSON.parse((await check([planFile(...grants, table)], VALID, "--json")).stdout)).toMatchObject({
    access: [expect.stringContaining("domain:example.com"), expect.stringContaining("2 tenants in dev")],
    findings: expect.arrayContaining([expect.objectContaining({ code: "grant-added", environment: "dev" })]) as unknown,
  });
});

test("an allowance for something that is no table names its address", async () => {
  const change = {
    ...resourceChange("google_kms_crypto_key", ["delete"], { name: "x" }, null),
    name: "main",
    address: 'module.keys["eu-1"].google_kms_crypto_key.main[0]',
  };
  const allowance = {
    code: "resource-destroyed",
    environment: "dev",
    tenant: "*",
    table: change.address,
    reason: "The key encrypts nothing any more",
    expires: daysAhead(1),
  };
  const configs = { ...VALID, "allowances/a.json": allowance };
  expect((await check([planFile(change)], configs, "--environment", "dev")).code).toBe(0);
  const other = { ...VALID, "allowances/a.json": { ...allowance, table: "google_kms_crypto_key.main" } };
  expect((await check([planFile(change)], other, "--environment", "dev")).code).toBe(2);
});

test("warns of a plan that is not complete", async () => {
  const file = path.join(temporaryFolder(), "plan.json");
  writeFileSync(file, JSON.stringify(planOf([], { complete: false })));
  expect((await check([file])).stderr).toBe(
    `${file} is not complete: parts were deferred or left out by -target. Check the next plan as well.\n`,
  );
});

test.each<readonly [string, string]>([
  ["nope.json", "There is no file nope.json.\n"],
  [PROJECT, `${PROJECT} is a folder. Name the plans in it.\n`],
])("refuses %s", async (file, message) => {
  expect(await check([file])).toEqual({ code: 1, stdout: "", stderr: message });
});

const READER = resourceChange("google_bigquery_table_iam_member", ["create"], null, {
  project: "example-dev",
  dataset_id: "acme_metadata",
  table_id: "secrets_v2",
  role: "roles/bigquery.dataViewer",
  member: "group:data-readers@example.com",
});

test("a version of a key table that no definition names is one", async () => {
  const secrets = { access: "keyAdmins", schema: { fields: [{ name: "id", type: "STRING", mode: "REQUIRED" }] } };
  const { code, stdout } = await check([planFile(READER)], { ...VALID, "metadata/schemas/secrets.json": secrets });
  expect(code).toBe(2);
  expect(stdout).toContain("key-table-exposed");
  expect(stdout).not.toContain("There is no configuration");
});

test("without a configuration it says that a key table is told by its name alone", async () => {
  const nowhere = path.join(temporaryFolder(), "nowhere");
  for (const command of ["check", "summary"]) {
    const { code, stdout } = await runCli(["plan", command, planFile(READER)], nowhere);
    expect(code).toBe(0);
    expect(stdout).toContain(`There is no configuration at ${nowhere}: a table of keys is told by its name alone`);
  }
});
