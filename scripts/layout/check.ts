/*
 * Prints which files of the command lie where they should not:
 *
 *     tsx scripts/layout/check.ts
 */
import { layoutProblems } from "./rules";
import { readSources } from "./sources";

const problems = layoutProblems(readSources("."));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
