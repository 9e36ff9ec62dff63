import type { Job, WorkflowFile } from "./read-workflows";

/*
 * What must hold of every workflow here, and what GitHub and actionlint would not tell. Each rule yields sentences; it looks at a
 * job, at a workflow, or at what a step runs.
 */

/** What the rules need to know of the repository. */
export interface RepositoryFacts {
  /** Names of the npm scripts. */
  readonly npmScripts: readonly string[];
  /** Whether there is a file that may be executed. */
  readonly isExecutable: (file: string) => boolean;
}

/** Every problem of the workflows, as `file job: what is wrong`. */
export function workflowProblems(workflows: readonly WorkflowFile[], facts: RepositoryFacts): readonly string[] {
  return workflows.flatMap((workflow) => [
    ...[...workflowRules(workflow)].map((problem) => `${workflow.file}: ${problem}`),
    ...Object.entries(workflow.jobs).flatMap(([name, job]) =>
      [...jobRules(job, facts)].map((problem) => `${workflow.file} ${name}: ${problem}`),
    ),
  ]);
}

const MAIN_ONLY = "github.ref == 'refs/heads/main'";

function* workflowRules({ on, permissions, jobs, text }: WorkflowFile): Iterable<string> {
  if (permissions === undefined || Object.keys(permissions).length > 0) {
    yield "set `permissions: {}`, and give each job what it needs";
  }
  for (const trigger of ["pull_request_target", "workflow_run"]) {
    if (trigger in on) yield `${trigger} runs with a write token on what a stranger proposes: use pull_request`;
  }
  for (const [line, ref = ""] of text.matchAll(/uses: [^@\s]+@(.*)/g)) {
    if (!/^[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(ref)) yield `pin the action by commit and say its version: ${line}`;
  }
  if (/\bsecrets\./.test(text)) yield "there are no secrets: use an identity (docs/ci-cd.md)";
  if ("pull_request" in on) yield* gateRules(jobs);
}

/** The one check to require: it runs always, and waits for all other jobs. */
function* gateRules(jobs: WorkflowFile["jobs"]): Iterable<string> {
  const { gate, ...others } = jobs;
  if (gate === undefined) {
    yield "a workflow of pull requests needs a job named gate, which is the check to require";
    return;
  }
  if (gate.if !== "always()") yield "the gate needs `if: always()`: a check that is skipped counts as passed";
  const missing = Object.keys(others).filter((name) => !gate.needs.includes(name));
  if (missing.length > 0) yield `the gate does not wait for ${missing.join(", ")}`;
  if (!gate.steps.some(({ run }) => run === "scripts/ci/gate.mjs")) yield "the gate does not run scripts/ci/gate.mjs";
}

function* jobRules(job: Job, facts: RepositoryFacts): Iterable<string> {
  if (job.permissions === undefined) yield "name the permissions that the job needs, or `permissions: {}`";
  if (job.secrets !== undefined) yield "hand on no secrets";
  if (job.uses !== undefined) return;
  if (job["timeout-minutes"] === undefined) yield "set `timeout-minutes`";
  for (const { run, uses = "", with: options } of job.steps) {
    if (run !== undefined) yield* runRules(run, facts);
    if (uses.startsWith("actions/checkout@") && options["persist-credentials"] !== false) {
      yield "check out with `persist-credentials: false`: every later step could use the token";
    }
  }
  yield* identityRules(job);
  yield* deploymentRules(job);
}

function* runRules(run: string, { npmScripts, isExecutable }: RepositoryFacts): Iterable<string> {
  if (run.includes("${{")) yield `pass values in \`env\`, where no shell reads them as code: ${run}`;
  if (/^npm (?:ci|ci --ignore-scripts|test)$/.test(run)) return;
  const npm = /^npm run (?:--silent )?([\w:-]+)(?: -- |$)/.exec(run)?.[1];
  if (npm !== undefined) {
    if (!npmScripts.includes(npm)) yield `there is no npm script ${npm}`;
    return;
  }
  const script = /^(?:\.ci\/run|scripts\/[\w/-]+\.(?:sh|mjs))(?= |$)/.exec(run)?.[0];
  if (script === undefined) yield `run a script of this repository, which tests can run too: ${run}`;
  else if (!isExecutable(script)) yield `there is no script ${script} that may be executed`;
}

/** What a job may not do that becomes an identity or holds a token that may write. */
function* identityRules({ permissions = {}, steps, environment }: Job): Iterable<string> {
  const mayBecome = permissions["id-token"] === "write";
  const becomes = steps.some(
    ({ uses, run }) => uses?.startsWith("google-github-actions/auth@") === true || run === "scripts/ci/publish.sh",
  );
  if (becomes !== mayBecome) yield "`id-token: write` is for a job that becomes an identity, and for no other";
  if (mayBecome && environment === undefined) yield "a job that becomes an identity needs an `environment`";
  if (!Object.values(permissions).includes("write")) return;
  for (const { run, uses = "", with: options } of steps) {
    if (run === "npm ci") yield "install with `npm ci --ignore-scripts`: no package may run with this job's token";
    if (uses.startsWith("actions/setup-node@") && options["cache"] !== undefined) {
      yield "use no cache, which a job with fewer rights could have filled";
    }
  }
}

function* deploymentRules({ steps, if: condition = "" }: Job): Iterable<string> {
  const runs = (script: string) => steps.some(({ run }) => run?.startsWith(`scripts/ci/${script}`) === true);
  if ((runs("apply.sh") || runs("record-deployed.sh") || runs("publish.sh")) && !condition.includes(MAIN_ONLY)) {
    yield `what changes the world runs on main alone: if: … ${MAIN_ONLY}`;
  }
  if (runs("record-deployed.sh") && !condition.includes("needs.apply.result == 'success'")) {
    yield "record only what was applied: if: needs.apply.result == 'success'";
  }
  if (/\|\||!(?!=)|always|failure|cancelled/.test(condition) && condition.includes(MAIN_ONLY)) {
    yield "let nothing get round the condition that this is main: join conditions by && alone";
  }
  if (runs("stacks-to-deploy.sh") || runs("record-deployed.sh")) {
    const checkout = steps.find(({ uses }) => uses?.startsWith("actions/checkout@") === true);
    if (checkout?.with["fetch-depth"] !== 0 || checkout.with["fetch-tags"] !== true) {
      yield "check out with `fetch-depth: 0` and `fetch-tags: true`, to see what is deployed";
    }
  }
}
