import { symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { loadConfig, selectEnvironments } from "../../model/load-config";
import { configFolder, type Files, temporaryFolder, VALID } from "../support/config-folder";
import { columns, dev, messageOf, problemsOf } from "../support/config-problems";

describe("a valid configuration", () => {
  test("is read with defaults filled in, types in one spelling and modes explicit", () => {
    const { definitions, environments, tenants } = loadConfig(
      configFolder({
        ...VALID,
        ...columns({ name: "id", type: "INT64" }, { name: "r", type: "STRUCT", fields: [{ name: "b", type: "BOOL" }] }),
      }),
    );
    expect(definitions).toEqual([
      {
        tableId: "runs",
        schema: {
          fields: [
            { name: "id", type: "INTEGER", mode: "NULLABLE" },
            {
              name: "r",
              type: "RECORD",
              mode: "NULLABLE",
              fields: [{ name: "b", type: "BOOLEAN", mode: "NULLABLE" }],
            },
          ],
        },
      },
    ]);
    expect(environments).toEqual([
      {
        name: "dev",
        projectId: "example-dev",
        location: "EU",
        backend: { type: "local" },
        datasetIdTemplate: "{tenantId}_metadata",
        shards: 1,
        deletionProtection: true,
        labels: {},
        readers: [],
        writers: [],
        keyAdmins: [],
        declareConstraints: false,
        recreate: {},
      },
    ]);
    expect(tenants).toEqual([{ tenantId: "acme", displayName: "Acme", environments: { dev: {} } }]);
  });

  test("may hold Markdown and dot files, which are passed over", () => {
    const folder = configFolder({
      ...VALID,
      "tenants/README.md": "How to add a tenant",
      "tenants/.DS_Store": "x",
    });
    expect(loadConfig(folder).tenants).toHaveLength(1);
  });
});

describe("all problems of all files", () => {
  test("are reported together, each with its place, what was received, what is allowed and how to fix it", () => {
    expect(
      problemsOf({
        ...dev({ projectId: "Example", shards: 0, colour: "red" }),
        "tenants/acme.json": { displayName: "", enviroments: {} },
      }),
    ).toMatchInlineSnapshot(`
"6 problems in the configuration:

environments/dev.json:2 projectId
  The value is not well-formed
  received: "Example"
  allowed:  a Google Cloud project id: 6 to 30 of a-z, 0-9 and -, starting with a letter, not ending with -
  fix:      Use the project id, not its number or display name

environments/dev.json:7 shards
  The value is too small
  received: 0
  allowed:  at least 1
  fix:      Correct the value

environments/dev.json:8 colour
  The key "colour" is not known here
  allowed:  $schema, projectId, location, datasetIdTemplate, backend, shards, deletionProtection, partitionExpirationDays, kmsKeyName, labels, readers, writers, keyAdmins, memberDomains, declareConstraints, recreate, endpoint
  fix:      Remove it

tenants/acme.json:1 environments
  The key "environments" is missing
  allowed:  an object
  fix:      Add it

tenants/acme.json:2 displayName
  The value is too small
  received: 0
  allowed:  at least 1 characters
  fix:      Correct the value

tenants/acme.json:3 enviroments
  The key "enviroments" is not known here
  allowed:  $schema, displayName, environments
  fix:      Did you mean "environments"?"
`);
  });
});

describe("files that are not what they should be", () => {
  test.each<[string, Files]>([
    [
      "not JSON",
      {
        "tenants/acme.json": '{\n  "displayName": "Acme",\n  "environments": {} oops\n}',
      },
    ],
    ["a trailing comma", { "tenants/acme.json": '{\n  "displayName": "Acme",\n}' }],
    ["a comment", { "tenants/acme.json": '{\n  // Acme\n  "displayName": "Acme"\n}' }],
    ["empty", { "tenants/acme.json": " \n" }],
    ["a byte-order mark", { "tenants/acme.json": '\uFEFF{"displayName":"Acme","environments":{}}' }],
    [
      "two keys of the same name",
      {
        "tenants/acme.json": '{\n  "displayName": "Acme",\n  "environments": {},\n  "displayName": "ACME"\n}',
      },
    ],
    ["a list", { "tenants/acme.json": "[]" }],
    ["a file name that is no tenant id", { "tenants/Acme-Retail.json": { displayName: "Acme", environments: {} } }],
    [
      "a tenant id with two underscores in a row",
      {
        "tenants/acme__retail.json": { displayName: "Acme", environments: {} },
      },
    ],
    ["another kind of file", { "tenants/globex.yaml": "displayName: Globex" }],
    ["a misspelled folder", { "tennants/globex.json": { displayName: "Globex", environments: {} } }],
    ["a folder where a file belongs", { "tenants/eu.json/globex.json": {} }],
  ])("%s", (_, files) => {
    expect(problemsOf(files)).toMatchSnapshot();
  });

  test("bytes that are not UTF-8", () => {
    const folder = configFolder(VALID);
    writeFileSync(
      path.join(folder, "tenants", "acme.json"),
      Buffer.from('{"displayName":"Caf\xe9","environments":{}}', "latin1"),
    );
    expect(messageOf(folder)).toMatchInlineSnapshot(`
      "1 problem in the configuration:

      tenants/acme.json
        The file is not UTF-8
        fix:      Save it as UTF-8"
    `);
  });

  test("a folder that does not exist", () => {
    expect(messageOf("does/not/exist")).toMatchInlineSnapshot(`
      "1 problem in the configuration:

      <configs>
        There is no such folder
        fix:      Create it, or name another one in METADATA_CONFIG_DIR"
    `);
  });

  test("a folder without definitions and environments", () => {
    expect(messageOf(temporaryFolder())).toMatchInlineSnapshot(`
      "2 problems in the configuration:

      environments
        There is no JSON file here
        fix:      Add one (see docs/configuration.md)

      metadata/schemas
        There is no JSON file here
        fix:      Add one (see docs/configuration.md)"
    `);
  });

  test("a symbolic link, to whatever place", () => {
    const outside = configFolder(VALID);
    const folder = configFolder({
      ...VALID,
      tenants: undefined,
      "tenants/acme.json": undefined,
    });
    symlinkSync(path.join(outside, "tenants"), path.join(folder, "tenants"));
    symlinkSync(path.join(outside, "environments", "dev.json"), path.join(folder, "environments", "prod.json"));
    symlinkSync("dev.json", path.join(folder, "environments", "same.json"));
    symlinkSync("missing.json", path.join(folder, "environments", "test.json"));
    expect(messageOf(folder)).toMatchInlineSnapshot(`
"4 problems in the configuration:

environments/prod.json
  This is a symbolic link: git, which tells what a change is, does not see when its target changes
  fix:      Replace it with the file itself

environments/same.json
  This is a symbolic link: git, which tells what a change is, does not see when its target changes
  fix:      Replace it with the file itself

environments/test.json
  This is a symbolic link: git, which tells what a change is, does not see when its target changes
  fix:      Replace it with the file itself

tenants
  This is a symbolic link: git, which tells what a change is, does not see when its target changes
  fix:      Replace it with the file itself"
`);
  });
});

describe("selectEnvironments", () => {
  test("keeps those named and refuses unknown ones", () => {
    const config = loadConfig(
      configFolder({
        ...VALID,
        "environments/prod.json": {
          ...(VALID["environments/dev.json"] as object),
          projectId: "example-prod",
        },
      }),
    );
    expect(selectEnvironments(config, ["prod"]).map(({ name }) => name)).toEqual(["prod"]);
    expect(() => selectEnvironments(config, ["prod", "prd"])).toThrowErrorMatchingInlineSnapshot(`
      "1 problem in the configuration:

      METADATA_ENVIRONMENTS
        There is no environment of this name
        received: "prd"
        allowed:  dev, prod
        fix:      Did you mean "prod"?"
    `);
  });
});
