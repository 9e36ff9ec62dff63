import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, readFileSync } from "node:fs";
import path from "node:path";
import { configFolder } from "../support/config-folder";
import { PROJECT } from "../support/run";

/** `.ci/run` with an npm of the test's, which says what it was called with and does as `answers` says. */
function ciRun(answers: string) {
  const folder = configFolder({
    "scripts/ci/install-chromium.sh": "#!/bin/sh\n",
    "bin/npm": `#!/bin/sh\necho "npm $*"\njson=\${*##*--outputFile=}\ncase "$*" in\n${answers}\n*--outputFile=*) echo '{"numPassedTests": 10, "numFailedTests": 0, "numRuntimeErrorTestSuites": 0}' > "$json" ;;\nesac\n`,
  });
  for (const file of [".ci/run", "scripts/ci/sum-results.mjs"])
    cpSync(path.join(PROJECT, file), path.join(folder, file));
  for (const file of ["bin/npm", "scripts/ci/install-chromium.sh"]) chmodSync(path.join(folder, file), 0o755);
  // Terraform is on some machines alone.
  const { status, stdout } = spawnSync(path.join(folder, ".ci/run"), {
    encoding: "utf8",
    env: { PATH: `${path.join(folder, "bin")}:${path.dirname(process.execPath)}:/usr/bin:/bin` },
  });
  const lines = stdout.trimEnd().split("\n");
  return { status, called: lines.filter((line) => line.startsWith("npm ")), lines, last: lines.at(-1) };
}

const results = (passed: number, failed: number, broken: number): string =>
  `'${JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: broken })}'`;

test("installs once, tests once, and closes with the sum of all tests", () => {
  const { status, called, lines, last } = ciRun("");
  const sections = lines.filter((line) => /^ok +\d+ s {2}/.test(line));
  expect(called.filter((line) => line === "npm ci")).toHaveLength(1);
  expect(called.filter((line) => line.startsWith("npm test"))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith("=== "))).toHaveLength(sections.length + 1);
  const tested = called.filter((line) => line.includes("--outputFile")).length;
  expect([status, last]).toEqual([0, `${10 * tested} passed, 0 failed`]);
});

test("runs what the README says", () => {
  const script = readFileSync(path.join(PROJECT, ".ci/run"), "utf8");
  const readme = readFileSync(path.join(PROJECT, "README.md"), "utf8");
  for (const command of ["npm ci && npm test", "npm run synth"]) {
    expect(readme).toContain(command);
    expect(script).toContain(command);
  }
});

test.each([
  ["a failed test", `test\\ *) echo ${results(7, 2, 0)} > "$json"; exit 1 ;;`, 2],
  ["a test file that cannot be loaded", `test\\ *) echo ${results(7, 0, 1)} > "$json"; exit 1 ;;`, 1],
  ["tests that never came to an end", "test\\ *) exit 134 ;;", 1],
  ["a section that is no test", "run\\ lint) exit 1 ;;", 1],
  ["an installation that fails, and another section", "ci | run\\ lint) exit 1 ;;", 2],
])("ends with an error for %s, after all other sections", (_, answers, failed) => {
  const { status, called, last } = ciRun(answers);
  expect([status, last]).toEqual([1, expect.stringMatching(new RegExp(`^\\d+ passed, ${failed} failed$`))]);
  expect(called.at(-1)).toContain("npm run test:integration");
});
