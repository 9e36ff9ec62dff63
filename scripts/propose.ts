/*
 * Opens a pull request for a branch that was pushed, unless one is open:
 *
 *     npm run ci:propose -- <branch> <title>
 */
import { GitHub } from "./github";

async function main([branch, title]: readonly string[]): Promise<void> {
  if (branch === undefined || title === undefined) throw new Error("Usage: npm run ci:propose -- <branch> <title>");
  await GitHub.fromEnvironment(process.env).propose(
    branch,
    title,
    "Written after a deployment by `tenant-metadata deployed`. Merge it, so that later changes are checked against what is really there.",
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
