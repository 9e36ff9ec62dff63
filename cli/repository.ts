import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../model/errors";

const run = promisify(execFile);

/** A git repository that holds the folder it was opened by. */
export class Repository {
  private constructor(
    /** Absolute path of the work tree's root. */
    readonly root: string,
  ) {}

  /** @throws {@link UsageError} when `folder` is in no repository. */
  static async open(folder: string): Promise<Repository> {
    return new Repository((await git(folder, ["rev-parse", "--show-toplevel"])).trim());
  }

  /**
   * The commit that a branch, tag or other revision names, as 40 hexadecimal digits.
   *
   * @throws {@link UsageError} when there is none.
   */
  async commit(ref: string): Promise<string> {
    try {
      return (await git(this.root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`])).trim();
    } catch {
      throw new UsageError(
        `There is no commit ${JSON.stringify(ref)} here. Name a branch, tag or commit; when it is on the remote only, run \`git fetch origin\` (in CI, check out with fetch-depth 0).`,
      );
    }
  }

  /** Path of `folder` relative to the root, with forward slashes; `undefined` when it lies outside. */
  relative(folder: string): string | undefined {
    const relative = path.relative(realpathSync(this.root), realpathSync(folder)).split(path.sep).join("/");
    return relative === ".." || relative.startsWith("../") ? undefined : relative;
  }

  /** Whether any file outside `folder`, tracked or not, differs from `commit`; ignored files do not count. */
  async differsOutside(folder: string, commit: string): Promise<boolean> {
    const elsewhere = ["--", ".", `:(exclude,literal)${folder}`];
    const changed = await git(this.root, ["diff", "--name-only", "--no-renames", commit, ...elsewhere]);
    if (changed !== "") return true;
    return (await git(this.root, ["ls-files", "--others", "--exclude-standard", ...elsewhere])) !== "";
  }

  /**
   * Writes the files of `commit` under `paths` to the folder `into`. The repository's index and work tree stay as they are.
   *
   * @returns whether the commit has any such file.
   */
  async export(commit: string, paths: readonly string[], into: string): Promise<boolean> {
    if ((await git(this.root, ["ls-tree", "--name-only", commit, "--", ...paths])) === "") return false;
    mkdirSync(into, { recursive: true });
    const index = path.join(into, "..", `${path.basename(into)}.index`);
    await git(this.root, [`--work-tree=${into}`, "checkout", "--quiet", commit, "--", ...paths], {
      GIT_INDEX_FILE: index,
    });
    return true;
  }
}

/** Calls `use` with a new folder, and removes the folder whatever happens. */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "tenant-metadata-")));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function git(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  try {
    const { stdout } = await run("git", args, { cwd, env: { ...process.env, ...env }, maxBuffer: 1 << 28 });
    return stdout;
  } catch (error) {
    const { stderr, code } = error as { readonly stderr?: string; readonly code?: unknown };
    const reason = code === "ENOENT" ? "git is not installed, or the folder does not exist" : (stderr ?? "").trim();
    throw new UsageError(`\`git ${args.join(" ")}\` failed in ${cwd}: ${reason}`, { cause: error });
  }
}
