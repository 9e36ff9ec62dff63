import { layoutProblems, type Sources } from "../../scripts/layout/rules";
import { readSources } from "../../scripts/layout/sources";
import { PROJECT } from "../support/run";

test("what only one command uses lies in its folder", () => {
  expect(layoutProblems(readSources(PROJECT))).toEqual([]);
});

const PROGRAM: Readonly<Record<string, string>> = {
  "cli/main.ts": 'import { runProgram } from "./program";\n',
  "cli/program.ts":
    'const { plan } = await import("./commands/plan/check/command");\nimport "./commands/tenant/command";\n',
  "cli/commands/plan/check/command.ts": 'import { read } from "../../../workspace/read";\n',
  "cli/commands/tenant/command.ts": 'import {\n  read,\n} from "../../workspace/read";\n',
  "cli/workspace/read.ts": "",
};

function problems(change: Readonly<Record<string, string>>): readonly string[] {
  const sources: Sources = new Map(Object.entries({ ...PROGRAM, ...change }));
  return layoutProblems(sources);
}

test.each<[string, Readonly<Record<string, string>>]>([
  ["used by two commands", {}],
  [
    "used by two commands through another shared file",
    { "cli/workspace/read.ts": 'import { git } from "./git";\n', "cli/workspace/git.ts": "" },
  ],
  ["used by the program", { "cli/main.ts": 'import "./context";\nimport "./program";\n', "cli/context.ts": "" }],
  [
    "that renders for one command",
    {
      "cli/workspace/read.ts": "",
      "cli/report/page.ts": "",
      "cli/commands/tenant/list.ts": 'import "../../report/page";\nimport "../../workspace/read";\n',
    },
  ],
])("a file %s lies well outside", (_, change) => {
  expect(problems(change)).toEqual([]);
});

const MISPLACED = "cli/workspace/git.ts: only the command plan/check uses it. fix: move it to cli/commands/plan/check/";

test.each<[string, Readonly<Record<string, string>>, string]>([
  [
    "one command",
    {
      "cli/commands/plan/check/check.ts": 'import { git } from "../../../workspace/git";\n',
      "cli/workspace/git.ts": "",
    },
    MISPLACED,
  ],
  [
    "one command, for its types",
    {
      "cli/commands/plan/check/check.ts": 'import type { Git } from "../../../workspace/git";\n',
      "cli/workspace/git.ts": "",
    },
    MISPLACED,
  ],
  [
    "one command, when it runs",
    { "cli/commands/plan/check/check.ts": 'await import("../../../workspace/git");\n', "cli/workspace/git.ts": "" },
    MISPLACED,
  ],
  ["nothing", { "cli/workspace/git.ts": "" }, "cli/workspace/git.ts: nothing uses it. fix: delete it"],
  ["nothing, though it renders", { "cli/report/page.ts": "" }, "cli/report/page.ts: nothing uses it. fix: delete it"],
])("a shared file that is used by %s is refused", (_, change, problem) => {
  expect(problems(change)).toEqual([problem]);
});
