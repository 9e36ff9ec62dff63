/*
 * Refuses a commit whose title is no conventional commit:
 *
 *     node scripts/commit-title.mjs <file with the message>
 */
import { readFileSync } from "node:fs";

const TYPES = ["build", "chore", "ci", "docs", "feat", "fix", "perf", "refactor", "revert", "style", "test"];
const TITLE = new RegExp(`^(?:${TYPES.join("|")})(?:\\([a-z0-9/-]+\\))?!?: \\S`);
/** What git itself writes. */
const GIT = /^(?:Merge|Revert|fixup!|squash!|amend!) /;

const [title = ""] = readFileSync(process.argv[2] ?? "", "utf8").split("\n", 1);
if (!TITLE.test(title) && !GIT.test(title)) {
  console.error(`The title of a commit is a conventional commit.
received: ${JSON.stringify(title)}
allowed:  <type>: <what it does>, or <type>(<part>): …, with a type of ${TYPES.join(", ")}
fix:      git commit --edit --file=.git/COMMIT_EDITMSG, for example "feat: onboard acme_retail"`);
  process.exitCode = 1;
}
