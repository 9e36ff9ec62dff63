import { App } from "cdktf";
import { synthReport } from "./cli/synth-report";
import { TenantMetadataStack } from "./constructs/tenant-metadata-stack";
import { disableTokenStackTraces } from "./constructs/token-stack-traces";
import { ConfigError } from "./model/errors";
import { loadConfig, selectEnvironments } from "./model/load-config";
import { planStacks } from "./model/resolve";

/** Reads the configuration and writes one stack per environment and shard. */
function main(): void {
  const config = loadConfig(process.env["METADATA_CONFIG_DIR"] ?? "configs");
  const names = process.env["METADATA_ENVIRONMENTS"]?.split(",").map((name) => name.trim());
  const environments = names === undefined ? config.environments : selectEnvironments(config, names);

  disableTokenStackTraces();
  const app = new App({ stackTraces: false });
  const stacks = environments
    .flatMap((environment) => planStacks(environment, config.tenants, config.offboarded))
    .map((plan) => new TenantMetadataStack(app, plan.stackName, { plan, definitions: config.definitions }));
  app.synth();
  process.stdout.write(synthReport(app, stacks));
}

try {
  main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
