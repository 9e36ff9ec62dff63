import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../../../model/errors";
import { formatJson } from "../../../model/format-json";
import { loadConfig } from "../../../model/load-config";
import { pickOne } from "../../../model/problems";
import type { CliContext } from "../../context";
import { writeConfigs } from "../../workspace/write-configs";

/**
 * Records in `deployed/<environment>.json` what has just been deployed, so that later configurations cannot contradict it.
 *
 * A number of shards that differs from the recorded one never gets here: the configuration is not valid then.
 *
 * @throws {@link UsageError} for an environment that does not exist.
 */
export function recordDeployed(context: CliContext, environmentNames: readonly string[]): void {
  const { environments } = loadConfig(context.configDir);
  const known = environments.map(({ name }) => name);
  for (const name of environmentNames) {
    const environment = environments.find((candidate) => candidate.name === name);
    if (environment === undefined) {
      throw new UsageError(
        `There is no environment ${JSON.stringify(name)}; there are ${known.join(", ")}. ${pickOne(name, known, "Name one of them")}`,
      );
    }
    const { shards, recreate } = environment;
    const text = formatJson({
      $schema: "../json-schemas/deployed.json",
      shards,
      ...(Object.keys(recreate).length === 0 ? {} : { recreate }),
    });
    const file = `deployed/${name}.json`;
    const onDisk = path.join(context.configDir, file);
    if (existsSync(onDisk) && readFileSync(onDisk, "utf8") === text) {
      context.report(`${onDisk} is up to date.\n`);
      continue;
    }
    writeConfigs(context.configDir, new Map([[file, text]]));
    context.print(`Wrote ${onDisk}\n`);
  }
}
