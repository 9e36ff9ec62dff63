import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "../support/config-folder";
import { GitRepository } from "../support/git-repository";
import { PROJECT } from "../support/run";

const CHANGELOG = "# Changelog\n\n## Unreleased\n\n- Drift: says it.\n\n## 0.1.0 (2026-01-31)\n\n- First.\n";

let repository: GitRepository;

beforeEach(() => {
  repository = new GitRepository(realpathSync(temporaryFolder()));
  cpSync(path.join(PROJECT, "scripts"), path.join(repository.folder, "scripts"), { recursive: true });
  repository.write({
    "package.json": { name: "example", version: "0.1.0", scripts: { build: "exit 9" } },
    "package-lock.json": {
      name: "example",
      version: "0.1.0",
      lockfileVersion: 3,
      packages: { "": { version: "0.1.0" } },
    },
    "CHANGELOG.md": CHANGELOG,
    // Stands for GitHub's command, and shows what it was called with.
    "bin/gh": '#!/bin/sh\necho "$@"\nfor file; do case "$file" in *.md | *.json) cat "$file" ;; esac; done\n',
  });
  chmodSync(path.join(repository.folder, "bin", "gh"), 0o755);
  repository.commit();
});

function run(program: string, ...args: readonly string[]) {
  const { folder } = repository;
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, PATH: `${path.join(folder, "bin")}${path.delimiter}${process.env["PATH"] ?? ""}` },
  });
  return { status, stdout, stderr };
}

const prepare = (...args: readonly string[]) => run(process.execPath, "scripts/prepare-release.mjs", ...args);

test("a release raises the version, dates the entries, is found to be new, and is described by its entries alone", () => {
  expect(run("scripts/ci/release-version.sh").stdout).toBe("version=0.1.0\n");
  repository.git("tag", "v0.1.0");
  expect(run("scripts/ci/release-version.sh").stdout).toBe("version=\n");

  expect(prepare("minor")).toEqual({
    status: 0,
    stdout: 'git commit --all --message "chore: release 0.2.0"\n',
    stderr: "",
  });
  expect(readFileSync(path.join(repository.folder, "CHANGELOG.md"), "utf8")).toMatch(
    /^# Changelog\n\n## Unreleased\n\n## 0\.2\.0 \(\d{4}-\d\d-\d\d\)\n\n- Drift: says it\.\n\n## 0\.1\.0/,
  );
  const head = repository.commit();
  expect(run("scripts/ci/release-version.sh").stdout).toBe("version=0.2.0\n");

  const { status, stdout } = run("scripts/ci/github-release.sh", "0.2.0");
  expect(status).toBe(0);
  expect(stdout).toContain(`release create v0.2.0 --target ${head} --title v0.2.0`);
  expect(stdout).toContain("- Drift: says it.{");
  expect(stdout).not.toContain("- First.");
  expect(JSON.parse(stdout.slice(stdout.indexOf("{")))).toMatchObject({
    spdxVersion: "SPDX-2.3",
    name: "example@0.2.0",
  });
});

test.each([
  ["without a version", [], "Usage: npm run release:prepare"],
  ["with another word", ["newest"], "Usage: npm run release:prepare"],
])("a release %s is refused", (_, args, message) => {
  expect(prepare(...args)).toMatchObject({ status: 1, stderr: expect.stringContaining(message) as string });
});

test("a release of nothing is refused, and so is one that the changelog does not know", () => {
  repository.write({ "CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n## 0.1.0 (2026-01-31)\n\n- First.\n" });
  expect(prepare("patch").stderr).toContain("CHANGELOG.md has no entry under `## Unreleased`.");
  expect(run("scripts/ci/github-release.sh", "0.3.0")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("CHANGELOG.md says nothing of 0.3.0.") as string,
  });
});

test("a package that names no repository is not published, since npm could not compare it with the provenance", () => {
  expect(run("scripts/ci/publish.sh")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("package.json names no repository") as string,
  });
});
