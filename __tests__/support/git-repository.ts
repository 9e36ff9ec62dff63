import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Files, temporaryFolder } from "./config-folder";

/** A git repository with a configuration in `configs/`. */
export interface Repository {
  /** The folder `configs` in it. */
  readonly configs: string;
  /** Writes files relative to `configs`; `undefined` removes one. */
  readonly write: (files: Files) => void;
  /** Commits everything and gives the commit. */
  readonly commit: () => string;
  readonly git: (...args: readonly string[]) => string;
}

/** Makes a repository and commits `files`, paths relative to `configs`, on branch `main`. */
export function gitRepository(files: Files): Repository {
  const root = temporaryFolder();
  const configs = path.join(root, "configs");
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", ...args], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  const write = (changed: Files) => {
    for (const [file, content] of Object.entries(changed)) {
      const target = path.join(configs, file);
      mkdirSync(path.dirname(target), { recursive: true });
      if (content === undefined) rmSync(target, { force: true });
      else writeFileSync(target, typeof content === "string" ? content : JSON.stringify(content, null, 2));
    }
  };
  const commit = () => {
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message", "change");
    return git("rev-parse", "HEAD");
  };
  git("init", "--quiet", "--initial-branch", "main");
  write(files);
  commit();
  return { configs, write, commit, git };
}
