import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadConfig } from "../../model/load-config";
import { datasetResource, tableResource } from "../../model/resources";
import { DEFINITIONS } from "../../runtime/definitions.generated";
import { runtimeContext, type RuntimeContext } from "../../runtime/logger/context";
import { tenantContext } from "../../runtime/logger/tenant-context";
import { runCli } from "../support/run-cli";

const config = loadConfig("configs");
let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "pipeline-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** All that is sent to BigQuery for a tenant: its dataset and its tables. */
function resources({ tenants, definitions }: RuntimeContext, tenantId: string): unknown {
  const tenant = tenants.get(tenantId);
  if (tenant === undefined) throw new Error(`no ${tenantId}`);
  return [datasetResource(tenant), ...[...definitions.values()].map((definition) => tableResource(tenant, definition))];
}

const places = config.tenants.flatMap(({ tenantId, environments }) =>
  Object.keys(environments).map((environment) => [tenantId, environment] as const),
);

test.each(places)(
  "%s in %s, exported and read, makes the very resources that Terraform is given",
  async (tenantId, name) => {
    const configFile = path.join(folder, "tenant.json");
    const { code } = await runCli(["export", "--environment", name, "--tenant", tenantId, "--output", configFile]);
    expect(code).toBe(0);
    const exported = tenantContext({ configFile, environmentVariables: {} });
    const whole = runtimeContext({ config, environment: name, environmentVariables: {} });
    expect(exported.tenantId).toBe(tenantId);
    expect(resources(exported, tenantId)).toEqual(resources(whole, tenantId));
    expect(exported.definitions).toEqual(whole.definitions);
    const text = readFileSync(configFile, "utf8");
    for (const { readers, writers, keyAdmins } of config.environments)
      for (const member of [...readers, ...writers, ...keyAdmins]) expect(text).not.toContain(member);
  },
);

test("the environment's own file and a tenant's id make the same resources, where the tenant sets nothing", () => {
  const [plain] = config.tenants.filter(
    ({ environments }) => Object.keys(environments["prod"] ?? { a: 1 }).length === 0,
  );
  if (plain === undefined) throw new Error("no tenant without overrides in prod");
  const { tenantId, displayName } = plain;
  const context = tenantContext({
    environmentFile: "configs/environments/prod.json",
    tenantId,
    displayName,
    environmentVariables: {},
  });
  const whole = runtimeContext({ config, environment: "prod", environmentVariables: {} });
  expect(resources(context, tenantId)).toEqual(resources(whole, tenantId));
});

test("the package ships with the definitions of this repository", () => {
  expect(DEFINITIONS).toEqual(config.definitions);
});

describe("without any file", () => {
  const variables = {
    METADATA_PROJECT: "example-prod",
    METADATA_TENANT: "acme_retail",
    METADATA_LOCATION: "EU",
    METADATA_ENVIRONMENT: "test",
    METADATA_DATASET: "acme",
    METADATA_DISPLAY_NAME: "Acme",
  };
  const options = {
    projectId: "example-prod",
    tenantId: "acme_retail",
    location: "EU",
    environment: "test",
    datasetId: "acme",
    displayName: "Acme",
  };
  const expected = { ...options, labels: {}, deletionProtection: true };

  test("options and environment variables say the same", () => {
    const byOptions = tenantContext({ ...options, environmentVariables: {} });
    const byVariables = tenantContext({ environmentVariables: variables });
    expect([...byOptions.tenants.values()]).toMatchObject([expected]);
    expect(byVariables.tenants).toEqual(byOptions.tenants);
    expect(byVariables.definitions).toEqual(byOptions.definitions);
  });

  test("an option counts before its variable, and before a file that a variable names", () => {
    const environmentVariables = { ...variables, METADATA_CONFIG_FILE: "nowhere.json" };
    const context = tenantContext({ tenantId: "globex", environmentVariables });
    expect([...context.tenants.values()]).toMatchObject([{ ...expected, tenantId: "globex" }]);
    expect(() => tenantContext({ environmentVariables })).toThrow('The file "nowhere.json" cannot be read');
  });

  test("a tenant follows from its dataset, and everything else has a default", () => {
    const context = tenantContext({
      projectId: "example-prod",
      datasetId: "acme_retail_metadata",
      environmentVariables: {},
    });
    expect([...context.tenants.values()]).toMatchObject([
      { tenantId: "acme_retail", datasetId: "acme_retail_metadata", location: "US", environment: "prod" },
    ]);
    expect(
      tenantContext({ projectId: "example-prod", tenantId: "globex", environmentVariables: {} }).tenants.get("globex"),
    ).toMatchObject({
      datasetId: "globex_metadata",
      displayName: "globex",
    });
  });

  test.each<[object, string]>([
    [{ tenantId: "acme" }, "projectId: received nothing"],
    [{ projectId: "example-prod" }, "tenantId: received nothing"],
    [{ projectId: "X", tenantId: "acme" }, 'projectId: received "X", allowed: a Google Cloud project id'],
    [{ projectId: "example-prod", tenantId: "Acme" }, 'tenantId: received "Acme", allowed: 2 to 63'],
    [{ project: "example-prod" }, "project: not known; allowed: configFile,"],
  ])("%j is refused", (given, message) => {
    expect(() => tenantContext({ ...given, environmentVariables: {} })).toThrow(message);
  });

  test("a file with mistakes is refused with its name", () => {
    const file = path.join(folder, "a.json");
    writeFileSync(file, JSON.stringify({ tenant: { tenantId: "acme" }, definitions: {}, isShared: false, extra: 1 }));
    expect(() => tenantContext({ configFile: file })).toThrow(`${file} cannot be used:`);
    expect(() => tenantContext({ configFile: file })).toThrow("extra: not known");
  });
});

test("export names what is there, for an environment or a tenant that is not", async () => {
  await expect(runCli(["export", "--environment", "prd", "--tenant", "acme_retail"])).resolves.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Did you mean "prod"?') as string,
  });
  await expect(runCli(["export", "--environment", "prod", "--tenant", "acme"])).resolves.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("There is no tenant in prod called") as string,
  });
  const { stdout } = await runCli(["export", "--environment", "local", "--tenant", "globex", "--output", "-"]);
  expect(JSON.parse(stdout)).toMatchObject({ tenant: { tenantId: "globex", environment: "local" }, isShared: false });
});

const replay = async () => runCli(["spool", "replay", folder], path.join(folder, "none"));

describe("spool replay beside a pipeline, without a configuration folder", () => {
  const variables = { METADATA_PROJECT: "example-prod", METADATA_TENANT: "acme_retail" };
  afterEach(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });

  test("takes the tenant of the pipeline's variables", async () => {
    Object.assign(process.env, variables);
    await expect(replay()).resolves.toMatchObject({
      code: 0,
      stdout: "0 files: 0 rows and 0 ends of runs are in their tables.\n",
    });
  });

  test("asks for the environment where there are none", async () => {
    const { code, stderr } = await replay();
    expect(code).toBe(1);
    expect(stderr).toContain("name the --environment, or set the METADATA_* variables");
  });
});
