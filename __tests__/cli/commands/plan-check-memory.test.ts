import { spawnSync } from "node:child_process";
import path from "node:path";
import { generatePlan } from "../../../bench/plan/generate-plan";
import { temporaryFolder } from "../../support/config-folder";
import { PROJECT } from "../../support/run";

test("reads a plan that is larger than the memory it may use, and finds the last change", () => {
  const file = path.join(temporaryFolder(), "plan.json");
  generatePlan(file, 96, path.join(PROJECT, "configs/metadata/schemas"));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--max-old-space-size=48", "--import", "tsx", path.join(PROJECT, "cli/main.ts"), "plan", "check", file],
    { cwd: PROJECT, encoding: "utf8" },
  );
  expect(stderr).toBe("");
  expect(status).toBe(2);
  expect(stdout).toContain("Worst effect: drop-column. 1 finding");
}, 120_000);
