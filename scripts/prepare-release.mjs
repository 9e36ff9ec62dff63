/*
 * Makes a release of what is unreleased: raises the version in package.json and dates the entries of CHANGELOG.md. Merging that
 * commit publishes it (.github/workflows/release.yml).
 *
 *     npm run release:prepare -- <major|minor|patch|version>
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const [raise = ""] = process.argv.slice(2);
const changelog = readFileSync("CHANGELOG.md", "utf8");
const unreleased = /^## Unreleased\n(.*?)(?=^## |(?![^]))/ms.exec(changelog)?.[1]?.trim();
if (!/^(?:major|minor|patch|\d+\.\d+\.\d+)$/.test(raise)) {
  throw new Error("Usage: npm run release:prepare -- <major|minor|patch|version>");
}
if (unreleased === undefined || unreleased === "") {
  throw new Error("CHANGELOG.md has no entry under `## Unreleased`. fix: say there what users will notice.");
}
const version = execFileSync("npm", ["version", raise, "--no-git-tag-version", "--ignore-scripts"], {
  encoding: "utf8",
})
  .trim()
  .slice(1);
const day = new Date().toISOString().slice(0, 10);
writeFileSync("CHANGELOG.md", changelog.replace(/^## Unreleased\n/m, `## Unreleased\n\n## ${version} (${day})\n`));
console.log(`git commit --all --message "chore: release ${version}"`);
