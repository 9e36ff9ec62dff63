import { cpSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "./support/config-folder";
import { GitRepository } from "./support/git-repository";
import { PROJECT } from "./support/run";
import { runBuilt } from "./support/run-built";
import { run } from "./support/run-program";
import { planChanges, planJson, type Stack } from "./support/terraform-plan";

const STACK = "metadata-prod-001";
const LEAVE = ["tenant", "offboard", "globex", "--environment", "prod"];
const DELETE = [...LEAVE, "--delete-data", "--reason", "Contract ended in March."];

/** The sample configuration in a repository, taken through the steps of an offboarding as a pull request would. */
class Checkout {
  readonly folder = realpathSync(temporaryFolder());
  readonly configs = path.join(this.folder, "configs");
  private readonly repository: GitRepository;
  private deployed: Stack;

  constructor() {
    cpSync(path.join(PROJECT, "configs"), this.configs, { recursive: true });
    this.repository = new GitRepository(this.folder);
    this.repository.commit();
    this.deployed = this.synth();
  }

  /** Runs a command and all checks of the pull request; then merges and deploys it. */
  async step(args: readonly string[]) {
    const { code, stderr } = await run(args, this.configs);
    if (code !== 0) throw new Error(stderr);
    const wanted = this.synth();
    const changes = planChanges(this.deployed, wanted).filter(({ change }) => change.actions.join() !== "no-op");
    const plan = path.join(temporaryFolder(), "plan.json");
    writeFileSync(plan, planJson(changes));
    const checks = [
      ["validate", "--base", "HEAD"],
      ["schema", "check", "--base", "HEAD"],
      ["plan", "check", plan],
    ];
    const codes = [];
    for (const check of checks) codes.push(await exitCode(check, this.configs));
    this.deployed = wanted;
    this.repository.commit();
    return {
      codes,
      actions: [...new Set(changes.map(({ type, change }) => `${change.actions.join()} ${type}`))].sort(),
    };
  }

  private synth(): Stack {
    const outdir = temporaryFolder();
    const { status, stderr } = runBuilt("main.ts", [], {
      METADATA_CONFIG_DIR: this.configs,
      METADATA_STACKS: STACK,
      CDKTF_OUTDIR: outdir,
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(readFileSync(path.join(outdir, "stacks", STACK, "cdk.tf.json"), "utf8")) as Stack;
  }
}

async function exitCode(args: readonly string[], configs: string): Promise<number> {
  return (await run(args, configs)).code;
}

test("keeping the data destroys nothing, and every check passes", async () => {
  expect(await new Checkout().step([...LEAVE, "--keep-data"])).toEqual({
    codes: [0, 0, 0],
    actions: [
      "forget google_bigquery_dataset",
      "forget google_bigquery_table",
      "forget google_bigquery_table_iam_member",
    ],
  });
});

test("deleting the data takes two merges, each allowed by what the command wrote", async () => {
  const checkout = new Checkout();
  expect(await checkout.step(DELETE)).toEqual({ codes: [0, 0, 0], actions: ["update google_bigquery_table"] });
  expect(await checkout.step(DELETE)).toEqual({
    codes: [0, 0, 0],
    actions: [
      "delete google_bigquery_dataset",
      "delete google_bigquery_table",
      "delete google_bigquery_table_iam_member",
    ],
  });
});
