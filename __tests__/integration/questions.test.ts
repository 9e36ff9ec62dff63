import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import path from "node:path";
import { MetadataLogger } from "../../runtime/logger/metadata-logger";
import { readQuestions } from "../../cli/questions/read-questions";
import { bindParameters, questionSql } from "../../fleet/questions/question";
import { cellOf } from "../../cli/report/rows/cell";
import { utcDate } from "../../runtime/encoding/civil-time";
import { newTenantContext } from "./support/contexts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const { context, tenantId } = newTenantContext();

type Values = Readonly<Record<string, unknown>>;
let now: number;
const runs: Record<string, unknown>[] = [];
const steps: Record<string, unknown>[] = [];
const checks: Record<string, unknown>[] = [];

/** A run that began some hours ago and, unless it still runs, took some milliseconds. */
function run(pipeline: string, hoursAgo: number, status: string, durationMs?: number, more: Values = {}): string {
  const id = randomUUID();
  const start = now - hoursAgo * HOUR;
  runs.push({
    pipeline_logging_id: id,
    pipeline_id: pipeline,
    tenant_id: tenantId,
    status,
    trigger_type: "scheduler",
    trigger_by: "scheduler@example.com",
    start_time: new Date(start),
    ...(durationMs === undefined ? {} : { end_time: new Date(start + durationMs), duration_ms: durationMs }),
    ...more,
  });
  return id;
}

function step(runId: string, name: string, hoursAgo: number, status: string, more: Values = {}): void {
  steps.push({
    step_logging_id: randomUUID(),
    pipeline_logging_id: runId,
    step_name: name,
    step_type: "bigquery_to_bigquery",
    step_index: 0,
    status,
    start_time: new Date(now - hoursAgo * HOUR),
    ...more,
  });
}

function check(table: string, daysAgo: number, passed: number, failed: number): void {
  const executed = new Date(now - daysAgo * DAY);
  checks.push({
    dq_result_id: randomUUID(),
    pipeline_logging_id: "run",
    tenant_id: tenantId,
    target_table: table,
    dq_config_id: "suite",
    executed_at: executed,
    expectations_passed: passed,
    expectations_failed: failed,
    overall_status: failed === 0 ? "PASS" : "FAIL",
    ingestion_date: utcDate(executed),
  });
}

async function answer(name: string, parameters: Readonly<Record<string, string>> = {}) {
  const question = readQuestions().find((candidate) => candidate.name === name);
  const [tenant] = context.tenants.values();
  if (question === undefined || tenant === undefined) throw new Error(`no question ${name}`);
  const rows = [];
  for await (const page of context.connection.rest.pages(
    tenant.projectId,
    tenant.location,
    questionSql(question, tenant),
    bindParameters(question, parameters),
    2,
  )) {
    for (const row of page.rows) {
      rows.push(
        Object.fromEntries(page.columns.map(({ name: column, type }) => [column, cellOf(type, row[column] ?? null)])),
      );
    }
  }
  return rows;
}

beforeAll(async () => {
  now = Date.now();
  // Usually a second; today once nearly three, and once not slower at all.
  for (let day = 2; day <= 8; day++) run("daily_orders", day * 24, "COMPLETED", 1000 + day);
  run("daily_orders", 5, "COMPLETED", 2900, { parameters: { date: "2026-01-31" } });
  run("daily_orders", 4, "COMPLETED", 1100);
  run("daily_orders", 6, "FAILED", 10, { parameters: { date: "2026-01-31" }, error_message: "no orders" });
  run("daily_orders", 3, "RUNNING");
  // Too young to have a usual duration.
  run("new_pipeline", 30, "COMPLETED", 10);
  run("new_pipeline", 2, "COMPLETED", 5000);
  // Started, never ended.
  run("export_invoices", 9, "RUNNING", undefined, { worker_instance: "pod-7" });
  run("export_invoices", 40 * 24, "RUNNING");
  const flaky = run("flaky", 20, "COMPLETED", 50);
  step(flaky, "call_api", 20, "FAILED", { metadata: { query_cost_usd: 0.5, bytes_processed: 1000 } });
  step(flaky, "call_api", 19, "COMPLETED", { duration_ms: 40, metadata: { query_cost_usd: 0.25 } });
  step(flaky, "call_api", 18, "COMPLETED", { duration_ms: 30 });
  step(flaky, "always_works", 18, "COMPLETED", { duration_ms: 7, rows_processed: 12 });
  step(flaky, "never_works", 18, "FAILED");
  step(flaky, "skips", 18, "SKIPPED");
  check("shop.orders", 0, 9, 1);
  check("shop.orders", 0, 10, 0);
  check("shop.orders", 1, 5, 5);
  check("shop.empty", 1, 0, 0);
  await using logger = new MetadataLogger(context, tenantId);
  await logger.insert("pipeline_runs", runs as never);
  await logger.insert("step_logs", steps as never);
  await logger.insert("dq_results", checks as never);
});

const hoursAgo = (hours: number) => new Date(now - hours * HOUR).toISOString();
const day = (daysAgo: number) => utcDate(new Date(now - daysAgo * DAY));

test("the last run of each pipeline", async () => {
  expect(await answer("last-runs")).toMatchObject([
    { pipeline_id: "daily_orders", status: "RUNNING", start_time: hoursAgo(3), end_time: null },
    { pipeline_id: "export_invoices", status: "RUNNING", start_time: hoursAgo(9) },
    { pipeline_id: "flaky", status: "COMPLETED", duration_ms: 50 },
    { pipeline_id: "new_pipeline", status: "COMPLETED", duration_ms: 5000 },
  ]);
});

test("whether a pipeline is done for a date", async () => {
  expect(await answer("is-done", { pipeline: "daily_orders", date: "2026-01-31" })).toMatchObject([
    { is_done: true, status: "COMPLETED", start_time: hoursAgo(5) },
    { is_done: false, status: "FAILED", start_time: hoursAgo(6), error_message: "no orders" },
  ]);
  expect(await answer("is-done", { pipeline: "daily_orders", date: "2026-02-01" })).toEqual([]);
});

test("stuck runs", async () => {
  const stuck = {
    pipeline_id: "export_invoices",
    status: "RUNNING",
    start_time: hoursAgo(9),
    worker_instance: "pod-7",
  };
  expect(await answer("stuck-runs")).toMatchObject([stuck]);
  expect(await answer("stuck-runs", { hours: "2" })).toMatchObject([
    stuck,
    { pipeline_id: "daily_orders", start_time: hoursAgo(3) },
  ]);
  expect((await answer("stuck-runs", { days: "60" })).length).toBe(2);
  const [{ minutes_running: minutes } = {}] = await answer("stuck-runs");
  expect(minutes).toBeGreaterThanOrEqual(540);
  expect(minutes).toBeLessThan(600);
});

test("flaky steps are those that failed and worked", async () => {
  expect(await answer("flaky-steps")).toEqual([
    {
      pipeline_id: "flaky",
      step_name: "call_api",
      failed: 1,
      completed: 2,
      failure_rate: 0.333,
      last_failure: hoursAgo(20),
    },
  ]);
});

test("slower than usual counts a pipeline with enough runs before", async () => {
  const slow = { pipeline_id: "daily_orders", duration_ms: 2900, median_ms: 1005, times_median: 2.89 };
  expect(await answer("slower-than-usual")).toMatchObject([slow]);
  expect(await answer("slower-than-usual", { min_runs: "1" })).toMatchObject([
    { pipeline_id: "new_pipeline", median_ms: 10, times_median: 500 },
    slow,
  ]);
  expect(await answer("slower-than-usual", { factor: "3" })).toEqual([]);
});

test("the failure rate by week counts runs that ended", async () => {
  const rows = await answer("failure-rate");
  const sum = (pipeline: string, column: string) =>
    rows.filter(({ pipeline_id: id }) => id === pipeline).reduce((total, row) => total + Number(row[column]), 0);
  expect([sum("daily_orders", "ended"), sum("daily_orders", "failed")]).toEqual([10, 1]);
  expect([sum("export_invoices", "ended"), sum("flaky", "failed")]).toEqual([0, 0]);
  for (const { week } of rows) expect(new Date(`${week as string}T00:00:00Z`).getUTCDay()).toBe(1);
});

test("the trend of data quality", async () => {
  expect(await answer("dq-trend")).toEqual([
    {
      ingestion_date: day(0),
      target_table: "shop.orders",
      checks: 2,
      failed_checks: 1,
      passed: 19,
      failed: 1,
      pass_rate: 0.95,
    },
    {
      ingestion_date: day(1),
      target_table: "shop.empty",
      checks: 1,
      failed_checks: 0,
      passed: 0,
      failed: 0,
      pass_rate: null,
    },
    {
      ingestion_date: day(1),
      target_table: "shop.orders",
      checks: 1,
      failed_checks: 1,
      passed: 5,
      failed: 5,
      pass_rate: 0.5,
    },
  ]);
});

test("what pipelines cost", async () => {
  expect(await answer("cost")).toEqual([
    { tenant_id: tenantId, pipeline_id: "flaky", runs: 1, cost_usd: 0.75, bytes_processed: 1000 },
  ]);
});

test("freshness: the stalest first, and what never succeeded at the top", async () => {
  const rows = await answer("freshness");
  expect(rows.map(({ pipeline_id: id }) => id)).toEqual(
    ["export_invoices", "new_pipeline", "flaky", "daily_orders"].sort(
      (a, b) => rows.findIndex((row) => row["pipeline_id"] === a) - rows.findIndex((row) => row["pipeline_id"] === b),
    ),
  );
  expect(rows[0]).toMatchObject({ pipeline_id: "export_invoices", last_success: null, hours_since_success: null });
  expect(rows.find((row) => row["pipeline_id"] === "daily_orders")).toMatchObject({ hours_since_success: 4 });
});

test("runs by status, pipeline and time", async () => {
  expect((await answer("runs")).length).toBe(7);
  expect(await answer("runs", { status: "FAILED" })).toMatchObject([{ error_message: "no orders" }]);
  expect((await answer("runs", { minutes: "270", pipeline: "daily_orders" })).length).toBe(2);
});

test("the documented questions", async () => {
  expect(await answer("failed-runs")).toMatchObject([
    { pipeline_id: "daily_orders", parameters: { date: "2026-01-31" } },
  ]);
  expect((await answer("slowest-steps")).map(({ step_name: name }) => name)).toEqual([
    "call_api",
    "call_api",
    "always_works",
  ]);
  expect(await answer("dq-failures-today")).toMatchObject([{ target_table: "shop.orders", expectations_failed: 1 }]);
});

test("no question is left out here", () => {
  const asked = [
    "cost",
    "dq-failures-today",
    "dq-trend",
    "failed-runs",
    "failure-rate",
    "flaky-steps",
    "freshness",
    "is-done",
    "last-runs",
    "runs",
    "slower-than-usual",
    "slowest-steps",
    "stuck-runs",
  ];
  expect(readdirSync(path.join(__dirname, "../../queries")).sort()).toEqual(asked.map((name) => `${name}.sql`));
});
