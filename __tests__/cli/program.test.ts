import { readFileSync } from "node:fs";
import path from "node:path";
import { generatedFiles } from "../../cli/commands/generate/generated-files";
import { metadataSchemaDoc } from "../../cli/commands/generate/metadata-schema-doc";
import { configFolder, type Files, VALID } from "../support/config-folder";
import { PROJECT } from "../support/run";
import { runCli as run } from "../support/run-cli";
import { FULL_TABLES } from "../support/resolved";

describe("tenant-metadata", () => {
  test.each([[["--help"]], [["validate", "--help"]], [["generate", "--help"]]])("explains %j", async (args) => {
    const { code, stdout } = await run(args);
    expect(code).toBe(0);
    expect(stdout).toMatchSnapshot();
  });

  test("suggests the command that was probably meant", async () => {
    expect(await run(["validat"])).toEqual({
      code: 1,
      stdout: "",
      stderr: "error: unknown command 'validat'\n(Did you mean validate?)\n(add --help for the options)\n",
    });
  });
});

describe("validate", () => {
  test("says how many of what there are", async () => {
    expect(await run(["validate"])).toEqual({
      code: 0,
      stdout: "Valid: 4 table definitions, 4 environments, 5 tenants, 11 datasets.\n",
      stderr: "",
    });
    expect((await run(["validate", "--json"])).stdout).toBe(
      '{"tables":4,"environments":4,"tenants":5,"datasets":11,"offboarded":0}\n',
    );
  });

  test("reports all problems and ends with 1", async () => {
    const broken: Files = { ...VALID, "tenants/acme.json": "{" };
    expect(await run(["validate"], configFolder(broken))).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "1 problem in the configuration:

      tenants/acme.json:1
        The file is not JSON: close brace expected
        fix:      Correct the JSON syntax at or just before line 1
      ",
        "stdout": "",
      }
    `);
  });
});

describe("generated files", () => {
  test.each([...generatedFiles("configs")])("%s is up to date (npm run generate)", (file, text) => {
    expect(readFileSync(path.join(PROJECT, file), "utf8")).toBe(text);
  });

  test("describe a table of every kind", () => {
    expect(metadataSchemaDoc(FULL_TABLES)).toMatchSnapshot();
  });
});
