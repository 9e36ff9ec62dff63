import { connectRest } from "../../bigquery/rest-client";
import { readQuestions } from "../../cli/questions/read-questions";
import { askFleet, estimateFleet } from "../../fleet/questions/ask-fleet";
import { questionSql } from "../../fleet/questions/question";
import { loadConfig } from "../../model/load-config";
import { resolveTenant } from "../../model/resolve";
import { FleetServer } from "./rest-server";

/*
 * One question to a fleet of tenants: in unions of bounded size, as the command puts it, beside one query a tenant. Both ask a
 * local server that answers like BigQuery's REST API after a latency; figures are requests, seconds and memory.
 *
 *   npm run bench:fleet -- [tenants, 1000] [rows a tenant, 100] [latency in ms, 200]
 */
async function main([tenants = "1000", rows = "100", latency = "200"]: readonly string[]): Promise<void> {
  const [environment] = loadConfig("configs").environments;
  const question = readQuestions().find(({ name }) => name === "runs");
  if (environment === undefined || question === undefined) throw new Error("no environment, or no question");
  const fleet = {
    question,
    parameters: {},
    tenants: Array.from({ length: Number(tenants) }, (_, index) =>
      resolveTenant(environment, { tenantId: `tenant_${index}`, displayName: "Tenant", environments: {} }),
    ),
  };
  const server = new FleetServer({ rowsOf: () => Number(rows), latencyMs: Number(latency) });
  const rest = connectRest(await server.open());
  const results: { way: string; requests: number; seconds: number; rows: number; peakMiB: number }[] = [];
  const measure = async (way: string, work: () => Promise<number>) => {
    const [started, before] = [performance.now(), server.dryRuns + server.pages];
    let peak = 0;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
    const count = await work();
    clearInterval(watch);
    results.push({
      way,
      requests: server.dryRuns + server.pages - before,
      seconds: Number(((performance.now() - started) / 1000).toFixed(1)),
      rows: count,
      peakMiB: Math.round(peak / 1024 / 1024),
    });
  };
  await measure("unions", async () => {
    let count = 0;
    const { batches } = await estimateFleet(rest, fleet);
    await askFleet(rest, fleet, batches, (page) => (count += page.rows.length));
    return count;
  });
  await measure("a query a tenant, four at a time", async () => {
    let count = 0;
    const left = [...fleet.tenants];
    const worker = async () => {
      for (let tenant = left.pop(); tenant !== undefined; tenant = left.pop()) {
        const sql = questionSql(question, tenant);
        for await (const page of rest.pages(tenant.projectId, tenant.location, sql, {}, 1000))
          count += page.rows.length;
      }
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    return count;
  });
  await server.close();
  console.table(results);
  const [unions, single] = results;
  if (unions !== undefined && single !== undefined) {
    console.log(
      `unions: ${(single.seconds / unions.seconds).toFixed(1)} times as fast, ${(single.requests / unions.requests).toFixed(1)} times fewer requests`,
    );
  }
}

void main(process.argv.slice(2));
