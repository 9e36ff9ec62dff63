/** Unit tests: no emulator, no Python, no network. @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  // Inline snapshots are formatted like everything else, by oxfmt.
  prettierPath: null,
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  // The other folders have a command of their own: they need an emulator, a browser, Terraform or the package registry.
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/__tests__/(integration|browser|package|terraform)/"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
};
