import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { PROJECT } from "./support/run";

const FOLDER = path.join(PROJECT, ".github", "workflows");

const Step = z.object({ uses: z.string().optional(), run: z.string().optional() }).loose();
const Job = z
  .object({
    permissions: z.record(z.string(), z.string()),
    steps: z.array(Step).default([]),
    uses: z.string().optional(),
    environment: z.string().optional(),
    "timeout-minutes": z.number().optional(),
  })
  .loose();
const Workflow = z.object({ permissions: z.record(z.string(), z.string()), jobs: z.record(z.string(), Job) }).loose();

const workflows = readdirSync(FOLDER).map((file) => {
  const text = readFileSync(path.join(FOLDER, file), "utf8");
  return { file, text, ...Workflow.parse(parse(text)) };
});
const jobs = workflows.flatMap(({ file, jobs: all }) =>
  Object.entries(all).map(([name, job]) => ({ job: `${file} ${name}`, ...job })),
);
const { scripts } = JSON.parse(readFileSync(path.join(PROJECT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

test("there are the workflows for checks, plans and deployments", () => {
  expect(workflows.map(({ file }) => file)).toEqual(["ci.yml", "deploy-environment.yml", "deploy.yml", "plan.yml"]);
});

test.each(workflows.map(({ file, text }) => [file, text]))(
  "%s pins every action by commit and says its version",
  (_, text) => {
    for (const [line, action, ref] of text.matchAll(/uses: ([^@\s]+)@(.*)/g)) {
      expect(`${line} of ${action}: ${ref}`).toMatch(/: [0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
    for (const [, local] of text.matchAll(/uses: (\.\/\S+)/g)) accessSync(path.join(PROJECT, local ?? ""));
  },
);

/** What a step runs: an npm script that there is, a script of this repository that may be executed, or what else. */
function classify(run: string): string {
  if (run === "npm ci") return "npm";
  const npm = /^npm run --silent ([\w:-]+) -- /.exec(run)?.[1];
  if (npm !== undefined) return npm in scripts ? "npm" : `no such npm script: ${npm}`;
  const script = /^(?:\.ci\/run|scripts\/[\w/-]+\.sh)(?= |$)/.exec(run)?.[0];
  if (script === undefined) return `neither script nor npm: ${run}`;
  accessSync(path.join(PROJECT, script), constants.X_OK);
  return "script";
}

test.each(jobs)("$job runs nothing but scripts and commands that exist", ({ steps }) => {
  for (const { run } of steps) expect(run === undefined ? "npm" : classify(run)).toMatch(/^(?:npm|script)$/);
});

test.each(jobs)("$job takes its values by environment variables, where no shell can read them as code", ({ steps }) => {
  for (const { run } of steps) expect(run ?? "").not.toContain("${{");
});

test("no job has a permission that it does not need", () => {
  expect(workflows.map(({ permissions }) => permissions)).toEqual([{}, {}, {}, {}]);
  expect(Object.fromEntries(jobs.map(({ job, permissions }) => [job, permissions]))).toMatchInlineSnapshot(`
{
  "ci.yml ci": {
    "contents": "read",
  },
  "deploy-environment.yml apply": {
    "contents": "read",
    "id-token": "write",
  },
  "deploy-environment.yml plan": {
    "contents": "read",
    "id-token": "write",
  },
  "deploy-environment.yml record": {
    "contents": "write",
    "pull-requests": "write",
  },
  "deploy.yml dev": {
    "contents": "write",
    "id-token": "write",
    "pull-requests": "write",
  },
  "deploy.yml prod": {
    "contents": "write",
    "id-token": "write",
    "pull-requests": "write",
  },
  "deploy.yml staging": {
    "contents": "write",
    "id-token": "write",
    "pull-requests": "write",
  },
  "plan.yml check": {
    "contents": "read",
  },
  "plan.yml comment": {
    "contents": "read",
    "pull-requests": "write",
  },
  "plan.yml plan": {
    "contents": "read",
    "id-token": "write",
  },
}
`);
});

test("only jobs that become an identity may ask for one, and each in an environment of its own", () => {
  for (const { job, permissions, steps, environment, uses } of jobs) {
    if (uses !== undefined) continue;
    const becomes = steps.some((step) => step.uses?.startsWith("google-github-actions/auth@") === true);
    expect([job, becomes]).toEqual([job, permissions["id-token"] === "write"]);
    expect([job, becomes]).toEqual([job, environment !== undefined]);
  }
});

test("no checkout leaves its credentials behind, but the one that pushes", () => {
  for (const { job, steps } of jobs) {
    const checkout = steps.find((step) => step.uses?.startsWith("actions/checkout@") === true);
    if (checkout === undefined) continue;
    const persists = (checkout["with"] as Record<string, unknown> | undefined)?.["persist-credentials"] !== false;
    expect([job, persists]).toEqual([job, job === "deploy-environment.yml record"]);
  }
});

test("every job that runs here ends some time", () => {
  const endless = jobs.filter((job) => job.uses === undefined && job["timeout-minutes"] === undefined);
  expect(endless.map(({ job }) => job)).toEqual([]);
});
