/** Tests that need a program of the machine's own: Chromium or Terraform. @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.js"),
  testPathIgnorePatterns: ["/node_modules/"],
};
