import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Mutation, MUTATIONS } from "./mutations";

const PROJECT = path.resolve(__dirname, "../../..");
/** What the model-based test needs. */
const COPIED = [
  "bigquery",
  "configs",
  "model",
  "runtime",
  "__tests__/integration/support",
  "__tests__/runtime/delivery-model",
  "__tests__/support",
  "jest.config.js",
  "package.json",
  "tsconfig.json",
];
/** Jest takes no projects whose folders are not there. */
const CONFIG = "jest.unit.config.js";
const CONFIG_TEXT = `module.exports = require("./jest.config.js").projects.find(({ displayName }) => displayName === "unit");\n`;
/** Schedules that a mutation has to survive to be overlooked. */
const RUNS = 2000;

interface Report {
  readonly numFailedTests: number;
  readonly numPassedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

/** Runs the model-based test in a copy of the project. @returns the names of the tests that failed. */
function failingTests(copy: string, runs: number, name: string): readonly string[] {
  const report = path.join(copy, "report.json");
  const { stderr } = spawnSync(
    process.execPath,
    [
      "node_modules/jest/bin/jest.js",
      "--config",
      CONFIG,
      "--runInBand",
      "--testPathPatterns",
      "delivery-model/(delivery-model|limits)\\.test",
      "--testNamePattern",
      name,
      "--json",
      `--outputFile=${report}`,
    ],
    {
      cwd: copy,
      env: { ...process.env, DELIVERY_MODEL_RUNS: String(runs), DELIVERY_MODEL_SHRINK: "no" },
      encoding: "utf8",
    },
  );
  if (!existsSync(report)) throw new Error(`The tests did not start:\n${stderr}`);
  const { numFailedTests, numPassedTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(
    readFileSync(report, "utf8"),
  ) as Report;
  rmSync(report);
  if (numRuntimeErrorTestSuites > 0 || numFailedTests + numPassedTests === 0) throw new Error("The tests did not run");
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === "failed").map(({ title }) => title),
  );
}

/** @returns the names of the tests that notice. */
function noticers(copy: string, { name, file, text, by, noticedBy = "whatever happens" }: Mutation): readonly string[] {
  const place = path.join(copy, file);
  const source = readFileSync(place, "utf8");
  const parts = source.split(text);
  if (parts.length !== 2) {
    throw new Error(
      `${file} has the text of the mutation "${name}" ${parts.length - 1} times, not once. Fix: bring mutations.ts up to date.`,
    );
  }
  writeFileSync(place, parts.join(by));
  try {
    return failingTests(copy, RUNS, noticedBy);
  } finally {
    writeFileSync(place, source);
  }
}

function main(names: readonly string[]): number {
  const copy = mkdtempSync(path.join(tmpdir(), "delivery-mutations-"));
  try {
    for (const each of COPIED) cpSync(path.join(PROJECT, each), path.join(copy, each), { recursive: true });
    writeFileSync(path.join(copy, CONFIG), CONFIG_TEXT);
    symlinkSync(path.join(PROJECT, "node_modules"), path.join(copy, "node_modules"));
    const failing = failingTests(copy, 100, "");
    if (failing.length > 0) {
      process.stderr.write(`Without any mutation these fail: ${failing.join(", ")}\n`);
      return 1;
    }
    let overlooked = 0;
    for (const mutation of MUTATIONS) {
      if (names.length > 0 && !names.some((name) => mutation.name.includes(name))) continue;
      const tests = noticers(copy, mutation);
      if (tests.length === 0) overlooked++;
      process.stdout.write(`${tests.length > 0 ? "noticed   " : "OVERLOOKED"} ${mutation.name}\n`);
      for (const test of tests) process.stdout.write(`             ${test}\n`);
    }
    return overlooked === 0 ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true });
  }
}

process.exitCode = main(process.argv.slice(2));
