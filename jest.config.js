/*
 * One project for each thing that tests need. `npm test` runs the first two, which need nothing but Node and git:
 *
 *     unit         in this process alone, whatever they test
 *     process      *.process.test.ts: start git, the command or another program
 *     package      the packed package in a fresh project; needs the package registry
 *     browser      the page in Chromium
 *     terraform    plans and deployments with a real Terraform
 *     integration  the runtime against a BigQuery emulator, which it installs and starts
 */

const common = {
  testEnvironment: "node",
  // Inline snapshots are formatted like everything else, by oxfmt.
  prettierPath: null,
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
};

const OWN_FOLDER = ["package", "browser", "terraform", "integration"];
const ELSEWHERE = ["/node_modules/", `<rootDir>/__tests__/(${OWN_FOLDER.join("|")})/`];
const BUILD = "<rootDir>/__tests__/support/build-programs.ts";

/** Tests in a folder of their own. @param {string} displayName @param {object} more */
const folder = (displayName, more = {}) => ({
  ...common,
  displayName,
  roots: [`<rootDir>/__tests__/${displayName}`],
  testMatch: ["**/*.test.ts"],
  ...more,
});

/** @type {import("jest").Config} */
module.exports = {
  // Far above what any test needs: it ends a test that hangs, and never one that a busy machine slows down.
  testTimeout: 180_000,
  maxWorkers: "100%",
  reporters: ["default", "<rootDir>/__tests__/support/guarantees.js"],
  projects: [
    {
      ...common,
      displayName: "unit",
      roots: ["<rootDir>/__tests__"],
      testMatch: ["**/*.test.ts"],
      testPathIgnorePatterns: [...ELSEWHERE, "\\.process\\.test\\.ts$"],
      moduleNameMapper: { "^(node:)?child_process$": "<rootDir>/__tests__/support/no-processes.ts" },
    },
    {
      ...common,
      displayName: "process",
      roots: ["<rootDir>/__tests__"],
      testMatch: ["**/*.process.test.ts"],
      testPathIgnorePatterns: ELSEWHERE,
      globalSetup: BUILD,
    },
    folder("package"),
    folder("browser"),
    folder("terraform", { globalSetup: BUILD }),
    folder("integration", {
      globalSetup: "<rootDir>/__tests__/integration/support/global-setup.ts",
      globalTeardown: "<rootDir>/__tests__/integration/support/global-teardown.ts",
    }),
  ],
};
