import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { emulator } from "./support/contexts";

const PROJECT = path.join(__dirname, "..", "..");
const TSC = path.join(PROJECT, "node_modules", "typescript", "bin", "tsc");
const BLOCKS = [...readFileSync(path.join(PROJECT, "docs", "runtime.md"), "utf8").matchAll(/```ts\n([^]*?)```/g)].map(
  ([, code = ""]) => code,
);
/** As strict as the compiler gets. */
const STRICTEST = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  noPropertyAccessFromIndexSignature: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  allowUnreachableCode: false,
  isolatedModules: true,
  skipLibCheck: false,
  target: "es2022",
  lib: ["es2023", "esnext.disposable"],
  types: ["node"],
  module: "nodenext",
  moduleResolution: "nodenext",
};

let folder: string;
beforeAll(() => {
  // The repository's own dependencies are found from there.
  const cache = path.join(PROJECT, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(path.join(cache, "runtime-doc-"));
  // As if it were installed.
  const installed = path.join(folder, "node_modules", "tenant-metadata");
  mkdirSync(installed, { recursive: true });
  copyFileSync(path.join(PROJECT, "package.json"), path.join(installed, "package.json"));
  run(TSC, "-p", path.join(PROJECT, "tsconfig.build.json"), "--outDir", path.join(installed, "dist"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** @throws with all that a program printed, when it fails. */
function run(file: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"],
      BIGQUERY_EMULATOR_HOST: new URL(emulator().restUrl).host,
      BIGQUERY_EMULATOR_GRPC_HOST: emulator().grpcAddress,
    },
  });
  if (status !== 0 || stderr !== "") throw new Error(`${file} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}

test.each([
  ["ESM", "mts"],
  ["CommonJS", "cts"],
])("every TypeScript block compiles under the strictest settings, as %s, and runs", (_, extension) => {
  expect(BLOCKS.length).toBeGreaterThanOrEqual(2);
  const files = BLOCKS.map((code, index) => {
    const file = `block-${index}.${extension}`;
    writeFileSync(path.join(folder, file), code);
    return file;
  });
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: STRICTEST, files }));
  run(TSC, "-p", "tsconfig.json");
  const printed = files.map((file) => run(file.replace("ts", "js")));
  // The first logs and prints nothing; the last prints its check of an API key.
  expect(printed[0]).toBe("");
  expect(printed.at(-1)).toMatch(/valid: true/);
});
