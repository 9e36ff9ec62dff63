/*
 * Turns what `affected --json` prints into outputs of a workflow step; see affected.sh.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

const configs = path.join(process.env["METADATA_CONFIG_DIR"] ?? "configs", "environments");
const affected = /** @type {{ environments: Record<string, string[]> }} */ (JSON.parse(readFileSync(0, "utf8")));
const workflow = /** @type {{ jobs: Record<string, { with?: { environment?: string } }> }} */ (
  parse(readFileSync(".github/workflows/deploy.yml", "utf8"))
);
const deployed = new Set(Object.values(workflow.jobs).map((job) => job.with?.environment));

/** @param {string} environment */
function isLocal(environment) {
  const text = readFileSync(path.join(configs, `${environment}.json`), "utf8");
  const { backend } = /** @type {{ backend: { type: string } }} */ (JSON.parse(text));
  return backend.type === "local";
}

const existing = readdirSync(configs).flatMap((file) =>
  /^[^.].*\.json$/.test(file) ? [path.basename(file, ".json")] : [],
);
for (const environment of existing.filter((name) => !deployed.has(name))) {
  const [level, why] = isLocal(environment)
    ? ["notice", "its state is a local file, so no plan of it is made"]
    : ["warning", "add a job for it to .github/workflows/deploy.yml"];
  console.error(`::${level}::No workflow deploys ${environment}: ${why}.`);
}
for (const environment of deployed) {
  if (environment === undefined || existing.includes(environment)) continue;
  console.error(`::warning::.github/workflows/deploy.yml deploys ${environment}, which is no environment.`);
}

const planned = Object.entries(affected.environments).filter(([environment]) => !isLocal(environment));
console.log(`environments=${JSON.stringify(planned.map(([environment]) => environment))}`);
console.log(`stacks=${JSON.stringify(Object.fromEntries(planned))}`);
