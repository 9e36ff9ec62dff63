import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { makeConsumer, type Run } from "../support/consumer";
import { examplesIn } from "../support/examples";
import { PROJECT } from "../support/run";
import type { TerraformJson } from "../support/synth";

const TSC_FLAGS =
  "--strict --skipLibCheck --types node --module commonjs --moduleResolution bundler --target es2022 --lib es2023,esnext.disposable";

describe("the packed package in a fresh project", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tenant-metadata-consumer-"));
  let run: Run;

  beforeAll(() => {
    run = makeConsumer(folder, ["cdktf", "constructs", "@cdktf/provider-google", "typescript", "@types/node"]);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("synthesizes the same stacks from the README's program of six lines; its pipeline type-checks too", () => {
    const [program = "", pipeline = ""] = readmeBlocks("ts");
    expect(program.trim().split("\n")).toHaveLength(6);
    writeFileSync(path.join(folder, "main.ts"), program);
    writeFileSync(path.join(folder, "pipeline.ts"), pipeline);
    run("npx", "tsc", ...TSC_FLAGS.split(" "), "main.ts", "pipeline.ts");
    run("node", "main.js");
    const stack = JSON.parse(
      readFileSync(path.join(folder, "cdktf.out", "stacks", "metadata-dev", "cdk.tf.json"), "utf8"),
    ) as TerraformJson;
    expect(Object.keys(stack.resource["google_bigquery_table"] ?? {})).toContain("acme_retail__step_logs");
    expect(stack.locals["step_logs_schema"]).toHaveLength(12);
  });

  test.each(["tenant-metadata", "tenant-metadata/runtime"])(
    "shows for every class and function of %s an example that type-checks and runs",
    (entryPoint) => {
      const list = `JSON.stringify(Object.entries(require("${entryPoint}")).flatMap(([name, it]) => typeof it === "function" ? [name] : []))`;
      const names = JSON.parse(run("node", "-p", list)) as string[];
      const all = examplesIn(path.join(folder, "node_modules", "tenant-metadata", "dist"));
      const examples = names.flatMap((name) => {
        const candidates = all.filter((example) => example.name === name);
        // A function of either entry point may have an example of its own in both.
        return candidates.find(({ code }) => code.includes(`from "${entryPoint}"`)) ?? candidates[0] ?? [];
      });
      expect(examples.map(({ name }) => name).sort()).toEqual([...names].sort());
      for (const { name, code } of examples) writeFileSync(path.join(folder, `example-${name}.ts`), code);
      const files = examples.map(({ name }) => `example-${name}`);
      run("npx", "tsc", ...TSC_FLAGS.split(" "), ...files.map((file) => `${file}.ts`));
      run("node", ...files.flatMap((file) => ["--require", `./${file}.js`]), "-e", "");
    },
  );

  test("brings the command", () => {
    expect(run("npx", "tenant-metadata", "validate")).toBe(
      "Valid: 4 table definitions, 4 environments, 5 tenants, 11 datasets.\n",
    );
  });
});

test("the public API is the committed one, documented and complete; fix: npm run api", () => {
  const fresh = mkdtempSync(path.join(os.tmpdir(), "tenant-metadata-api-"));
  try {
    execFileSync("npm", ["run", "--silent", "api", "--", fresh], { cwd: PROJECT, stdio: ["ignore", "ignore", "pipe"] });
    expect(contents(fresh)).toEqual(contents(path.join(PROJECT, "docs", "api")));
  } finally {
    rmSync(fresh, { recursive: true });
  }
});

function contents(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(path.join(folder, file), "utf8")]));
}

// Installs packages, from a registry that may be slow.
jest.setTimeout(600_000);

/** The README's code blocks in one language. */
function readmeBlocks(language: string): readonly string[] {
  const readme = readFileSync(path.join(PROJECT, "README.md"), "utf8");
  return readme
    .split(`\`\`\`${language}\n`)
    .slice(1)
    .map((text) => text.split("```")[0] ?? "");
}
