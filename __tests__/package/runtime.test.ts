import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { makeConsumer } from "../support/consumer";

// Installs packages, from a registry that may be slow.
jest.setTimeout(600_000);

/** A pipeline that uses the runtime's types, and says what it had to load for that. */
const PROGRAM = `
import { ApiKeys, loadConfig, MetadataLogger, MetadataWriteError, type PipelineRun, runtimeContext, type StepLogsRow } from "tenant-metadata/runtime";

const context = runtimeContext({ config: loadConfig("configs"), environment: "local", environmentVariables: {} });
const logger = new MetadataLogger(context, "acme_retail", {
  onError: (error) => console.error(error instanceof MetadataWriteError ? error.undelivered.length : error.message),
});
export const pipeline = async (): Promise<number> =>
  logger.withRun({ pipelineId: "p", triggerType: "api", triggerBy: "a@example.com" }, async (run: PipelineRun) =>
    run.step({ stepName: "s", stepType: "t" }, (step) => {
      step.metadata = { rows: [1, 2] };
      return 1;
    }),
  );
const row: Pick<StepLogsRow, "status"> = { status: "COMPLETED" };
// @ts-expect-error -- a status that is not allowed
const wrong: Pick<StepLogsRow, "status"> = { status: "DONE" };
async function main(): Promise<void> {
  await using keys = new ApiKeys(logger);
  const malformed = await keys.verify("no key");
  await logger.close();
  console.log(JSON.stringify([malformed, row, wrong, Object.keys(require.cache).filter((file) => /cdktf|node_modules.constructs/.test(file))]));
}
void main();
`;

test("a pipeline installs the package without cdktf, type-checks against its types, runs and exits", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tenant-metadata-pipeline-"));
  try {
    const run = makeConsumer(folder, ["typescript", "@types/node"]);
    expect(existsSync(path.join(folder, "node_modules", "cdktf"))).toBe(false);

    writeFileSync(path.join(folder, "main.ts"), PROGRAM);
    const flags =
      "--strict --skipLibCheck --types node --module commonjs --moduleResolution bundler --target es2022 --lib es2022,esnext.disposable";
    run("npx", "tsc", ...flags.split(" "), "main.ts");
    expect(JSON.parse(run("node", "main.js"))).toEqual([
      { valid: false, reason: "malformed" },
      { status: "COMPLETED" },
      { status: "DONE" },
      [],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
