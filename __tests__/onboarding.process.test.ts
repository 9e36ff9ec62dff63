import { readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { generateConfig } from "../bench/synth/generate-config";
import { affected } from "../cli/commands/affected/affected";
import { temporaryFolder } from "./support/config-folder";
import { GitRepository } from "./support/git-repository";
import { built } from "./support/programs";
import { PROJECT } from "./support/run";
import { runBuilt } from "./support/run-built";
import { run } from "./support/run-program";
import { planChanges, planJson, type Stack } from "./support/terraform-plan";

/** Synthesizes the stacks of a configuration and reads the one asked for. */
function synth(configDir: string, stack: string): Stack {
  const outdir = temporaryFolder();
  const { status, stderr } = runBuilt("main.ts", [], {
    METADATA_CONFIG_DIR: configDir,
    METADATA_STACKS: stack,
    CDKTF_OUTDIR: outdir,
  });
  if (status !== 0) throw new Error(stderr);
  expect(readdirSync(path.join(outdir, "stacks"))).toEqual([stack]);
  return JSON.parse(readFileSync(path.join(outdir, "stacks", stack, "cdk.tf.json"), "utf8")) as Stack;
}

test("with 1,000 tenants, adding one affects one stack, whose comment shows one dataset and four tables", async () => {
  const folder = realpathSync(temporaryFolder());
  const configs = path.join(folder, "configs");
  generateConfig({ folder: configs, definitionsFrom: path.join(PROJECT, "configs"), tenants: 1000, shards: 10 });
  const app = `node "${built("main.ts")}"`;
  writeFileSync(path.join(folder, "cdktf.json"), JSON.stringify({ app }));
  new GitRepository(folder).commit();
  const stack = "metadata-bench-000";
  const before = synth(configs, stack);

  const added = await run(
    ["tenant", "add", "acme_retail", "--display-name", "Acme Retail", "--environment", "bench"],
    configs,
  );
  expect(added.stdout).toContain(`bench: dataset example-bench.acme_retail_metadata with 4 tables, in stack ${stack}`);
  const found = await affected({ configDir: configs, project: folder, base: "HEAD", report: () => undefined });
  expect(found.stacks).toEqual([stack]);

  const plan = path.join(temporaryFolder(), `${stack}.json`);
  writeFileSync(plan, planJson(planChanges(before, synth(configs, stack))));
  const { stdout } = await run(["plan", "summary", plan, "--markdown"], configs);
  expect(stdout).toMatchSnapshot();
  expect((await run(["plan", "check", plan], configs)).code).toBe(0);
});
