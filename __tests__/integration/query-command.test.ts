import { MetadataLogger } from "../../runtime/logger/metadata-logger";
import { configFolder } from "../support/config-folder";
import { runCli } from "../support/run-cli";
import { loadConfig } from "../../model/load-config";
import { runtimeContext } from "../../runtime/logger/context";

/** Tenants of their own, since the emulator is shared. */
const TENANTS = ["query_acme", "query_globex", "query_without_tables"] as const;

function configs(): string {
  const definitions = loadConfig("configs").definitions.map(({ tableId, ...definition }) => [
    `metadata/schemas/${tableId}.json`,
    definition,
  ]);
  return configFolder({
    ...Object.fromEntries(definitions as [string, object][]),
    "environments/local.json": { projectId: "example-local", location: "US", backend: { type: "local" } },
    ...Object.fromEntries(
      TENANTS.map((tenantId) => [`tenants/${tenantId}.json`, { displayName: tenantId, environments: { local: {} } }]),
    ),
  });
}

test("what pipelines logged answers, for one tenant and for all", async () => {
  const folder = configs();
  const runtime = runtimeContext({ config: loadConfig(folder), environment: "local" });
  for (const tenantId of TENANTS.slice(0, 2)) {
    await using logger = new MetadataLogger(runtime, tenantId);
    const run = { pipelineId: "daily", triggerType: "manual", triggerBy: "ana@example.com" } as const;
    await logger.withRun(run, async () => undefined);
    await expect(
      logger.withRun({ ...run, pipelineId: "weekly" }, async () => {
        throw new Error("no orders");
      }),
    ).rejects.toThrow("no orders");
  }

  const one = await runCli(["runs", "--environment", "local", "--tenant", "query_acme", "--failed", "--json"], folder);
  expect(one.code).toBe(0);
  expect(JSON.parse(one.stdout)).toMatchObject([{ pipeline_id: "weekly", status: "FAILED" }]);
  expect(one.stdout).toContain("no orders");

  const all = await runCli(["query", "last-runs", "--environment", "local", "--all-tenants", "--json"], folder);
  expect(all.code).toBe(3);
  expect(all.stderr).toContain("1 tenant could not be read:\n  query_without_tables: ");
  expect(JSON.parse(all.stdout)).toMatchObject([
    { tenant: "query_acme", pipeline_id: "daily", status: "COMPLETED" },
    { tenant: "query_acme", pipeline_id: "weekly", status: "FAILED" },
    { tenant: "query_globex", pipeline_id: "daily" },
    { tenant: "query_globex", pipeline_id: "weekly" },
  ]);
});
