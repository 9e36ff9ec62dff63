import { writeFileSync } from "node:fs";
import path from "node:path";
import { addColumn, changedRuns, dropColumn, RUNS } from "../../support/changed-runs";
import { configFolder, temporaryFolder, VALID } from "../../support/config-folder";
import { PROJECT } from "../../support/run";
import { runCli } from "../../support/run-cli";

const SCHEMAS = path.join(PROJECT, "configs/metadata/schemas");

describe("help", () => {
  test.each([
    [["schema"]],
    [["schema", "diff"]],
    [["schema", "check"]],
    [["schema", "migrate"]],
    [["schema", "new-version"]],
    [["plan"]],
    [["plan", "check"]],
  ])("of %j", async (args) => {
    const { code, stdout } = await runCli([...args, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatchSnapshot();
  });
});

describe("schema diff", () => {
  test("of definitions against themselves finds nothing", async () => {
    expect(await runCli(["schema", "diff", SCHEMAS, SCHEMAS])).toEqual({
      code: 0,
      stdout: "No schema change.\n",
      stderr: "",
    });
    expect(JSON.parse((await runCli(["schema", "diff", SCHEMAS, SCHEMAS, "--json"])).stdout)).toEqual({
      effect: "none",
      findings: [],
      allowances: { used: [], unused: [], expired: [] },
    });
  });

  test("of a change in place ends with 0", async () => {
    const [old, now] = [configFolder(VALID), configFolder(changedRuns(addColumn))];
    const { code, stdout } = await runCli(["schema", "diff", path.join(old, RUNS), path.join(now, RUNS)]);
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "in-place  column-added  runs  schema.fields.region
        Terraform adds region in place, at the end of BigQuery's own order; rows already there hold NULL or an empty array.
        Instead: Deploy it before the writers that fill it.

      Worst effect: in-place. 1 finding (1 in-place).
      "
    `);
  });

  test("of a change that loses data ends with 2", async () => {
    const [old, now] = [configFolder(VALID), configFolder(changedRuns(dropColumn))];
    const { code, stdout } = await runCli(["schema", "diff", path.join(old, RUNS), path.join(now, RUNS), "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      effect: "drop-column",
      findings: [
        {
          code: "column-dropped",
          table: "runs",
          path: "schema.fields.details",
          effect: "drop-column",
          message:
            "Terraform drops column details in place by ALTER TABLE … DROP COLUMN; its data is lost, with or without deletion protection.",
          remedy: "Keep the column, or stop writing it first and drop it in a later release under an allowance.",
          breaksWriters: true,
          needsAllowance: true,
        },
      ],
      allowances: { used: [], unused: [], expired: [] },
    });
  });

  test("of two folders of definitions compares the tables of either", async () => {
    const old = path.join(configFolder(VALID), "metadata/schemas");
    const { code, stdout } = await runCli(["schema", "diff", old, SCHEMAS, "--json"]);
    expect(code).toBe(2);
    const { findings } = JSON.parse(stdout) as { findings: { code: string; table: string }[] };
    expect(findings.map(({ code: name, table }) => `${name} ${table}`)).toEqual([
      "table-deleted runs",
      "table-added api_keys",
      "table-added dq_results",
      "table-added pipeline_runs",
      "table-added step_logs",
    ]);
  });

  test("of two files takes them for the same table, whatever they are called", async () => {
    const folder = temporaryFolder();
    for (const name of ["before.old.json", "AFTER.json"]) {
      writeFileSync(path.join(folder, name), JSON.stringify(VALID[RUNS]));
    }
    const { code, stdout } = await runCli([
      "schema",
      "diff",
      path.join(folder, "before.old.json"),
      path.join(folder, "AFTER.json"),
    ]);
    expect([code, stdout]).toEqual([0, "No schema change.\n"]);
  });

  test("prints a Markdown table", async () => {
    const [old, now] = [configFolder(VALID), configFolder(changedRuns(dropColumn))];
    const { stdout } = await runCli(["schema", "diff", old, now, "--markdown"]);
    expect(stdout).toMatchInlineSnapshot(`
"### Schema changes

Worst effect: drop-column. 1 finding (1 drop-column), 1 breaks writers, 1 needs an allowance.

| Effect | Code | Table | Where | What happens | Instead |
| --- | --- | --- | --- | --- | --- |
| **drop-column**<br>breaks writers | \`column-dropped\` | \`runs\` | \`schema.fields.details\` | Terraform drops column details in place by ALTER TABLE … DROP COLUMN; its data is lost, with or without deletion protection. | Keep the column, or stop writing it first and drop it in a later release under an allowance. |
"
`);
  });

  test.each<readonly [string, (folder: string) => readonly [string, string], RegExp]>([
    [
      "a path that is not there",
      (folder) => [folder, path.join(folder, "nope")],
      /^There is no file or folder .*nope\.\n$/,
    ],
    [
      "a file against a folder",
      (folder) => [path.join(folder, RUNS), folder],
      /must be two definition files or two folders\.\n$/,
    ],
    [
      "a folder without definitions",
      (folder) => [path.join(folder, "metadata/schemas"), temporaryFolder()],
      /holds no table definition \(<tableId>\.json\)\. Name a folder that does, such as configs\/metadata\/schemas\.\n$/,
    ],
  ])("refuses %s", async (_, sides, message) => {
    const { code, stdout, stderr } = await runCli(["schema", "diff", ...sides(configFolder(VALID))]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(message);
  });

  test("reports the problems of all files together", async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "a.json"), "{");
    writeFileSync(path.join(folder, "b.json"), '{"schema":{"fields":[{"name":"x","type":"TEXT"}]}}');
    const { code, stderr } = await runCli(["schema", "diff", SCHEMAS, folder]);
    expect(code).toBe(1);
    expect(stderr).toContain("2 problems in the configuration:");
    expect(stderr).toContain("The file is not JSON");
    expect(stderr).toContain("The value is not one of those allowed");
  });

  test("without a path says how to call it", async () => {
    expect((await runCli(["schema", "diff"])).code).toBe(1);
  });
});
