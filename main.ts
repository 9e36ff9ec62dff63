import { App } from "cdktf";
import { startProgress } from "./constructs/synth/progress";
import { synthReport } from "./constructs/synth/synth-report";
import { synthesizeStacks } from "./constructs/synth/synthesize-stacks";
import { TenantMetadataError } from "./model/errors";
import { exitCodeOf } from "./model/exit-codes";
import { loadConfig, selectEnvironments } from "./model/load-config";
import { assignStacks } from "./model/resolve";
import { selectStacks } from "./model/select-stacks";

/** Reads the configuration and writes one stack per environment and shard. */
function main(): void {
  const config = loadConfig(process.env["METADATA_CONFIG_DIR"] ?? "configs");
  const names = listIn("METADATA_ENVIRONMENTS");
  const environments = names === undefined ? config.environments : selectEnvironments(config, names);
  const allAssignments = environments.flatMap((environment) =>
    assignStacks(environment, config.tenants, config.offboarded),
  );
  const stackNames = listIn("METADATA_STACKS");
  const assignments = stackNames === undefined ? allAssignments : selectStacks(allAssignments, stackNames);

  const progress = startProgress(assignments.length, "stacks");
  const stacks = synthesizeStacks(new App(), {
    assignments,
    definitions: config.definitions,
    onStack: ({ stackName }) => progress.step(stackName),
  });
  progress.stop();
  process.stdout.write(synthReport(stacks));
}

/** Comma-separated names in an environment variable; `undefined` when it is not set or empty. */
function listIn(variable: string): readonly string[] | undefined {
  const names = process.env[variable]?.trim();
  return names ? names.split(/\s*,\s*/) : undefined;
}

try {
  main();
} catch (error) {
  if (!(error instanceof TenantMetadataError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = exitCodeOf(error);
}
