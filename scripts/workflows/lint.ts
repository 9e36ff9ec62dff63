/*
 * Prints what is wrong with the workflows:
 *
 *     tsx scripts/workflows/lint.ts
 */
import { accessSync, constants, readFileSync } from "node:fs";
import { readWorkflows } from "./read-workflows";
import { workflowProblems } from "./rules";

const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly scripts: Record<string, string> };

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const problems = workflowProblems(readWorkflows(".github/workflows"), {
  npmScripts: Object.keys(scripts),
  isExecutable,
});
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
