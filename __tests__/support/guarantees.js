const fs = require("node:fs");
const path = require("node:path");

const TESTS = path.join(__dirname, "..");
const PAGE = path.join(TESTS, "..", "docs", "guarantees.md");

/**
 * Every test that docs/guarantees.md names: the absolute paths of its files (`<name>.test.ts`, `<name>.process.test.ts`, or
 * both), and its title, the title of its group, or the part of either that does not depend on a case.
 *
 * @returns {readonly { readonly name: string, readonly files: readonly string[], readonly title: string }[]}
 */
function guaranteedTests() {
  const rows = fs.readFileSync(PAGE, "utf8").matchAll(/^\| (?!Promise |--).*\| (.+?) *\|$/gm);
  return [...rows].flatMap(([, tests]) =>
    tests.split("<br>").map((test) => {
      const [, name, title] = /^`(.+?)` (.+)$/.exec(test) ?? ["", test, ""];
      const files = [".test.ts", ".process.test.ts"].map((suffix) => path.join(TESTS, `${name}${suffix}`));
      return { name, title, files: files.filter((file) => fs.existsSync(file)) };
    }),
  );
}

/**
 * A Jest reporter that fails a run in which a test that docs/guarantees.md names did not pass: skipped, renamed or gone. What
 * fails, fails anyway; and of files that are not in the run, nothing is said.
 */
class GuaranteesReporter {
  constructor(globalConfig) {
    // With a pattern for names, or `--onlyFailures`, most tests are skipped on purpose.
    this.isWhole = !globalConfig.testNamePattern && !globalConfig.onlyFailures;
    this.missing = [];
  }

  onRunComplete(_contexts, { testResults }) {
    if (!this.isWhole) return;
    const results = new Map(testResults.map((result) => [result.testFilePath, result]));
    for (const { name, files, title } of guaranteedTests()) {
      const ran = files.map((file) => results.get(file));
      if (ran.some((result) => result === undefined || result.testExecError)) continue;
      const named = ran
        .flatMap((result) => result.testResults)
        .filter((test) => [...test.ancestorTitles, test.title].some((its) => its.includes(title)));
      if (named.length === 0 || named.some(({ status }) => status !== "passed" && status !== "failed")) {
        this.missing.push(`  ${name}: ${title}`);
      }
    }
    if (this.missing.length > 0) {
      process.stderr.write(
        `docs/guarantees.md names tests that did not run:\n${this.missing.join("\n")}\nfix: run them, or name others.\n`,
      );
    }
  }

  getLastError() {
    return this.missing.length === 0 ? undefined : new Error("docs/guarantees.md names tests that did not run.");
  }
}

module.exports = GuaranteesReporter;
module.exports.guaranteedTests = guaranteedTests;
