import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { configFolder } from "../../support/config-folder";
import { run } from "../../support/run-program";
import { TWO_ENVIRONMENTS } from "../../support/two-environments";

const read = (folder: string, file: string) => readFileSync(path.join(folder, file), "utf8");

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
