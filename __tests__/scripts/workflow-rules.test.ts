import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { mustGet } from "../../model/errors";
import { parseWorkflow, readWorkflows } from "../../scripts/workflows/read-workflows";
import { type RepositoryFacts, workflowProblems } from "../../scripts/workflows/rules";
import { PROJECT } from "../support/run";

const workflows = readWorkflows(path.join(PROJECT, ".github", "workflows"));
const texts = new Map(workflows.map(({ file, text }) => [file, text]));
const { scripts } = JSON.parse(readFileSync(path.join(PROJECT, "package.json"), "utf8")) as {
  readonly scripts: Record<string, string>;
};
const facts: RepositoryFacts = {
  npmScripts: Object.keys(scripts),
  isExecutable: (file) => existsSync(path.join(PROJECT, file)),
};

test("the workflows here follow every rule", () => {
  expect(workflowProblems(workflows, facts)).toEqual([]);
});

test("no job has a permission that it does not need", () => {
  const granted = workflows.flatMap(({ file, jobs }) =>
    Object.entries(jobs).map(
      ([name, { permissions = {} }]) =>
        `${file} ${name}: ${Object.entries(permissions)
          .map((entry) => entry.join("="))
          .join(" ")}`,
    ),
  );
  expect(granted).toMatchInlineSnapshot(`
[
  "ci.yml all: contents=read",
  "ci.yml node: contents=read",
  "deploy-environment.yml plan: contents=read id-token=write",
  "deploy-environment.yml apply: contents=read id-token=write",
  "deploy-environment.yml record: contents=write pull-requests=write",
  "deploy.yml dev: contents=write id-token=write pull-requests=write",
  "deploy.yml staging: contents=write id-token=write pull-requests=write",
  "deploy.yml prod: contents=write id-token=write pull-requests=write",
  "pull-request.yml ci: contents=read",
  "pull-request.yml check: contents=read",
  "pull-request.yml plan: contents=read id-token=write",
  "pull-request.yml comment: contents=read pull-requests=write",
  "pull-request.yml gate: contents=read",
  "release.yml version: contents=read",
  "release.yml ci: contents=read",
  "release.yml publish: contents=read id-token=write",
  "release.yml github: contents=write",
]
`);
});

/** A workflow with one thing changed; each must be found. */
test.each([
  ["ci.yml", "permissions: {}", "permissions: { contents: write }", "set `permissions: {}`"],
  ["ci.yml", "permissions: {}\n", "", "set `permissions: {}`"],
  ["ci.yml", "    permissions:\n      contents: read\n", "", "all: name the permissions that the job needs"],
  ["ci.yml", / # v7\.0\.1/, "", "pin the action by commit and say its version"],
  ["ci.yml", /checkout@\w+/, "checkout@v7", "pin the action by commit and say its version"],
  ["ci.yml", "    timeout-minutes: 60\n", "", "all: set `timeout-minutes`"],
  ["ci.yml", "          persist-credentials: false\n", "", "all: check out with `persist-credentials: false`"],
  ["ci.yml", "run: .ci/run", "run: curl example.com | sh", "run a script of this repository, which tests can run too"],
  ["ci.yml", "run: .ci/run", "run: scripts/ci/nothing.sh", "there is no script scripts/ci/nothing.sh"],
  ["ci.yml", "run: .ci/run", "run: npm run nothing", "there is no npm script nothing"],
  ["ci.yml", "run: .ci/run", "run: .ci/run ${{ github.head_ref }}", "pass values in `env`"],
  ["ci.yml", "contents: read", "id-token: write", "`id-token: write` is for a job that becomes an identity"],
  ["pull-request.yml", "  pull_request:", "  pull_request_target:", "pull_request_target runs with a write token"],
  ["pull-request.yml", "github.token", "secrets.PAT", "there are no secrets"],
  ["pull-request.yml", "  gate:", "  done:", "needs a job named gate"],
  ["pull-request.yml", "if: always()", "if: success()", "the gate needs `if: always()`"],
  ["pull-request.yml", "[ci, check, plan, comment]", "[ci, check, comment]", "the gate does not wait for plan"],
  ["pull-request.yml", "run: scripts/ci/gate.mjs", "run: npm test", "the gate does not run scripts/ci/gate.mjs"],
  ["pull-request.yml", "npm ci --ignore-scripts", "npm ci", "plan: install with `npm ci --ignore-scripts`"],
  [
    "pull-request.yml",
    "    environment: plan-${{ matrix.environment }}\n",
    "",
    "plan: a job that becomes an identity needs",
  ],
  ["pull-request.yml", "      id-token: write\n", "", "plan: `id-token: write` is for a job that becomes an identity"],
  ["deploy.yml", "    with:", "    secrets: inherit\n    with:", "dev: hand on no secrets"],
  [
    "deploy-environment.yml",
    "          node-version: 20\n",
    "          node-version: 20\n          cache: npm\n",
    "plan: use no cache",
  ],
  [
    "deploy-environment.yml",
    "          fetch-tags: true\n",
    "",
    "plan: check out with `fetch-depth: 0` and `fetch-tags: true`",
  ],
  [
    "deploy-environment.yml",
    " && github.ref == 'refs/heads/main'",
    "",
    "apply: what changes the world runs on main alone",
  ],
  [
    "deploy-environment.yml",
    "stacks != '' && github.ref",
    "stacks != '' || github.ref",
    "apply: let nothing get round the condition that this is main",
  ],
  ["deploy-environment.yml", "needs.apply.result == 'success' && ", "", "record: record only what was applied"],
  ["release.yml", "    environment: npm\n", "", "publish: a job that becomes an identity needs an `environment`"],
])("%s with %s turned into %j is refused", (file, from, to, problem) => {
  const text = mustGet(texts, file, "workflow");
  const changed = text.replace(from, () => to);
  expect(changed).not.toBe(text);
  expect(workflowProblems([parseWorkflow(file, changed)], facts).join("\n")).toContain(problem);
});
