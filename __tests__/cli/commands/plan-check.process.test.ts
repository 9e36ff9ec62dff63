import { spawnSync } from "node:child_process";
import path from "node:path";
import { generatePlan } from "../../../bench/plan/generate-plan";
import { temporaryFolder } from "../../support/config-folder";
import { planOf, plannedTable, resourceChange } from "../../support/plan";
import { built } from "../../support/programs";
import { PROJECT } from "../../support/run";
import { runNode } from "../../support/run-built";

test("reads a plan that is larger than the memory it may use, and finds the last change", () => {
  const file = path.join(temporaryFolder(), "plan.json");
  generatePlan(file, 96, path.join(PROJECT, "configs/metadata/schemas"));
  const { status, stdout, stderr } = runNode(["--max-old-space-size=48", built("cli/main.ts"), "plan", "check", file]);
  expect(stderr).toBe("");
  expect(status).toBe(2);
  expect(stdout).toContain("Worst effect: drop-column. 1 finding");
});

test("reads standard input", () => {
  const deleted = resourceChange("google_bigquery_table", ["delete"], plannedTable(), null);
  const { status, stdout } = spawnSync(process.execPath, [built("cli/main.ts"), "plan", "check", "-"], {
    cwd: temporaryFolder(),
    encoding: "utf8",
    input: JSON.stringify(planOf([deleted])),
  });
  expect(status).toBe(2);
  expect(stdout).toContain("table-deleted");
});
