import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { changedRuns, type Definition, RUNS } from "../../support/changed-runs";
import { configFolder, type Files, temporaryFolder, VALID } from "../../support/config-folder";
import { runCli } from "../../support/run-cli";

function secondVersion(change: (definition: Definition) => void): Files {
  return { ...VALID, "metadata/schemas/runs_v2.json": changedRuns(change)[RUNS] };
}

describe("schema new-version", () => {
  test("copies the definition first, and never overwrites it", async () => {
    const folder = configFolder(VALID);
    const v2 = path.join(folder, "metadata/schemas/runs_v2.json");
    const first = await runCli(["schema", "new-version", "runs"], folder);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining("wrote ") as string });
    expect(readFileSync(v2, "utf8")).toBe(readFileSync(path.join(folder, RUNS), "utf8"));
    const edited = readFileSync(v2, "utf8").replace('"DAY"', '"MONTH"');
    writeFileSync(v2, edited);

    const out = temporaryFolder();
    const second = await runCli(["schema", "new-version", "runs", "--retire", "2026-06-30", "--out", out], folder);

    expect(second.code).toBe(0);
    expect(readFileSync(v2, "utf8")).toBe(edited);
    expect(readFileSync(path.join(out, "view.dev.sql"), "utf8")).toMatchSnapshot("view");
    expect(readFileSync(path.join(out, "backfill.dev.sql"), "utf8")).toMatchSnapshot("backfill");
    expect(readFileSync(path.join(out, "README.md"), "utf8")).toMatchSnapshot("guide");
  });

  test("a version of a table for key admins has no view, since whoever may query one would read the rows", async () => {
    const runs = { ...(VALID[RUNS] as object), access: "keyAdmins" };
    const folder = configFolder({ ...VALID, [RUNS]: runs, "metadata/schemas/runs_v2.json": runs });
    const out = temporaryFolder();
    expect(await runCli(["schema", "new-version", "runs", "--out", out], folder)).toMatchObject({ code: 0 });
    expect(readdirSync(out)).toEqual(["README.md", "backfill.dev.sql"]);
    expect(readFileSync(path.join(out, "README.md"), "utf8")).toContain("There is no view over them");
  });

  test("counts versions, under one view", async () => {
    const folder = configFolder({
      ...VALID,
      "metadata/schemas/runs_v2.json": VALID[RUNS],
      "metadata/schemas/runs_v3.json": VALID[RUNS],
    });
    const out = temporaryFolder();
    await runCli(["schema", "new-version", "runs_v2", "--out", out], folder);
    const view = readFileSync(path.join(out, "view.dev.sql"), "utf8");
    expect(view).toContain("CREATE OR REPLACE VIEW `example-dev.acme_metadata.runs_all`");
    expect(view).toContain("FROM `example-dev.acme_metadata.runs_v3`");
  });

  test("casts, renames, fills and asks for what old rows cannot fill", async () => {
    const files = secondVersion((definition) => {
      definition.schema.fields = definition.schema.fields.map((field) => {
        if (field["name"] === "started_at") return { ...field, type: "DATETIME" };
        if (field["name"] === "details") return { ...field, name: "extra" };
        return field["name"] === "tags" ? { name: "tags", type: "STRING" } : field;
      });
      definition.schema.fields.push(
        { name: "note", type: "STRING" },
        { name: "links", type: "STRING", mode: "REPEATED" },
        { name: "at", type: "TIMESTAMP", mode: "REQUIRED", defaultValueExpression: "CURRENT_TIMESTAMP()" },
        { name: "region", type: "STRING", mode: "REQUIRED" },
      );
    });
    const [folder, out] = [configFolder(files), temporaryFolder()];
    expect(await runCli(["schema", "new-version", "runs", "--out", out], folder)).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "runs_v2: which value do old rows get in tags, region? Say it in SQL over runs: --value tags='…' --value region='…'\n",
    });
    const { code } = await runCli(
      [
        "schema",
        "new-version",
        "runs",
        "--out",
        out,
        "--value",
        "tags=ARRAY_TO_STRING(tags, ',')",
        "--value",
        "region='eu'",
      ],
      folder,
    );
    expect(code).toBe(0);
    expect(readFileSync(path.join(out, "backfill.dev.sql"), "utf8")).toContain(
      "SELECT `run_id`, `status`, CAST(`started_at` AS DATETIME) AS `started_at`, ARRAY_TO_STRING(tags, ',') AS `tags`, `details` AS `extra`, CAST(NULL AS STRING) AS `note`, [] AS `links`, CURRENT_TIMESTAMP() AS `at`, 'eu' AS `region` FROM",
    );
  });

  test.each([
    ["a table that is not there", VALID, ["run"], 'There is no table run. Did you mean "runs"?\n'],
    [
      "a value of no column",
      secondVersion(() => undefined),
      ["runs", "--value", "nope=1"],
      "--value: runs_v2 has no column nope.\n",
    ],
    [
      "a value without an expression",
      secondVersion(() => undefined),
      ["runs", "--value", "nope"],
      "--value nope is not <column>=<SQL expression>, for example region='unknown'.\n",
    ],
    [
      "a day that is none",
      secondVersion(() => undefined),
      ["runs", "--retire", "soon"],
      "--retire soon is not a date, for example 2026-01-31.\n",
    ],
  ])("refuses %s", async (_, files, args, message) => {
    const out = temporaryFolder();
    expect(await runCli(["schema", "new-version", ...args, "--out", out], configFolder(files))).toEqual({
      code: 1,
      stdout: "",
      stderr: message,
    });
  });

  test("needs a primary key to tell rows apart", async () => {
    const { tableConstraints: _, ...bare } = VALID[RUNS] as Record<string, unknown>;
    const files = { ...VALID, [RUNS]: bare, "metadata/schemas/runs_v2.json": bare };
    const { code, stderr } = await runCli(
      ["schema", "new-version", "runs", "--out", temporaryFolder()],
      configFolder(files),
    );
    expect([code, stderr]).toEqual([
      1,
      "runs_v2 has no primary key, so rows that were copied already cannot be recognized. Add tableConstraints.primaryKey to its definition.\n",
    ]);
  });
});
