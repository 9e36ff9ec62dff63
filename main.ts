import { App } from "cdktf";
import { startProgress } from "./constructs/synth/progress";
import { SynthReport } from "./constructs/synth/synth-report";
import { TenantMetadataStack } from "./constructs/tenant-metadata-stack";
import { disableTokenStackTraces } from "./constructs/synth/token-stack-traces";
import { ConfigError } from "./model/errors";
import { loadConfig, selectEnvironments } from "./model/load-config";
import { planStacks } from "./model/resolve";
import { selectStacks } from "./model/select-stacks";

/** Reads the configuration and writes one stack per environment and shard. */
function main(): void {
  const config = loadConfig(process.env["METADATA_CONFIG_DIR"] ?? "configs");
  const names = listIn("METADATA_ENVIRONMENTS");
  const environments = names === undefined ? config.environments : selectEnvironments(config, names);
  const allPlans = environments.flatMap((environment) => planStacks(environment, config.tenants, config.offboarded));
  const stackNames = listIn("METADATA_STACKS");
  const plans = stackNames === undefined ? allPlans : selectStacks(allPlans, stackNames);

  disableTokenStackTraces();
  const app = new App({ stackTraces: false });
  const report = new SynthReport();
  const progress = startProgress(plans.length, "stacks");
  for (const plan of plans) {
    const { definitions } = config;
    const stack = new TenantMetadataStack(app, plan.stackName, { plan, definitions, standalone: true });
    stack.synthesizer.synthesize({ outdir: app.outdir, manifest: app.manifest });
    report.add(app, plan.tenants.length, stack);
    // Stacks are independent: letting go of each keeps memory at that of the largest, and the cost per tenant constant.
    app.node.tryRemoveChild(plan.stackName);
    progress.step(plan.stackName);
  }
  progress.stop();
  app.manifest.writeToFile();
  process.stdout.write(report.toString());
}

/** Comma-separated names in an environment variable; `undefined` when it is not set or empty. */
function listIn(variable: string): readonly string[] | undefined {
  const names = process.env[variable]?.trim();
  return names ? names.split(/\s*,\s*/) : undefined;
}

try {
  main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
