import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Files, temporaryFolder } from "../support/config-folder";
import { GitRepository } from "../support/git-repository";
import { PROJECT } from "../support/run";
import { runNode } from "../support/run-built";

/** A repository with this one's hooks in force. */
function hooked(): GitRepository {
  const repository = new GitRepository(realpathSync(temporaryFolder()));
  for (const name of [
    ".husky/pre-commit",
    ".husky/commit-msg",
    ".lintstagedrc.json",
    ".oxfmtrc.json",
    ".oxlintrc.json",
    "scripts/commit-title.mjs",
    "tsconfig.json",
  ]) {
    cpSync(path.join(PROJECT, name), path.join(repository.folder, name));
  }
  symlinkSync(path.join(PROJECT, "node_modules"), path.join(repository.folder, "node_modules"));
  repository.write({ ".gitignore": "node_modules\n" });
  repository.commit();
  const { status, stderr } = spawnSync(path.join(PROJECT, "node_modules", ".bin", "husky"), {
    cwd: repository.folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return repository;
}

/** Commits files; gives what git and the hooks said when they refuse. */
function commit(repository: GitRepository, title: string, files: Files): string | undefined {
  repository.write(files);
  repository.git("add", "--all");
  try {
    repository.git("commit", "--message", title);
    return undefined;
  } catch (error) {
    return String((error as { readonly stderr?: unknown }).stderr);
  }
}

const same = (operator: string): Files => ({
  "model/same.ts": `export function same(a: string, b: string): boolean {\n  return a ${operator} b;\n}\n`,
});

test("the hooks format what is staged, and nothing else", () => {
  const repository = hooked();
  repository.write({ "other.json": '{"a" :1}' });
  repository.git("add", "other.json");
  repository.git("commit", "--quiet", "--no-verify", "--message", "feat: another");
  expect(commit(repository, "feat: onboard acme", { "tenant.json": '{"displayName"  :"Acme"}' })).toBeUndefined();
  expect(repository.git("show", "HEAD:tenant.json")).toBe('{ "displayName": "Acme" }');
  expect(readFileSync(path.join(repository.folder, "other.json"), "utf8")).toBe('{"a" :1}');
});

test("the hooks refuse what the linter refuses, and a title that is no conventional commit", () => {
  const repository = hooked();
  expect(commit(repository, "feat: compare", same("=="))).toContain("Expected === and instead saw ==");
  expect(commit(repository, "Compare", same("==="))).toContain('received: "Compare"');
});

function checkTitle(title: string) {
  const file = path.join(temporaryFolder(), "message");
  writeFileSync(file, `${title}\n\nfeat: a body\n`);
  return runNode(["scripts/commit-title.mjs", file]);
}

test.each(["Fix it", "feature: onboard acme", "feat:onboard acme", "feat(Model): x", "feat: ", ""])(
  "the title %j is refused",
  (title) => {
    const { status, stderr } = checkTitle(title);
    expect([status, stderr.split("\n")[1]]).toEqual([1, `received: ${JSON.stringify(title)}`]);
  },
);

test.each(["feat: onboard acme", "fix(runtime/delivery): x", "refactor!: y", "feat(cli)!: z", "fixup! feat: x"])(
  "the title %j is taken",
  (title) => {
    expect(checkTitle(title)).toEqual({ status: 0, stdout: "", stderr: "" });
  },
);
