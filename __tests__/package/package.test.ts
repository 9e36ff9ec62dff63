import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { makeConsumer, type Run } from "../support/consumer";
import type { TerraformJson } from "../support/synth";

/** What the README shows for another CDKTF app. */
const PROGRAM = `
import { App } from "cdktf";
import { loadConfig, planStacks, synthesizeStacks } from "tenant-metadata";
const app = new App();
const { definitions, environments, tenants, offboarded } = loadConfig("configs");
const plans = environments.flatMap((environment) => planStacks(environment, tenants, offboarded));
synthesizeStacks(app, { plans, definitions });
`;

describe("the packed package in a fresh project", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tenant-metadata-consumer-"));
  let run: Run;

  beforeAll(() => {
    run = makeConsumer(folder, ["cdktf", "constructs", "@cdktf/provider-google", "typescript", "@types/node"]);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("synthesizes the same stacks from a program of six lines, which type-checks", () => {
    expect(PROGRAM.trim().split("\n")).toHaveLength(6);
    writeFileSync(path.join(folder, "main.ts"), PROGRAM);
    run(
      "npx",
      "tsc",
      "--strict",
      "--skipLibCheck",
      "--module",
      "commonjs",
      "--moduleResolution",
      "bundler",
      "--target",
      "es2022",
      "main.ts",
    );
    run("node", "main.js");
    const stack = JSON.parse(
      readFileSync(path.join(folder, "cdktf.out", "stacks", "metadata-dev", "cdk.tf.json"), "utf8"),
    ) as TerraformJson;
    expect(Object.keys(stack.resource["google_bigquery_table"] ?? {})).toContain("acme_retail__step_logs");
    expect(stack.locals["step_logs_schema"]).toHaveLength(12);
  });

  test("brings the command", () => {
    expect(run("npx", "tenant-metadata", "validate")).toBe(
      "Valid: 4 table definitions, 4 environments, 5 tenants, 11 datasets.\n",
    );
  });
});
