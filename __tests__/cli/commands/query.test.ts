import { FleetServer } from "../../../bench/fleet/rest-server";
import { configFolder, type Files, VALID } from "../../support/config-folder";
import { runCli } from "../../support/run-cli";

let server: FleetServer;
let configs: string;

function fleetConfig(endpoint: string): Files {
  return {
    ...VALID,
    "environments/dev.json": { projectId: "example-dev", location: "EU", backend: { type: "local" }, endpoint },
    "tenants/globex.json": { displayName: "Globex", environments: { dev: {} } },
    "tenants/initech.json": { displayName: "Initech", environments: { dev: {} } },
  };
}

beforeEach(async () => {
  server = new FleetServer({ rowsOf: () => 2, missing: new Set(["initech_metadata"]) });
  configs = configFolder(fleetConfig(await server.open()));
});

afterEach(async () => {
  await server.close();
});

test("without a name, the questions are listed with what they take", async () => {
  const { code, stdout } = await runCli(["query"], configs);
  expect(code).toBe(0);
  expect(stdout).toContain("stuck-runs");
  expect(stdout).toContain("hours (6), days (30)");
});

test("the list is JSON for machines", async () => {
  const { stdout } = await runCli(["query", "--json"], configs);
  expect(JSON.parse(stdout)).toContainEqual({
    name: "dq-failures-today",
    description: "Data quality checks that failed today (UTC), newest first.",
    parameters: [],
  });
});

test("all tenants: a column in front, the cost beforehand, tenants that cannot be read named, exit code 3", async () => {
  const { code, stdout, stderr } = await runCli(
    ["query", "freshness", "--environment", "dev", "--all-tenants", "--csv"],
    configs,
  );
  expect(code).toBe(3);
  expect(stdout.trim().split("\n").sort()).toEqual(["acme,0", "acme,1", "globex,0", "globex,1", "tenant,n"]);
  expect(stderr).toContain("2 of 3 tenants in 1 query: reads 2.0 KiB, billed as 20.0 MiB (at least 10 MB a table).");
  expect(stderr).toContain("1 tenant could not be read:\n  initech: ");
  expect(stderr).toContain("Not found: Table example:<tenant>_metadata.pipeline_runs");
});

test("nothing is asked when it would cost more than --max-bytes", async () => {
  for (const whom of [["--all-tenants"], ["--tenant", "acme"]]) {
    const { code, stdout, stderr } = await runCli(
      ["query", "freshness", "--environment", "dev", ...whom, "--max-bytes", "1000000"],
      configs,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("more than --max-bytes 1000000. Nothing was asked.");
  }
  expect(server.queries).toBe(0);
});

test.each([
  [["query", "freshnes"], 'There is no question "freshnes". Did you mean "freshness"?'],
  [["query", "freshness"], "Name the environment to ask: --environment <name>."],
  [["query", "freshness", "--environment", "dev"], "Name whom to ask: --tenant <id>, or --all-tenants."],
  [["query", "freshness", "--environment", "prod", "--all-tenants"], 'There is no environment "prod"'],
  [["query", "freshness", "--environment", "dev", "--tenant", "glubex"], 'Did you mean "globex"?'],
  [["query", "freshness", "--environment", "dev", "--tenant", "acme", "--all-tenants"], "cannot be used with option"],
  [["query", "freshness", "--environment", "dev", "--tenant", "acme", "--csv", "--json"], "cannot be used with option"],
  [["query", "freshness", "--environment", "dev", "--tenant", "acme", "--param", "hours=1"], "takes no parameter"],
  [["runs", "--environment", "dev", "--tenant", "acme", "--since", "1w"], "for example 30m, 12h or 7d"],
  [
    ["runs", "--environment", "dev", "--tenant", "acme", "--failed", "--status", "RUNNING"],
    "cannot be used with option",
  ],
])("%j is refused, and nothing is asked", async (args, message) => {
  const { code, stderr } = await runCli(args, configs);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
  expect([server.queries, server.dryRuns]).toEqual([0, 0]);
});
