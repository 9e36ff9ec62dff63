import { App } from "cdktf";
import { synthReport } from "./cli/synth-report";
import { TenantMetadataStack } from "./constructs/tenant-metadata-stack";
import { disableTokenStackTraces } from "./constructs/token-stack-traces";
import { ConfigError } from "./model/errors";
import { loadConfig, selectEnvironments } from "./model/load-config";
import { planStacks } from "./model/resolve";
import { selectStacks } from "./model/select-stacks";

/** Reads the configuration and writes one stack per environment and shard. */
function main(): void {
  const config = loadConfig(process.env["METADATA_CONFIG_DIR"] ?? "configs");
  const names = listIn("METADATA_ENVIRONMENTS");
  const environments = names === undefined ? config.environments : selectEnvironments(config, names);
  const plans = environments.flatMap((environment) => planStacks(environment, config.tenants, config.offboarded));
  const stackNames = listIn("METADATA_STACKS");

  disableTokenStackTraces();
  const app = new App({ stackTraces: false });
  const stacks = (stackNames === undefined ? plans : selectStacks(plans, stackNames)).map(
    (plan) => new TenantMetadataStack(app, plan.stackName, { plan, definitions: config.definitions }),
  );
  app.synth();
  process.stdout.write(synthReport(app, stacks));
}

/** Comma-separated names in an environment variable; `undefined` when it is not set. */
function listIn(variable: string): readonly string[] | undefined {
  return process.env[variable]?.split(",").map((name) => name.trim());
}

try {
  main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
