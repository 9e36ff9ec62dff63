import path from "node:path";
import { readWorkflows } from "../../scripts/workflows/read-workflows";
import { PROJECT } from "../support/run";
import { runNode } from "../support/run-built";

const { gate } =
  readWorkflows(path.join(PROJECT, ".github", "workflows")).find(({ file }) => file === "pull-request.yml")?.jobs ?? {};

/** Runs the gate over jobs that all succeeded but for these. */
function run(results: Readonly<Record<string, string>>, { environments = '["dev"]', fromFork = false } = {}) {
  const needs = Object.fromEntries(
    (gate?.needs ?? []).map((job) => [
      job,
      { result: results[job] ?? "success", outputs: job === "check" ? { environments } : {} },
    ]),
  );
  return runNode(["scripts/ci/gate.mjs"], { NEEDS: JSON.stringify(needs), FROM_FORK: String(fromFork) });
}

test.each([
  ["every job succeeded", {}, {}],
  ["nothing is affected, so nothing is planned", { plan: "skipped" }, { environments: "[]" }],
  ["a fork gets no plan and no comment", { plan: "skipped", comment: "skipped" }, { fromFork: true }],
])("opens when %s", (_, results, options) => {
  expect(run(results, options).status).toBe(0);
});

test.each([
  ["ci", "failure", {}],
  ["ci", "skipped", {}],
  ["check", "cancelled", {}],
  ["check", "skipped", { fromFork: true }],
  ["plan", "failure", {}],
  ["plan", "skipped", {}],
  ["plan", "failure", { fromFork: true }],
  ["comment", "skipped", {}],
  ["comment", "skipped", { environments: "[]" }],
  ["comment", "failure", {}],
])("stays closed when %s ends with %s", (job, result, options) => {
  const { status, stdout } = run({ [job]: result }, options);
  expect([status, stdout]).toEqual([1, expect.stringContaining(`FAILED ${job}: ${result}\n`)]);
});

test("stays closed when it is handed nothing", () => {
  expect(runNode(["scripts/ci/gate.mjs"], { NEEDS: "{}" })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("NEEDS names no job.") as string,
  });
});
