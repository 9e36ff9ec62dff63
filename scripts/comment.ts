/*
 * Writes a file as the pull request's comment, in place of the one that is there:
 *
 *     npm run ci:comment -- <pull request> <file> [<link to the page>]
 */
import { readFileSync } from "node:fs";
import { GitHub } from "./github";

async function main([pullRequest, file, link]: readonly string[]): Promise<void> {
  if (!/^\d+$/.test(pullRequest ?? "") || file === undefined) {
    throw new Error("Usage: npm run ci:comment -- <pull request number> <file> [<link to the page>]");
  }
  const text = readFileSync(file, "utf8");
  const page =
    link === undefined || link === "" ? "" : `\n[Open the page with filters and the diagram of the tables](${link})\n`;
  await GitHub.fromEnvironment(process.env).comment(Number(pullRequest), text + page);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
