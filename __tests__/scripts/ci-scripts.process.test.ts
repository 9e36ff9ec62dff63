import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Files, temporaryFolder, VALID } from "../support/config-folder";
import { GitRepository } from "../support/git-repository";
import { built } from "../support/programs";
import { PROJECT } from "../support/run";
import { change, planJson } from "../support/terraform-plan";

/** A project in a repository of its own, with this one's scripts and programs and another configuration. */
function checkout(configs: Files): GitRepository {
  const folder = realpathSync(temporaryFolder());
  for (const name of ["scripts", "cdktf.json", ".github"]) {
    cpSync(path.join(PROJECT, name), path.join(folder, name), { recursive: true });
  }
  symlinkSync(path.join(PROJECT, "node_modules"), path.join(folder, "node_modules"));
  const repository = new GitRepository(folder);
  repository.write({
    ".gitignore": "cdktf.out\nnode_modules\n",
    "package.json": {
      scripts: {
        "ci:propose": `node "${built("scripts/propose.ts")}"`,
        synth: `node "${built("main.ts")}"`,
        "tenant-metadata": `node "${built("cli/main.ts")}"`,
      },
    },
  });
  repository.write(Object.fromEntries(Object.entries(configs).map(([file, content]) => [`configs/${file}`, content])));
  repository.commit();
  return repository;
}

function script(folder: string, name: string, ...args: readonly string[]) {
  const { METADATA_CONFIG_DIR: _, METADATA_STACKS: __, GITHUB_STEP_SUMMARY: ___, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(path.join(folder, "scripts", "ci", name), args, {
    cwd: folder,
    encoding: "utf8",
    env,
  });
  return { status, stdout, stderr };
}

function environment(name: string, backend: "gcs" | "local", more: object = {}): object {
  const place = backend === "gcs" ? { bucket: "example-state", prefix: name } : {};
  return { projectId: `example-${name}`, location: "EU", backend: { type: backend, ...place }, ...more };
}

const CONFIGS: Files = {
  ...VALID,
  "environments/dev.json": environment("dev", "gcs"),
  "environments/prod.json": environment("prod", "gcs", { shards: 2 }),
  "tenants/acme.json": { displayName: "Acme", environments: { dev: {}, prod: {} } },
};

describe("the scripts of the workflows", () => {
  let repository: GitRepository;
  let folder: string;

  beforeEach(() => {
    repository = checkout(CONFIGS);
    ({ folder } = repository);
  });

  function addRemote(): void {
    const remote = temporaryFolder();
    repository.git("init", "--quiet", "--bare", remote);
    repository.git("remote", "add", "origin", remote);
  }

  test("find the affected stacks of every environment, and say which no workflow deploys", () => {
    repository.write({
      "configs/tenants/acme.json": { displayName: "Acme Inc.", environments: { dev: {}, prod: {}, test: {} } },
      "configs/environments/test.json": environment("test", "gcs"),
    });
    expect(script(folder, "affected.sh", "HEAD")).toEqual({
      status: 0,
      stdout:
        'environments=["dev","prod","test"]\nstacks={"dev":["metadata-dev"],"prod":["metadata-prod-001"],"test":["metadata-test"]}\n',
      stderr:
        "::warning::No workflow deploys test: add a job for it to .github/workflows/deploy.yml.\n" +
        "::warning::.github/workflows/deploy.yml deploys staging, which is no environment.\n",
    });
    repository.commit();
    expect(script(folder, "affected.sh", "HEAD").stdout).toBe("environments=[]\nstacks={}\n");
    expect(script(folder, "affected.sh", "nowhere").status).not.toBe(0);
  });

  test("plan no environment whose state is on a laptop, and say so", () => {
    repository.write({ "configs/environments/local.json": environment("local", "local") });
    repository.write({
      "configs/tenants/acme.json": { displayName: "Acme", environments: { local: {}, dev: {}, prod: {} } },
    });
    const { stdout, stderr } = script(folder, "affected.sh", "HEAD");
    expect(stdout).toBe("environments=[]\nstacks={}\n");
    expect(stderr).toContain(
      "::notice::No workflow deploys local: its state is a local file, so no plan of it is made.\n",
    );
  });

  test("deploy all stacks at first, and then what differs from the last finished deployment", () => {
    expect(script(folder, "stacks-to-deploy.sh", "prod").stdout).toBe("stacks=metadata-prod-000 metadata-prod-001\n");
    addRemote();
    repository.write({
      "configs/deployed/prod.json": '{\n  "$schema": "../json-schemas/deployed.json",\n  "shards": 2\n}\n',
    });
    repository.commit();

    const recorded = script(folder, "record-deployed.sh", "prod");
    expect([recorded.status, recorded.stderr]).toEqual([
      0,
      expect.stringContaining("configs/deployed/prod.json is up to date."),
    ]);
    expect(repository.git("ls-remote", "origin")).toContain("refs/tags/deployed/prod");
    repository.git("fetch", "--quiet", "--tags", "origin");
    expect(script(folder, "deployed-base.sh", "prod").stdout.trim()).toBe(repository.git("rev-parse", "HEAD"));
    expect(script(folder, "stacks-to-deploy.sh", "prod").stdout).toBe("stacks=\n");
    expect(script(folder, "stacks-to-deploy.sh", "dev").stdout).toBe("stacks=metadata-dev\n");
  });

  test("never deploy backwards, nor aside", () => {
    addRemote();
    const older = repository.git("rev-parse", "HEAD");
    repository.write({ "README.md": "Newer\n" });
    const newer = repository.commit();
    repository.git("tag", "deployed/prod");
    repository.git("push", "--quiet", "origin", "deployed/prod");
    repository.git("switch", "--quiet", "--detach", older);
    for (const aside of [false, true]) {
      if (aside) {
        repository.write({ "README.md": "Aside\n" });
        repository.commit();
      }
      for (const name of ["stacks-to-deploy.sh", "record-deployed.sh"]) {
        const { status, stdout, stderr } = script(folder, name, "prod");
        expect([name, status, stdout]).toEqual([name, 1, ""]);
        expect(stderr).toContain(
          `prod was deployed from ${newer}, which ${repository.git("rev-parse", "HEAD")} does not contain.`,
        );
      }
    }
    expect(repository.git("ls-remote", "origin", "refs/tags/deployed/prod")).toContain(newer);
  });

  test("do not record over what another run recorded meanwhile", () => {
    addRemote();
    const ours = repository.git("rev-parse", "HEAD");
    repository.write({ "README.md": "Newer\n" });
    const theirs = repository.commit();
    repository.git("push", "--quiet", "origin", `${theirs}:refs/tags/deployed/prod`);
    repository.git("switch", "--quiet", "--detach", ours);
    const { status, stderr } = script(folder, "record-deployed.sh", "prod");
    expect([status, stderr]).toEqual([1, expect.stringContaining("stale info")]);
    expect(repository.git("ls-remote", "origin", "refs/tags/deployed/prod")).toContain(theirs);
  });

  test("push a changed record on a branch of its own", () => {
    addRemote();
    const { stderr } = script(folder, "record-deployed.sh", "dev");
    // Here there is no GitHub to propose the branch to.
    expect(stderr).toContain("is not set. In a workflow, pass it in `env`.");
    expect(repository.git("show", "origin/record-deployed-dev:configs/deployed/dev.json")).toContain('"shards": 1');
    expect(repository.git("log", "-1", "--format=%s", "origin/record-deployed-dev")).toBe(
      "chore: record what was deployed to dev",
    );
  });

  test("sum up and guard the plans of a folder, at any depth", () => {
    const plans = path.join(temporaryFolder(), "plans");
    mkdirSync(path.join(plans, "plans-prod"), { recursive: true });
    const summary = temporaryFolder();
    expect(script(folder, "summarize.sh", plans, summary).status).toBe(0);
    expect(readFileSync(path.join(summary, "comment.md"), "utf8")).toContain("No stack differs from the base");
    expect(script(folder, "guard.sh", plans)).toMatchObject({ status: 0, stdout: "No plan to check.\n" });

    const labels = { environment: "prod", tenant: "acme" };
    const dataset = change("google_bigquery_dataset.acme", ["create"], null, { location: "EU", labels });
    const table = { table_id: "runs", schema: "[]", labels };
    const file = path.join(plans, "plans-prod", "metadata-prod-001.json");
    writeFileSync(file, planJson([dataset]));
    expect(script(folder, "summarize.sh", plans, summary).status).toBe(0);
    expect(readFileSync(path.join(summary, "comment.md"), "utf8")).toContain("| **prod** | 1 dataset |");
    expect(readFileSync(path.join(summary, "plan.html"), "utf8")).toContain("<!doctype html>");
    expect(script(folder, "guard.sh", plans).status).toBe(0);
    expect(script(folder, "show-plan.sh", plans).stdout).toContain("| **prod** | 1 dataset |");

    writeFileSync(file, planJson([change("google_bigquery_table.acme__runs", ["delete"], table, null)]));
    expect(script(folder, "guard.sh", plans).status).toBe(2);
  });
});
