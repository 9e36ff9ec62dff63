import path from "node:path";
import { changedRuns } from "../../support/changed-runs";
import { configFolder, type Files, VALID } from "../../support/config-folder";
import { runCli } from "../../support/run-cli";

async function migrate(now: Files, ...args: readonly string[]) {
  const old = configFolder(VALID);
  const folders = [old, configFolder(now)].map((folder) => path.join(folder, "metadata/schemas"));
  return runCli(["schema", "migrate", ...folders, "--environment", "dev", ...args], old);
}

function withCount(count: object): Files {
  return changedRuns(({ schema }) => void schema.fields.push({ name: "count", ...count }));
}

describe("schema migrate", () => {
  const renamed = changedRuns(({ schema }) => {
    for (const field of schema.fields) if (field["name"] === "details") field["name"] = "extra";
  });
  test("prints the statements of every tenant", async () => {
    expect(await migrate(renamed)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "runs: details becomes extra. If it is not the same column, pass --not-renamed runs.details.
      ",
        "stdout": "-- tenant acme in dev
      -- runs: rename details to extra
      IF EXISTS (SELECT 1 FROM \`example-dev.acme_metadata\`.INFORMATION_SCHEMA.COLUMNS WHERE table_name = 'runs' AND column_name = 'details') THEN
        ALTER TABLE IF EXISTS \`example-dev.acme_metadata.runs\` RENAME COLUMN \`details\` TO \`extra\`;
      END IF;

      ",
      }
    `);
  });

  test("keeps a wider REQUIRED column REQUIRED, and relaxes before it widens", async () => {
    const [old, now] = [
      configFolder(withCount({ type: "INTEGER", mode: "REQUIRED" })),
      configFolder(withCount({ type: "NUMERIC", mode: "REQUIRED" })),
    ];
    const relaxed = configFolder(withCount({ type: "NUMERIC" }));
    const clauses = async (side: string) => {
      const { stdout } = await runCli(["schema", "migrate", old, side, "--environment", "dev"], old);
      return stdout.match(/ALTER COLUMN.*(?=;)/g);
    };
    expect(await clauses(now)).toEqual(["ALTER COLUMN `count` SET DATA TYPE NUMERIC NOT NULL"]);
    expect(await clauses(relaxed)).toEqual([
      "ALTER COLUMN `count` DROP NOT NULL",
      "ALTER COLUMN `count` SET DATA TYPE NUMERIC",
    ]);
  });

  test("drops and adds when told that it is no rename, and refuses to lose the data unasked", async () => {
    const { code, stdout, stderr } = await migrate(renamed, "--not-renamed", "runs.details");
    expect(code).toBe(2);
    expect(stdout).toContain("ADD COLUMN IF NOT EXISTS `extra` JSON;");
    expect(stdout).not.toContain("DROP COLUMN");
    expect(stderr).toContain("Instead: pass --drop-columns to drop it now, or keep it.");
    const dropped = await migrate(renamed, "--not-renamed", "runs.details", "--drop-columns");
    expect(dropped.code).toBe(0);
    expect(dropped.stdout).toContain("DROP COLUMN IF EXISTS `details`;");
  });

  test("takes the user's word for a rename that it would not guess", async () => {
    const now = changedRuns(({ schema }) => {
      schema.fields = [
        { name: "a", type: "JSON" },
        { name: "b", type: "JSON" },
        ...schema.fields.filter(({ name }) => name !== "details"),
      ];
    });
    expect((await migrate(now)).code).toBe(2);
    const { code, stdout } = await migrate(now, "--rename", "runs.details=b");
    expect(code).toBe(0);
    expect(stdout).toContain("RENAME COLUMN `details` TO `b`;");
  });

  test.each(["started_at", "status", "run_id"])(
    "refuses to rename %s, by which the table is partitioned or clustered, or which is its key",
    async (column) => {
      const now = changedRuns((definition) => {
        Object.assign(definition, JSON.parse(JSON.stringify(definition).replaceAll(`"${column}"`, '"other"')));
      });
      const { code, stdout, stderr } = await migrate(now, "--rename", `runs.${column}=other`);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toContain(`runs: cannot rename ${column} to other: BigQuery renames no column that`);
      expect(stderr).toContain("schema new-version runs");
    },
  );

  test("leaves to Terraform what it does in place, and says so", async () => {
    const now = changedRuns((definition) => void (definition.clustering = { fields: ["run_id"] }));
    expect(await migrate(now)).toEqual({
      code: 0,
      stdout: "",
      stderr:
        "runs: left to Terraform: clustering.fields: Terraform changes the clustering in place from status to run_id; only rows written from now on follow it.\nThere is nothing to migrate.\n",
    });
  });

  test("runs nothing when a table would still be replaced", async () => {
    const now = changedRuns((definition) => void (definition.timePartitioning = { type: "HOUR", field: "started_at" }));
    const { code, stderr } = await migrate(now, "--execute");
    expect(code).toBe(2);
    expect(stderr).toContain(
      "Nothing was run, because Terraform would still replace a table or lose a column after it.",
    );
  });

  test("does not rename what the table is clustered by, which BigQuery refuses", async () => {
    const now = changedRuns((definition) => {
      for (const field of definition.schema.fields) if (field["name"] === "status") field["name"] = "state";
      definition.clustering = { fields: ["state"] };
    });
    const { code, stdout } = await migrate(now);
    expect(code).toBe(2);
    expect(stdout).not.toContain("RENAME");
  });

  test.each([
    [
      ["--rename", "oops"],
      "--rename oops is not <table>.<old column>=<new column>, for example step_logs.error_message=error_text.\n",
    ],
    [["--rename", "run.a=b"], 'There is no table run in the old definitions. Did you mean "runs"?\n'],
    [
      ["--rename", "runs.nope=extra"],
      "runs: cannot rename nope to extra: the old definition has no column nope. Name a dropped and an added column.\n",
    ],
    [
      ["--rename", "runs.details=nope"],
      "runs: cannot rename details to nope: the new definition has no column nope. Name a dropped and an added column.\n",
    ],
    [
      ["--rename", "runs.status=extra"],
      "runs: cannot rename status to extra: the new definition still has status. Name a dropped and an added column.\n",
    ],
    [["--not-renamed", "oops"], "--not-renamed oops is not <table>.<column>, for example step_logs.error_message.\n"],
    [["--tenant", "acne"], 'There is no tenant acne in dev. Did you mean "acme"?\n'],
    [["--environment", "def"], 'There is no environment def. Did you mean "dev"?\n'],
  ])("refuses %j", async (args, message) => {
    expect(await migrate(renamed, ...args)).toEqual({ code: 1, stdout: "", stderr: message });
  });
});
