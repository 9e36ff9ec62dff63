import fc from "fast-check";
import { connectRest, type QueryPage } from "../../../bigquery/rest-client";
import { askFleet, estimateFleet } from "../../../fleet/questions/ask-fleet";
import { fleetBatches, fleetSql, tablesIn } from "../../../fleet/questions/fleet-sql";
import { parseQuestion } from "../../../fleet/questions/question";
import { FleetServer, type FleetServerOptions } from "../../../bench/fleet/rest-server";
import { tenant as resolvedTenant } from "../../support/resolved";
import { runs } from "../../support/runs";

const QUESTION = parseQuestion(
  "steps",
  "-- Steps and their runs.\nSELECT n FROM `project.tenant_metadata.step_logs`\nJOIN `project.tenant_metadata.pipeline_runs` USING (id)",
);

/** So long that the length of a query, not its number of tables, is what a batch meets first. */
const LONG_QUESTION = { ...QUESTION, sql: `${QUESTION.sql}\nWHERE n NOT IN (${"123, ".repeat(1200)}0)` };

const tenantNamed = (tenantId: string, location = "EU") =>
  resolvedTenant({ tenantId, datasetId: `${tenantId}_metadata`, location });

const tenants = (count: number) =>
  Array.from({ length: count }, (_, index) => tenantNamed(`tenant_${String(index).padStart(5, "0")}`));

const servers: FleetServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** Asks a server, and gives the numbers of each tenant's rows in the order in which they came. */
async function askServer(options: FleetServerOptions, count: number) {
  const server = new FleetServer(options);
  servers.push(server);
  const rest = connectRest(await server.open());
  const fleet = { question: QUESTION, parameters: {}, tenants: tenants(count) };
  const { batches, unread, ...estimate } = await estimateFleet(rest, fleet);
  const answers = new Map<string, number[]>();
  const pages: number[] = [];
  const cut = await askFleet(rest, fleet, batches, ({ rows }: QueryPage) => {
    pages.push(rows.length);
    for (const row of rows) {
      const tenant = row["tenant"] ?? "";
      answers.set(tenant, [...(answers.get(tenant) ?? []), Number(row["n"])]);
    }
  });
  return { server, answers, unread: [...unread, ...cut], estimate, batches, pages };
}

test("every row of every tenant comes once, however the rows are spread over pages", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 0, max: 12 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 299 }), { maxLength: 5 }),
      async (count, most, absent) => {
        const missing = new Set(
          absent.filter((n) => n < count).map((n) => `tenant_${String(n).padStart(5, "0")}_metadata`),
        );
        const rowsOf = (dataset: string) => Number(dataset.slice(7, 12)) % (most + 1);
        const { answers, unread } = await askServer({ rowsOf, missing }, count);
        for (const { tenantId, datasetId } of tenants(count)) {
          const expected = missing.has(datasetId) ? 0 : rowsOf(datasetId);
          expect(answers.get(tenantId) ?? []).toEqual(Array.from({ length: expected }, (_, n) => n));
        }
        expect(new Set(unread.map(({ tenantId }) => `${tenantId}_metadata`))).toEqual(missing);
      },
    ),
    { numRuns: runs(6) },
  );
});

test("1,000 tenants are four queries of bounded size, at most four at a time, and memory holds a page", async () => {
  const { server, answers, estimate, pages, unread } = await askServer({ rowsOf: () => 30, latencyMs: 1 }, 1000);
  expect({ dryRuns: server.dryRuns, queries: server.queries, unread }).toEqual({ dryRuns: 4, queries: 4, unread: [] });
  expect(server.concurrent).toBeLessThanOrEqual(4);
  expect(answers.size).toBe(1000);
  expect(Math.max(...pages)).toBeLessThanOrEqual(1000);
  expect(estimate).toEqual({ bytes: 1_000_000, billedBytes: 2000 * 10 * 1024 * 1024 });
});

test("a tenant that cannot be read is named with the reason, and the others answer", async () => {
  const { answers, unread } = await askServer({ rowsOf: () => 1, missing: new Set(["tenant_00007_metadata"]) }, 20);
  expect(unread.map(({ tenantId }) => tenantId)).toEqual(["tenant_00007"]);
  expect(unread[0]?.reason).toContain("Not found: Table example:tenant_00007_metadata");
  expect(answers.size).toBe(19);
});

test("queries stay within BigQuery's limits, hold each tenant once, and mix no locations", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(
        fc.record({
          id: fc.integer({ min: 0, max: 99_999 }),
          us: fc.boolean(),
          length: fc.integer({ min: 1, max: 900 }),
        }),
        {
          selector: ({ id }) => id,
          maxLength: 600,
        },
      ),
      (drawn) => {
        const all = drawn.map(({ id, us, length }) =>
          resolvedTenant({ tenantId: `t${id}`, datasetId: `d${id}${"x".repeat(length)}`, location: us ? "US" : "EU" }),
        );
        const batches = fleetBatches(LONG_QUESTION, all);
        expect(
          batches
            .flat()
            .map(({ tenantId }) => tenantId)
            .sort(),
        ).toEqual(all.map(({ tenantId }) => tenantId).sort());
        for (const batch of batches) {
          expect(new Set(batch.map(({ location }) => location)).size).toBe(1);
          expect(batch.length * tablesIn(LONG_QUESTION)).toBeLessThanOrEqual(1000);
          expect(fleetSql(LONG_QUESTION, batch).length).toBeLessThanOrEqual(1_000_000);
        }
      },
    ),
    { numRuns: runs(15) },
  );
});
