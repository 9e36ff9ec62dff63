import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { built } from "../support/programs";
import { runNode } from "../support/run-built";

/** A pipeline that logs a run to the real service, and works on whatever becomes of that. */
const PIPELINE = `
const { loadConfig, MetadataLogger, runtimeContext } = require(${JSON.stringify(built("runtime/index.ts"))});
const context = runtimeContext({ config: loadConfig("configs"), environment: "dev", environmentVariables: {} });
async function main() {
  const logger = new MetadataLogger(context, "acme_retail", { onError: ({ name, message }) => console.log(name, message) });
  const run = { pipelineId: "p", triggerType: "api", triggerBy: "ana@example.com" };
  console.log(await logger.withRun(run, () => "the pipeline's result"));
  await logger.insert("step_logs", [{ step_logging_id: "s", pipeline_logging_id: "p", step_name: "n", step_type: "t", step_index: 0, status: "COMPLETED", start_time: new Date() }]).catch(({ name }) => console.log("caught", name));
  await logger.close();
}
void main();
`;

test("a pipeline without credentials is told so, and goes on", () => {
  const home = mkdtempSync(path.join(tmpdir(), "no-credentials-"));
  try {
    const pipeline = path.join(home, "pipeline.js");
    writeFileSync(pipeline, PIPELINE);
    const { status, stdout, stderr } = runNode([pipeline], {
      HOME: home,
      CLOUDSDK_CONFIG: home,
      GOOGLE_APPLICATION_CREDENTIALS: "",
      // Asks no metadata server, which would be another way to credentials.
      METADATA_SERVER_DETECTION: "none",
    });
    expect(stderr).toBe("");
    expect(stdout).toMatch(
      /^MetadataWriteError .*\n.*not-written: The client of BigQuery could not be set up: Could not load the default credentials/,
    );
    expect(stdout).toContain("the pipeline's result\ncaught MetadataWriteError\n");
    expect(status).toBe(0);
  } finally {
    rmSync(home, { recursive: true });
  }
});
