const unit = require("./jest.config.js");

/** Tests against real emulators and processes. @type {import("jest").Config} */
module.exports = { ...unit, roots: ["<rootDir>/__tests__/integration"], testPathIgnorePatterns: ["/node_modules/"] };
