import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Files, temporaryFolder } from "./config-folder";

/** A real git repository in a folder of the test's. */
export class GitRepository {
  constructor(readonly folder: string) {
    this.git("init", "--quiet", "--initial-branch=main");
  }

  git(...args: readonly string[]): string {
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    return execFileSync("git", [...identity, ...args], {
      cwd: this.folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  }

  /** Writes files; `undefined` deletes one. */
  write(files: Files): void {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(this.folder, name);
      if (content === undefined) {
        rmSync(file, { force: true });
        continue;
      }
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content, null, 2));
    }
  }

  /** Commits everything and gives the commit's hash. */
  commit(): string {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", "change");
    return this.git("rev-parse", "HEAD");
  }
}

/** A repository with a configuration in `configs/`, committed on branch `main`. */
export function gitRepository(files: Files) {
  const repository = new GitRepository(temporaryFolder());
  const write = (changed: Files): void =>
    repository.write(
      Object.fromEntries(Object.entries(changed).map(([file, content]) => [path.join("configs", file), content])),
    );
  write(files);
  repository.commit();
  return {
    /** The folder `configs` in it. */
    configs: path.join(repository.folder, "configs"),
    /** Writes files relative to `configs`; `undefined` removes one. */
    write,
    commit: () => repository.commit(),
    git: (...args: readonly string[]) => repository.git(...args),
  };
}
