import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { UsageError } from "../model/errors";

/**
 * Gives `use` a folder as it was at the merge base of `ref` and HEAD; `undefined` when it was not there.
 *
 * The merge base, since what others merged after this branch began is no change of this branch. Where history is too
 * shallow to know it, `ref` itself is taken.
 *
 * @param folder - a folder inside a git working tree.
 * @throws {@link UsageError} when git is missing, the folder is in no repository, or it has no such ref.
 */
export function withFolderAt<T>(folder: string, ref: string, use: (folderAtBase: string | undefined) => T): T {
  const prefix = git(folder, ["rev-parse", "--show-prefix"], {
    failure: `${folder} is in no git repository, so there is nothing to compare it with.`,
  }).trim();
  const commit = git(folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`], {
    failure: `git knows no commit ${ref} in ${folder}. Fetch it first: git fetch origin ${ref.replace(/^origin\//, "")}`,
  }).trim();
  const base = mergeBase(folder, commit);
  const scratch = mkdtempSync(path.join(tmpdir(), "tenant-metadata-"));
  try {
    // An index of our own: neither the user's index nor their files are touched.
    const options = { env: { GIT_INDEX_FILE: path.join(scratch, "index") } };
    git(folder, ["read-tree", base], options);
    const files = git(folder, ["ls-files", "-z", "--full-name", "."], options);
    if (files === "") return use(undefined);
    const top = git(folder, ["rev-parse", "--show-toplevel"]).trim();
    const target = `${path.join(scratch, "files")}${path.sep}`;
    git(top, ["checkout-index", "-z", "--stdin", `--prefix=${target}`], { ...options, input: files });
    return use(path.join(target, prefix));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function mergeBase(folder: string, commit: string): string {
  try {
    return git(folder, ["merge-base", commit, "HEAD"]).trim();
  } catch {
    return commit;
  }
}

interface GitOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly failure?: string;
}

function git(cwd: string, args: readonly string[], { env, input, failure }: GitOptions = {}): string {
  try {
    return execFileSync("git", args, {
      cwd,
      encoding: "utf8",
      maxBuffer: 1 << 30,
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...env },
      ...(input === undefined ? {} : { input }),
    });
  } catch (error) {
    const { code, stderr } = error as { readonly code?: string; readonly stderr?: string };
    if (code === "ENOENT") throw new UsageError(`git or the folder ${cwd} was not found.`, { cause: error });
    throw new UsageError(failure ?? `git ${args[0] ?? ""} failed in ${cwd}: ${(stderr ?? "").trim()}`, {
      cause: error,
    });
  }
}
