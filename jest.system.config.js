/** Tests that need a program of the machine's own: Chromium or Terraform. @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.js"),
  testMatch: ["<rootDir>/__tests__/system/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
};
