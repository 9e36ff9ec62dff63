import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { ALLOWABLE_CODES } from "../../../evolution/catalogue/codes";
import { addColumn, changedRuns, dropColumn, RUNS } from "../../support/changed-runs";
import { configFolder, temporaryFolder, VALID } from "../../support/config-folder";
import { daysAhead } from "../../support/days";
import { gitRepository } from "../../support/git-repository";
import { PROJECT } from "../../support/run";
import { runCli } from "../../support/run-cli";

const DROPPED = { [RUNS]: changedRuns(dropColumn)[RUNS] };
const ALLOWED = {
  code: "column-dropped",
  environment: "dev",
  tenant: "*",
  table: "runs",
  reason: "Never filled since the first release",
  expires: daysAhead(14),
};

const check = async (configs: string, ...args: readonly string[]) =>
  runCli(["schema", "check", "--base", "main", ...args], configs);

describe("schema check", () => {
  test("finds nothing in an unchanged configuration", async () => {
    const { configs } = gitRepository(VALID);
    expect(await check(configs)).toEqual({ code: 0, stdout: "No schema change.\n", stderr: "" });
  });

  test("compares the working tree, committed or not, with the merge base", async () => {
    const { configs, write, commit, git } = gitRepository(VALID);
    git("switch", "--quiet", "--create", "feature");
    write(DROPPED);
    expect((await check(configs)).code).toBe(2);
    commit();
    expect((await check(configs)).code).toBe(2);
  });

  test("does not take what others merged meanwhile for a change of this branch", async () => {
    const { configs, write, commit, git } = gitRepository(VALID);
    git("switch", "--quiet", "--create", "feature");
    git("switch", "--quiet", "main");
    write({ [RUNS]: changedRuns(addColumn)[RUNS] });
    commit();
    git("switch", "--quiet", "feature");
    expect(await check(configs)).toEqual({ code: 0, stdout: "No schema change.\n", stderr: "" });
  });

  test("touches neither the index nor the files", async () => {
    const { configs, write, git } = gitRepository(VALID);
    write(DROPPED);
    const before = git("status", "--porcelain");
    await check(configs);
    expect(git("status", "--porcelain")).toBe(before);
  });

  test("takes a base without a configuration for an empty one", async () => {
    const { configs, write } = gitRepository({ "../README.md": "empty" });
    write(VALID);
    const { code, stdout } = await check(configs, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      effect: "in-place",
      findings: [{ code: "environment-added" }, { code: "dataset-added" }, { code: "table-added" }],
    });
  });

  test("names a ref that git does not know", async () => {
    const { configs } = gitRepository(VALID);
    const { code, stderr } = await runCli(["schema", "check", "--base", "origin/nope"], configs);
    expect(code).toBe(1);
    expect(stderr).toContain('There is no commit "origin/nope" here.');
  });

  test("a base that is not valid is reported, and does not block the change that makes it so", async () => {
    const { configs, write } = gitRepository({ ...VALID, "tenants/acme.json": "{" });
    write({ "tenants/acme.json": VALID["tenants/acme.json"] });
    const { code, stdout, stderr } = await check(configs);
    expect([code, stdout]).toEqual([0, expect.stringContaining("dataset-added  dev/acme/*") as string]);
    expect(stderr).toContain(
      "The configuration of main is not valid. What could be read of it is compared. 1 problem in the configuration:",
    );
  });

  test("what a broken base says of other files is compared", async () => {
    const { configs, write } = gitRepository({ ...VALID, "tenants/acme.json": "{" });
    write({ "tenants/acme.json": VALID["tenants/acme.json"], ...DROPPED });
    expect(await check(configs)).toMatchObject({
      code: 2,
      stdout: expect.stringContaining("column-dropped") as string,
    });
  });

  describe("a file that could not be read in the base", () => {
    const dev = VALID["environments/dev.json"] as object;
    const acme = VALID["tenants/acme.json"] as object;
    const runs = VALID["metadata/schemas/runs.json"] as object;
    const two = { ...VALID, "environments/staging.json": { ...dev, projectId: "example-staging" } };

    test.each([
      ["tenants/globex.json", "{", "base-unreadable  dev/globex/*  tenants/globex.json"],
      ["tenants/globex.json", { ...acme, later: 1 }, "dataset-deleted  dev/globex/*"],
      ["metadata/schemas/notes.json", { ...runs, later: 1 }, "table-deleted  notes"],
      ["metadata/schemas/notes.json", "{}", "base-unreadable  dev/*/*  metadata/schemas/notes.json"],
      ["environments/staging.json", "[]", "base-unreadable  staging/*/*  environments/staging.json"],
      ["environments/staging.json", { ...dev, later: 1 }, "environment-removed  staging/*/*"],
    ])("needs an allowance once it is gone: %s %j", async (file, content, found) => {
      const { configs, write } = gitRepository({ ...VALID, [file]: content });
      write({ [file]: undefined });
      expect(await check(configs)).toMatchObject({ code: 2, stdout: expect.stringContaining(found) as string });
      expect((await check(configs)).stdout).toContain(`${file} was not valid before this change`);
      expect((await runCli(["validate", "--base", "main"], configs)).code).toBeGreaterThan(0);
    });

    test.each([
      ["environments/dev.json", { ...dev, later: 1 }, dev],
      ["environments/dev.json", { ...dev, readers: ["not a member"] }, dev],
      ["environments/dev.json", { ...dev, shards: "many" }, dev],
      ["tenants/acme.json", { ...acme, later: 1 }, acme],
      ["metadata/schemas/runs.json", { ...runs, later: 1 }, runs],
    ])("is said, and does not block what only corrects it: %s %j", async (file, broken, content) => {
      const { configs, write } = gitRepository({ ...VALID, [file]: broken });
      write({ [file]: content });
      const { code, stdout } = await check(configs);
      expect([code, stdout]).toEqual([0, expect.stringContaining("base-unreadable  *") as string]);
      expect(stdout).not.toContain("No schema change");
      expect((await runCli(["validate", "--base", "main"], configs)).code).toBe(0);
    });

    test("is compared without the keys that are not known", async () => {
      const { configs, write } = gitRepository({ ...VALID, "environments/dev.json": { ...dev, later: 1 } });
      write({ "environments/dev.json": { ...dev, location: "US" } });
      expect(await check(configs)).toMatchObject({
        code: 2,
        stdout: expect.stringContaining("dataset-moved") as string,
      });
    });

    test("hides nothing of the tenants that name it", async () => {
      const both = { displayName: "Acme", environments: { dev: {}, staging: {} } };
      const { configs, write } = gitRepository({ ...two, "tenants/acme.json": both, "environments/staging.json": "{" });
      write({ "environments/staging.json": two["environments/staging.json"], "tenants/acme.json": acme });
      expect(await check(configs)).toMatchObject({
        code: 2,
        stdout: expect.stringContaining("dataset-deleted  staging/acme/*") as string,
      });
    });

    test("may go once that is allowed", async () => {
      const { configs, write } = gitRepository({ ...VALID, "tenants/globex.json": "{" });
      const allowance = { ...ALLOWED, code: "base-unreadable", tenant: "globex", table: "*" };
      write({ "tenants/globex.json": undefined, "allowances/globex.json": allowance });
      expect((await check(configs)).code).toBe(0);
    });
  });

  describe("the record of a forgotten tenant", () => {
    const forgotten = {
      ...VALID,
      "tenants/acme.json": undefined,
      "offboarding/acme.json": { displayName: "Acme", environments: { dev: { step: "forget" } } },
    };
    const gone = { "offboarding/acme.json": undefined };

    test("does not go before anything says that it was deployed", async () => {
      const { configs, write, git } = gitRepository(forgotten);
      write(gone);
      expect(await check(configs)).toMatchObject({
        code: 2,
        stdout: expect.stringContaining("No tag deployed/dev says what is deployed.") as string,
      });
      expect((await runCli(["validate", "--base", "main"], configs)).code).toBe(2);
      git("tag", "deployed/dev");
      expect(await check(configs)).toMatchObject({ code: 0, stdout: "No schema change.\n" });
      expect((await runCli(["validate", "--base", "main"], configs)).code).toBe(0);
    });

    test("does not go while the tag says that the tenant is managed", async () => {
      const { configs, write, commit, git } = gitRepository(VALID);
      git("tag", "deployed/dev");
      write(forgotten);
      commit();
      write(gone);
      expect(await check(configs)).toMatchObject({
        code: 2,
        stdout: expect.stringContaining("By the tag deployed/dev the tenant still is managed there.") as string,
      });
    });
  });

  test("outside a repository says so", async () => {
    const folder = configFolder(VALID);
    expect(await check(folder)).toEqual({
      code: 1,
      stdout: "",
      stderr: `${folder} is in no git repository, so there is nothing to compare it with.\n`,
    });
  });
});

describe("allowances", () => {
  test("let a destructive change pass, and are reported as used", async () => {
    const { configs, write } = gitRepository(VALID);
    write({ ...DROPPED, "allowances/drop-details.json": ALLOWED });
    const { code, stdout } = await check(configs);
    expect(code).toBe(0);
    expect(stdout).toContain("  Allowed by allowances/drop-details.json.\n");
    expect(stdout).toContain(
      `Allowance used: allowances/drop-details.json (until ${ALLOWED.expires}): Never filled since the first release`,
    );
    expect((await check(configs, "--markdown")).stdout).toContain("\n\n- Allowance used: allowances/drop-details.json");
    expect(JSON.parse((await check(configs, "--json")).stdout)).toMatchObject({
      effect: "drop-column",
      findings: [{ code: "column-dropped", allowedBy: ["allowances/drop-details.json"] }],
      allowances: { used: ["allowances/drop-details.json"], unused: [], expired: [] },
    });
  });

  test.each([
    ["another code", { code: "table-deleted" }],
    ["another table", { table: "steps" }],
    ["another tenant", { tenant: "globex" }],
  ])("of %s do not", async (_, change) => {
    const { configs, write } = gitRepository(VALID);
    write({ ...DROPPED, "allowances/other.json": { ...ALLOWED, ...change } });
    const { code, stdout } = await check(configs);
    expect(code).toBe(2);
    expect(stdout).toContain(`Allowance unused: allowances/other.json (until ${ALLOWED.expires}).`);
  });

  test("that have expired do not, and are reported", async () => {
    const { configs, write } = gitRepository(VALID);
    write({ ...DROPPED, "allowances/old.json": { ...ALLOWED, expires: "2026-01-31" } });
    const { code, stdout } = await check(configs);
    expect(code).toBe(2);
    expect(stdout).toContain("Allowance expired: allowances/old.json (2026-01-31). Delete it.");
  });

  test("must name every environment that the change reaches", async () => {
    const { configs, write } = gitRepository({
      ...VALID,
      "environments/staging.json": { projectId: "example-staging", location: "EU", backend: { type: "local" } },
      "tenants/acme.json": { displayName: "Acme", environments: { dev: {}, staging: {} } },
    });
    write({ ...DROPPED, "allowances/dev.json": ALLOWED });
    expect((await check(configs)).code).toBe(2);
    write({ "allowances/staging.json": { ...ALLOWED, environment: "staging", tenant: "acme" } });
    expect((await check(configs)).code).toBe(0);
  });

  test("that are broken are errors, each with its place", async () => {
    const { configs, write } = gitRepository(VALID);
    write({
      "allowances/a.json": { ...ALLOWED, code: "column-droped" },
      "allowances/b.json": { ...ALLOWED, expires: "2199-01-01" },
      "allowances/c.json": { ...ALLOWED, reason: "because", until: "x", tenant: "Acme!" },
      "allowances/d.json": "{",
    });
    const { code, stderr } = await check(configs);
    expect(code).toBe(1);
    expect(
      stderr.replaceAll(daysAhead(30), "TODAY+30").replace(ALLOWABLE_CODES.join(", "), "<codes>"),
    ).toMatchSnapshot();
  });

  test("are checked by validate", async () => {
    const { configs } = gitRepository({ ...VALID, "allowances/a.json": { ...ALLOWED, code: "nope" } });
    const { code, stderr } = await runCli(["validate"], configs);
    expect(code).toBe(1);
    expect(stderr).toContain("allowances/a.json:2 code");
  });
});

function script(configs: string, base: string, env: NodeJS.ProcessEnv = {}) {
  return spawnSync(path.join(PROJECT, "scripts/schema-check.sh"), [base], {
    encoding: "utf8",
    env: { ...process.env, METADATA_CONFIG_DIR: configs, ...env },
  });
}

describe("scripts/schema-check.sh", () => {
  test("prints Markdown, ends with the check's code, and writes summary and output", () => {
    const { configs, write } = gitRepository(VALID);
    write(DROPPED);
    const folder = temporaryFolder();
    const [summary, output] = [path.join(folder, "summary"), path.join(folder, "output")];
    const { status, stdout } = script(configs, "HEAD", {
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: output,
      RUNNER_TEMP: folder,
    });
    expect(status).toBe(2);
    expect(stdout).toContain("| **drop-column**<br>breaks writers | `column-dropped` | `runs` |");
    expect(readFileSync(summary, "utf8")).toBe(stdout);
    expect(readFileSync(output, "utf8")).toBe(`report=${path.join(folder, "schema-check.md")}\n`);
    expect(readFileSync(path.join(folder, "schema-check.md"), "utf8")).toBe(stdout);
  });

  test("says in no time that nothing changed", () => {
    const { configs } = gitRepository(VALID);
    expect(script(configs, "HEAD")).toMatchObject({
      status: 0,
      stdout: "### Schema changes\n\nNo schema change.\n",
      stderr: "",
    });
  });

  test("passes on what is wrong", () => {
    const { configs, write } = gitRepository(VALID);
    write({ "tenants/acme.json": "{" });
    const { status, stderr } = script(configs, "HEAD");
    expect(status).toBe(1);
    expect(stderr).toContain("tenants/acme.json:1");
  });
});
