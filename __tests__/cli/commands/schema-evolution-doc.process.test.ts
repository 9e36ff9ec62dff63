import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "../../support/config-folder";
import { gitRepository } from "../../support/git-repository";
import { PROJECT } from "../../support/run";
import { runCli } from "../../support/run-cli";

const DOC = readFileSync(path.join(PROJECT, "docs/schema-evolution.md"), "utf8");
const SCHEMAS = path.join(PROJECT, "configs/metadata/schemas");

interface Definition {
  schema: { fields: Record<string, string>[] };
  timePartitioning: { type: string };
}

/** The sample definitions, and the same with one changed. */
function changed(table: string, change: (definition: Definition) => void): readonly [string, string] {
  const folder = temporaryFolder();
  cpSync(SCHEMAS, folder, { recursive: true });
  const file = path.join(folder, `${table}.json`);
  const definition = JSON.parse(readFileSync(file, "utf8")) as Definition;
  change(definition);
  writeFileSync(file, JSON.stringify(definition));
  return [SCHEMAS, folder];
}

test("in place is shown as it is", async () => {
  const sides = changed("pipeline_runs", ({ schema }) => void schema.fields.push({ name: "region", type: "STRING" }));
  expect(DOC).toContain((await runCli(["schema", "diff", ...sides])).stdout);
});

test("migrate is shown as it is", async () => {
  const sides = changed("pipeline_runs", ({ schema }) => {
    for (const field of schema.fields) {
      if (field["name"] === "error_message") field["name"] = "error_text";
      if (field["name"] === "duration_ms") field["type"] = "NUMERIC";
    }
  });
  const { stdout, stderr } = await runCli([
    "schema",
    "migrate",
    ...sides,
    "--environment",
    "dev",
    "--tenant",
    "globex",
  ]);
  expect(DOC).toContain(`${stderr}${stdout.trimEnd()}\n\`\`\``);
});

test("new version is shown as it is", async () => {
  const sides = changed("step_logs", ({ timePartitioning }) => void (timePartitioning.type = "HOUR"));
  expect(DOC).toContain((await runCli(["schema", "diff", ...sides])).stdout);
});

test("recreate is shown as it is", async () => {
  const environment = {
    projectId: "example-dev",
    location: "EU",
    backend: { type: "local" },
    deletionProtection: false,
  };
  const { configs, write } = gitRepository({
    "metadata/schemas/dq_results.json": readFileSync(path.join(SCHEMAS, "dq_results.json"), "utf8").replace(
      /,\s*"foreignKeys": \[[\s\S]*?\]\s*\}\s*\]/,
      "",
    ),
    "environments/dev.json": environment,
    "tenants/acme.json": { displayName: "Acme", environments: { dev: {} } },
  });
  write({ "environments/dev.json": { ...environment, recreate: { dq_results: 2 } } });
  const { code, stdout, stderr } = await runCli(["schema", "check", "--base", "main"], configs);
  expect([code, stderr]).toEqual([2, ""]);
  expect(DOC).toContain(stdout.split("\n\n")[0]);
});
