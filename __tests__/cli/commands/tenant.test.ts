import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { configFolder, type Files, VALID } from "../../support/config-folder";
import { GitRepository } from "../../support/git-repository";
import { run } from "../../support/run-program";

const TWO_ENVIRONMENTS: Files = {
  ...VALID,
  "environments/prod.json": {
    projectId: "example-prod",
    location: "EU",
    backend: { type: "local" },
    shards: 4,
    readers: ["group:data-engineers@example.com"],
    labels: { cost_center: "data" },
  },
};

const read = (folder: string, file: string) => readFileSync(path.join(folder, file), "utf8");

function offboard(folder: string, ...flags: readonly string[]) {
  return run(["tenant", "offboard", "acme", "--environment", "dev", ...flags], folder);
}

describe("tenant add", () => {
  const ADD = ["tenant", "add", "globex", "--display-name", "Globex", "--environment", "dev", "--environment", "prod"];

  test("writes the file and says what it leads to", async () => {
    const folder = configFolder(TWO_ENVIRONMENTS);
    expect(await run(ADD, folder)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "Next: commit the file and open a pull request; its comment shows what will be created.
      ",
        "stdout": "Wrote <configs>/tenants/globex.json
        dev: dataset example-dev.globex_metadata with 1 tables, in stack metadata-dev
        prod: dataset example-prod.globex_metadata with 1 tables, in stack metadata-prod-001
      ",
      }
    `);
    expect(read(folder, "tenants/globex.json")).toMatchInlineSnapshot(`
      "{
        "$schema": "../json-schemas/tenant.json",
        "displayName": "Globex",
        "environments": {
          "dev": {},
          "prod": {}
        }
      }
      "
    `);
  });

  test("sets what the flags say in each environment", async () => {
    const folder = configFolder(TWO_ENVIRONMENTS);
    const flags = [
      "--location=US",
      "--partition-expiration-days=30",
      "--kms-key-name=projects/example-kms/locations/us/keyRings/metadata/cryptoKeys/bigquery",
      "--label=team=a",
      "--label=tier=b=c",
      "--reader=group:a@example.com",
      "--reader=group:b@example.com",
      "--writer=group:w@example.com",
      "--key-admin=group:k@example.com",
    ];
    const wrong = await run([...ADD, ...flags], folder);
    expect(wrong.stderr).toContain('received: "b=c"');
    expect(existsSync(path.join(folder, "tenants/globex.json"))).toBe(false);

    await run([...ADD, ...flags.map((flag) => flag.replace("b=c", "b"))], folder);
    const overrides = {
      location: "US",
      partitionExpirationDays: 30,
      kmsKeyName: "projects/example-kms/locations/us/keyRings/metadata/cryptoKeys/bigquery",
      labels: { team: "a", tier: "b" },
      readers: ["group:a@example.com", "group:b@example.com"],
      writers: ["group:w@example.com"],
      keyAdmins: ["group:k@example.com"],
    };
    expect(JSON.parse(read(folder, "tenants/globex.json"))).toEqual({
      $schema: "../json-schemas/tenant.json",
      displayName: "Globex",
      environments: { dev: overrides, prod: overrides },
    });
  });

  test.each<[string, readonly string[]]>([
    ["no name and no environment", ["tenant", "add", "globex"]],
    ["nothing at all", ["tenant", "add"]],
    ["an id that is not valid", ["tenant", "add", "Globex__", "--display-name", "G", "--environment", "dev"]],
    [
      "an id that leads out of the folder",
      ["tenant", "add", "../globex", "--display-name", "G", "--environment", "dev"],
    ],
    ["an unknown environment", ["tenant", "add", "globex", "--display-name", "G", "--environment", "prd"]],
    ["a tenant that exists", ["tenant", "add", "acme", "--display-name", "A", "--environment", "dev"]],
    ["a member that is everyone", [...ADD, "--reader", "allUsers"]],
    ["a number that is none", [...ADD, "--partition-expiration-days", "many"]],
    ["a label without a value", [...ADD, "--label", "team"]],
  ])("refuses %s and writes nothing", async (_, args) => {
    const folder = configFolder(TWO_ENVIRONMENTS);
    const { code, stdout, stderr } = await run(args, folder);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatchSnapshot();
    expect(readdirSync(path.join(folder, "tenants"))).toEqual(["acme.json"]);
    expect(read(folder, "tenants/acme.json")).toContain('"Acme"');
  });
});

describe("tenant list", () => {
  test("lists every tenant with its environments", async () => {
    const { code, stdout, stderr } = await run(["tenant", "list"]);
    expect([code, stderr]).toEqual([0, "5 tenants.\n"]);
    expect(stdout).toMatchSnapshot();
  });

  test("lists those of one environment as JSON", async () => {
    const { stdout } = await run(["tenant", "list", "--environment", "staging", "--json"]);
    expect(JSON.parse(stdout)).toEqual([
      {
        tenantId: "acme_retail",
        displayName: "Acme Retail",
        environments: ["dev", "local", "prod", "staging"],
      },
      {
        tenantId: "soylent",
        displayName: "Soylent Nahrung GmbH · Köln",
        environments: ["prod", "staging"],
      },
    ]);
  });

  test("suggests the environment that was probably meant", async () => {
    expect((await run(["tenant", "list", "--environment", "stagin"])).stderr).toBe(
      'There is no environment "stagin"; there are dev, local, prod, staging. Did you mean "staging"?\n',
    );
  });
});

describe("tenant show", () => {
  test("says where every setting comes from, and what the tenant has", async () => {
    const { code, stdout } = await run(["tenant", "show", "globex"]);
    expect(code).toBe(0);
    expect(stdout).toMatchSnapshot();
  });

  test("gives the same as JSON", async () => {
    const { environments } = JSON.parse((await run(["tenant", "show", "soylent", "--json"])).stdout) as {
      environments: {
        environment: string;
        stack: string;
        dataset: string;
        settings: object;
        addresses: string[];
      }[];
    };
    expect(environments.map(({ environment, stack, dataset }) => [environment, stack, dataset])).toEqual([
      ["prod", "metadata-prod-001", "example-data-prod.soylent_metadata"],
      ["staging", "metadata-staging", "example-data-staging.soylent_metadata"],
    ]);
    expect(environments[0]?.settings).toMatchObject({
      shard: { value: 1, from: "tenants/soylent.json" },
      location: { value: "europe-west3", from: "tenants/soylent.json" },
      partitionExpirationDays: { value: 1095, from: "environments/prod.json" },
      readers: { value: [], from: "tenants/soylent.json" },
    });
    expect(environments[0]?.addresses).toContain("google_bigquery_table.soylent__step_logs");
  });

  test("uses colours only when asked to", async () => {
    const colourful = await run(["tenant", "show", "globex"], undefined, {
      colors: true,
    });
    expect(colourful.stdout).toContain("\u001B[1m");
    expect((await run(["tenant", "show", "globex"])).stdout).not.toContain("\u001B");
  });

  test("suggests the tenant that was probably meant", async () => {
    expect(await run(["tenant", "show", "globx"])).toEqual({
      code: 1,
      stdout: "",
      stderr: 'There is no tenant "globx". Did you mean "globex"?\n',
    });
  });
});

describe("tenant offboard", () => {
  test("with --keep-data has Terraform forget the tenant, and deletes its file when no environment is left", async () => {
    const folder = configFolder(VALID);
    expect(await offboard(folder, "--keep-data")).toMatchSnapshot();
    expect(existsSync(path.join(folder, "tenants/acme.json"))).toBe(false);
    expect(JSON.parse(read(folder, "offboarding/acme.json"))).toEqual({
      $schema: "../json-schemas/offboarding.json",
      displayName: "Acme",
      environments: { dev: { step: "forget" } },
    });
    expect((await run(["validate"], folder)).stdout).toBe(
      "Valid: 1 table definitions, 1 environments, 0 tenants, 0 datasets, 1 tenants offboarded.\n",
    );
    expect((await run(["tenant", "show", "acme"], folder)).stdout).toContain("dev (leaving: forget)");
    expect((await offboard(folder, "--keep-data")).stderr).toContain("there is no step left");
    expect((await offboard(folder, "--delete-data", "--reason", "They are gone.")).stderr).toContain("bq rm");
  });

  test("with --delete-data takes two steps, each with the allowances its plan needs, and the base check agrees", async () => {
    const folder = configFolder({
      ...TWO_ENVIRONMENTS,
      "tenants/acme.json": {
        displayName: "Acme",
        environments: { dev: { labels: { team: "a" } }, prod: {} },
      },
    });
    const repository = new GitRepository(folder);
    repository.commit();

    expect(await offboard(folder, "--delete-data", "--reason", "Contract ended.")).toMatchSnapshot("first step");
    expect(JSON.parse(read(folder, "tenants/acme.json"))).toEqual({
      displayName: "Acme",
      environments: { prod: {} },
    });
    expect(JSON.parse(read(folder, "offboarding/acme.json"))).toMatchObject({
      environments: {
        dev: { step: "unprotect", overrides: { labels: { team: "a" } } },
      },
    });
    expect(readdirSync(path.join(folder, "allowances"))).toEqual([
      "offboard-acme-dev-unprotect-dataset.json",
      "offboard-acme-dev-unprotect-runs.json",
    ]);
    expect((await run(["validate", "--base", "HEAD"], folder)).code).toBe(0);

    const tooSoon = await offboard(folder, "--delete-data", "--reason", "Contract ended.");
    expect(tooSoon.stdout).toMatchSnapshot("second step");
    expect((await run(["validate", "--base", "HEAD"], folder)).stderr).toContain(
      "The tenant is deleted from dev before its tables are unprotected",
    );
    expect(readdirSync(path.join(folder, "allowances"))).toEqual([
      "offboard-acme-dev-delete-dataset.json",
      "offboard-acme-dev-delete-runs.json",
    ]);
    expect(JSON.parse(read(folder, "allowances/offboard-acme-dev-delete-runs.json"))).toMatchObject({
      code: "table-deleted",
      environment: "dev",
      tenant: "acme",
      table: "runs",
      reason: "Contract ended.",
    });
    expect((await offboard(folder, "--delete-data", "--reason", "Contract ended.")).stderr).toContain(
      "acme is being deleted from dev already",
    );
  });

  test("can go back to keeping the data before anything is deleted", async () => {
    const folder = configFolder(VALID);
    await offboard(folder, "--delete-data", "--reason", "Contract ended.");
    await offboard(folder, "--keep-data");
    expect(JSON.parse(read(folder, "offboarding/acme.json"))).toMatchObject({
      environments: { dev: { step: "forget" } },
    });
  });

  test.each<[string, readonly string[]]>([
    ["neither flag", ["acme", "--environment", "dev"]],
    ["both flags", ["acme", "--environment", "dev", "--keep-data", "--delete-data", "--reason", "Because of that"]],
    ["no environment", ["acme", "--keep-data"]],
    ["an environment that the tenant is not in", ["acme", "--environment", "prod", "--keep-data"]],
    ["a tenant that there is not", ["acmee", "--environment", "dev", "--keep-data"]],
    ["no reason for a deletion", ["acme", "--environment", "dev", "--delete-data"]],
    ["a reason too short to be one", ["acme", "--environment", "dev", "--delete-data", "--reason", "so"]],
  ])("refuses %s and writes nothing", async (_, args) => {
    const folder = configFolder(TWO_ENVIRONMENTS);
    const { code, stdout, stderr } = await run(["tenant", "offboard", ...args], folder);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatchSnapshot();
    expect(readdirSync(folder).sort()).toEqual(["environments", "metadata", "tenants"]);
  });
});

describe("validate --base", () => {
  test("refuses a tenant file that simply vanishes", async () => {
    const folder = configFolder(VALID);
    const repository = new GitRepository(folder);
    repository.commit();
    repository.write({ "tenants/acme.json": undefined });
    expect((await run(["validate"], folder)).code).toBe(0);
    expect(await run(["validate", "--base", "HEAD"], folder)).toMatchSnapshot();
  });

  test("takes a base without configuration for nothing to lose", async () => {
    const folder = configFolder({ "README.md": "" });
    const repository = new GitRepository(folder);
    repository.commit();
    const configs = Object.fromEntries(Object.entries(VALID).map(([file, content]) => [`configs/${file}`, content]));
    repository.write(configs);
    expect((await run(["validate", "--base", "HEAD"], path.join(folder, "configs"))).code).toBe(0);
  });

  test("says so when the base is not valid, or not there", async () => {
    const folder = configFolder({ ...VALID, "tenants/acme.json": "{" });
    const repository = new GitRepository(folder);
    repository.commit();
    repository.write(VALID);
    expect((await run(["validate", "--base", "HEAD"], folder)).stderr).toContain(
      "The configuration of HEAD cannot be compared with; name the last commit where it was valid.",
    );
    expect((await run(["validate", "--base", "nowhere"], folder)).code).toBe(1);
  });
});

describe("deployed", () => {
  test("records shards and generations, once", async () => {
    const folder = configFolder({
      ...TWO_ENVIRONMENTS,
      "environments/dev.json": {
        ...(VALID["environments/dev.json"] as object),
        deletionProtection: false,
        recreate: { runs: 2 },
      },
    });
    const record = () => run(["deployed", "--environment", "dev", "--environment", "prod"], folder);
    expect((await record()).stdout).toBe("Wrote <configs>/deployed/dev.json\nWrote <configs>/deployed/prod.json\n");
    expect(read(folder, "deployed/dev.json")).toMatchInlineSnapshot(`
      "{
        "$schema": "../json-schemas/deployed.json",
        "shards": 1,
        "recreate": {
          "runs": 2
        }
      }
      "
    `);
    expect(await record()).toEqual({
      code: 0,
      stdout: "",
      stderr: "<configs>/deployed/dev.json is up to date.\n<configs>/deployed/prod.json is up to date.\n",
    });
  });

  test("never overwrites the number of shards that was deployed", async () => {
    const folder = configFolder({
      ...TWO_ENVIRONMENTS,
      "deployed/prod.json": { shards: 2 },
    });
    const { code, stderr } = await run(["deployed", "--environment", "prod"], folder);
    expect(code).toBe(1);
    expect(stderr).toContain("Changing the number of shards moves tenants between states");
    expect(JSON.parse(read(folder, "deployed/prod.json"))).toEqual({
      shards: 2,
    });
  });

  test("refuses an environment that there is not", async () => {
    expect((await run(["deployed", "--environment", "prd"])).stderr).toBe(
      'There is no environment "prd"; there are dev, local, prod, staging. Did you mean "prod"?\n',
    );
  });
});
