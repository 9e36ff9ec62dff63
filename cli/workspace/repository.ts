import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../../model/errors";

const run = promisify(execFile);

/** A git repository that holds the folder it was opened by. */
export class Repository {
  private constructor(
    /** Absolute path of the work tree's root. */
    readonly root: string,
  ) {}

  /** @throws {@link UsageError} when `folder` is in no repository. */
  static async open(folder: string): Promise<Repository> {
    const failure = `${folder} is in no git repository, so there is nothing to compare it with.`;
    return new Repository((await git(folder, ["rev-parse", "--show-toplevel"], { failure })).trim());
  }

  /**
   * The commit that a branch, tag or other revision names, as 40 hexadecimal digits.
   *
   * @throws {@link UsageError} when there is none.
   */
  async commit(ref: string): Promise<string> {
    const failure = `There is no commit ${JSON.stringify(ref)} here. Name a branch, tag or commit; when it is on the remote only, run \`git fetch origin\` (in CI, check out with fetch-depth 0).`;
    const found = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`];
    return (await git(this.root, found, { failure })).trim();
  }

  /** The tags that match a pattern such as `deployed/*`, each with the commit that it names, in order of their names. */
  async tags(pattern: string): Promise<readonly (readonly [tag: string, commit: string])[]> {
    const names = await git(this.root, ["tag", "--list", "--sort=refname", pattern]);
    const tags = names.split("\n").filter((name) => name !== "");
    return Promise.all(tags.map(async (tag) => [tag, await this.commit(`refs/tags/${tag}`)] as const));
  }

  /** Where HEAD left the line of `commit`; `commit` itself where history is too shallow to know, or has no such place. */
  async mergeBase(commit: string): Promise<string> {
    try {
      return (await git(this.root, ["merge-base", commit, "HEAD"])).trim();
    } catch {
      return commit;
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
   * What the files under `folder` that differ from `commit` were in it, by their path relative to `folder`; `undefined` for a
   * file that the commit does not have. Files that are not tracked count, ignored ones too: whoever reads the folder reads them.
   */
  async textsBefore(folder: string, commit: string): Promise<ReadonlyMap<string, string | undefined>> {
    const within = ["--", folder === "" ? "." : folder];
    const changed = await git(this.root, ["diff", "--name-only", "--no-renames", "-z", commit, ...within]);
    const untracked = await git(this.root, ["ls-files", "--others", "-z", ...within]);
    const files = [...changed.split("\0"), ...untracked.split("\0")].filter((file) => file !== "");
    const start = folder === "" ? 0 : folder.length + 1;
    const texts = await this.read(files.map((file) => `${commit}:${file}`));
    return new Map(files.map((file, index) => [file.slice(start), texts[index]]));
  }

  /** Reads objects such as `<commit>:<path>` in one go; `undefined` for one that there is not. */
  private async read(names: readonly string[]): Promise<readonly (string | undefined)[]> {
    if (names.length === 0) return [];
    const child = spawn("git", ["cat-file", "--batch"], { cwd: this.root, stdio: ["pipe", "pipe", "ignore"] });
    child.stdin.end(names.map((name) => `${name}\n`).join(""));
    const output = Buffer.concat((await child.stdout.toArray()) as Buffer[]);
    let at = 0;
    return names.map((name) => {
      const missing = `${name} missing\n`;
      if (output.subarray(at, at + Buffer.byteLength(missing)).toString("utf8") === missing) {
        at += Buffer.byteLength(missing);
        return undefined;
      }
      const end = output.indexOf("\n", at) + 1;
      const size = Number(output.subarray(at, end).toString("utf8").split(" ")[2]);
      at = end + size + 1;
      return output.subarray(end, end + size).toString("utf8");
    });
  }

  /** Writes the files that `commit` has in `folder` to the same place below `into`. Index and work tree stay as they are. */
  async export(commit: string, into: string, folder = ""): Promise<void> {
    mkdirSync(into, { recursive: true });
    const within = ["--", folder === "" ? "." : folder];
    if ((await git(this.root, ["ls-tree", "--name-only", commit, ...within])) === "") return;
    await git(this.root, [`--work-tree=${into}`, "checkout", "--quiet", commit, ...within], {
      env: { GIT_INDEX_FILE: `${into}.index` },
    });
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

interface GitOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** What to say when git refuses, instead of its own words. */
  readonly failure?: string;
}

async function git(cwd: string, args: readonly string[], { env, failure }: GitOptions = {}): Promise<string> {
  try {
    const { stdout } = await run("git", args, { cwd, env: { ...process.env, ...env }, maxBuffer: 1 << 28 });
    return stdout;
  } catch (error) {
    const { stderr, code } = error as { readonly stderr?: string; readonly code?: unknown };
    if (code === "ENOENT") {
      throw new UsageError(`git is not installed, or the folder ${cwd} does not exist.`, { cause: error });
    }
    throw new UsageError(failure ?? `\`git ${args.join(" ")}\` failed in ${cwd}: ${(stderr ?? "").trim()}`, {
      cause: error,
    });
  }
}
