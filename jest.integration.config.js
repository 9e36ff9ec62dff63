const unit = require("./jest.config.js");

/** Tests against a real BigQuery emulator, which they install and start themselves. @type {import("jest").Config} */
module.exports = {
  ...unit,
  roots: ["<rootDir>/__tests__/integration"],
  testPathIgnorePatterns: ["/node_modules/"],
  globalSetup: "<rootDir>/__tests__/integration/support/global-setup.ts",
  globalTeardown: "<rootDir>/__tests__/integration/support/global-teardown.ts",
  testTimeout: 120_000,
  // One emulator serves all files; more workers than processors it has would only make it slow.
  maxWorkers: 2,
};
