import { readFileSync } from "node:fs";
import path from "node:path";
import { runInNewContext } from "node:vm";
import { PROJECT } from "./support/run";

const DOC = readFileSync(path.join(PROJECT, "docs", "ci-cd.md"), "utf8");

/** The condition that the page gives for tokens; its CEL reads the same as JavaScript. */
const condition = (/--attribute-condition="([^"]+)"/.exec(DOC)?.[1] ?? "").replaceAll("\\\n", "");

interface Claims {
  readonly repository_id?: string;
  readonly environment?: string;
  readonly ref?: string;
}

const PLAN: Claims = { repository_id: "123456789", environment: "plan-prod", ref: "refs/pull/7/merge" };
const DEPLOY: Claims = { repository_id: "123456789", environment: "prod", ref: "refs/heads/main" };

test.each<[string, Claims, boolean]>([
  ["a plan of a pull request", PLAN, true],
  ["a deployment of main", DEPLOY, true],
  ["a deployment of another branch", { ...DEPLOY, ref: "refs/heads/feature" }, false],
  ["a deployment of a pull request", { ...DEPLOY, ref: PLAN.ref ?? "" }, false],
  ["a deployment of a tag called main", { ...DEPLOY, ref: "refs/tags/main" }, false],
  ["another environment", { ...DEPLOY, environment: "dev" }, false],
  ["no environment", { repository_id: "123456789", ref: "refs/heads/main" }, false],
  ["another repository, of whatever name", { ...DEPLOY, repository_id: "987654321" }, false],
  ["another repository's plan", { ...PLAN, repository_id: "987654321" }, false],
])("the documented condition on identities decides about %s", (_, assertion, isTaken) => {
  expect(runInNewContext(condition, { assertion })).toBe(isTaken);
});
