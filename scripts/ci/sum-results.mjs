/*
 * Prints `N passed, N failed` over the sections of .ci/run, and ends with 1 when any failed:
 *
 *     node scripts/ci/sum-results.mjs <folder> <number of sections>
 *
 * The folder holds <section>.json, Jest's results, for a section of tests, and <section>.failed for one that ended with an error. A file
 * of tests that cannot even be loaded is one failure, and so is a section that failed without a failed test.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const [folder = "", sections = ""] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (let section = 1; section <= Number(sections); section++) {
  const file = path.join(folder, `${section}.json`);
  const hasFailed = existsSync(path.join(folder, `${section}.failed`));
  let failures = 0;
  if (existsSync(file)) {
    const results = /** @type {import("@jest/reporters").AggregatedResult} */ (JSON.parse(readFileSync(file, "utf8")));
    passed += results.numPassedTests;
    failures = results.numFailedTests + results.numRuntimeErrorTestSuites;
  }
  failed += hasFailed ? Math.max(failures, 1) : failures;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
