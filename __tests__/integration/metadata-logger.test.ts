import { exampleQueries } from "../../emulator/example-queries";
import { MetadataInitializer } from "../../runtime/tables/metadata-initializer";
import { MetadataLogger } from "../../runtime/logger/metadata-logger";
import type { StartRunOptions } from "../../runtime/runs/run-options";
import { emulator, newTenantContext, sameTenant, select, stepRow } from "./support/contexts";
import { HttpRecorder } from "./support/http-recorder";

const RUN: StartRunOptions = { pipelineId: "daily_orders", triggerType: "scheduler", triggerBy: "cron@example.com" };

describe("a run", () => {
  test("is RUNNING from its start and COMPLETED at its end, in one row", async () => {
    const { context, tenantId } = newTenantContext();
    await using logger = new MetadataLogger(context, tenantId, { onFailure: "throw" });
    const run = await logger.startRun({
      ...RUN,
      parameters: { date: "2025-11-15" },
      configVersion: "4f2a9c1",
      workerInstance: "pod-7",
    });
    await logger.flush();
    const query =
      "SELECT *, UNIX_MICROS(start_time) AS start_micros, UNIX_MICROS(end_time) AS end_micros FROM `{dataset}.pipeline_runs`";
    await expect(select(context, query)).resolves.toMatchObject([
      { status: "RUNNING", end_time: null, duration_ms: null },
    ]);

    await run.complete();
    const [row, ...others] = await select(context, query);
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      pipeline_logging_id: run.id,
      pipeline_id: "daily_orders",
      tenant_id: tenantId,
      status: "COMPLETED",
      trigger_type: "scheduler",
      trigger_by: "cron@example.com",
      config_version: "4f2a9c1",
      worker_instance: "pod-7",
      error_message: null,
      parameters: '{"date":"2025-11-15"}',
      start_micros: String(run.startTime.getTime() * 1000),
    });
    expect(Number(row?.["end_micros"])).toBeGreaterThanOrEqual(run.startTime.getTime() * 1000);
    expect(Number(row?.["duration_ms"])).toBeGreaterThanOrEqual(0);
  });

  test("that throws is FAILED with its message, and the error reaches the caller", async () => {
    const { context, tenantId } = newTenantContext();
    await using logger = new MetadataLogger(context, tenantId);
    const failure = new TypeError("orders are missing");
    await expect(logger.withRun(RUN, () => Promise.reject(failure))).rejects.toBe(failure);
    await expect(select(context, "SELECT status, error_message FROM `{dataset}.pipeline_runs`")).resolves.toEqual([
      { status: "FAILED", error_message: "TypeError: orders are missing" },
    ]);
  });

  test("logs its steps in order: COMPLETED, SKIPPED, FAILED", async () => {
    const { context, tenantId } = newTenantContext();
    await using logger = new MetadataLogger(context, tenantId);
    const result = await logger.withRun(RUN, async (run) => {
      const rows = await run.step({ stepName: "load", stepType: "bigquery_to_bigquery" }, (step) => {
        step.rowsProcessed = 9_007_199_254_740_993n;
        step.metadata = { destination_table: "dataset.table", query_cost_usd: 0.05 };
        return 7;
      });
      await run.step({ stepName: "archive", stepType: "api_call" }, (step) => step.skip());
      await run
        .step({ stepName: "notify", stepType: "api_call" }, () => Promise.reject(new Error("no answer")))
        .catch(() => undefined);
      return rows;
    });
    expect(result).toBe(7);
    await expect(
      select(
        context,
        "SELECT step_name, step_index, status, rows_processed, error_message, metadata FROM `{dataset}.step_logs` ORDER BY step_index",
      ),
    ).resolves.toEqual([
      {
        step_name: "load",
        step_index: "0",
        status: "COMPLETED",
        rows_processed: "9007199254740993",
        error_message: null,
        metadata: '{"destination_table":"dataset.table","query_cost_usd":0.05}',
      },
      {
        step_name: "archive",
        step_index: "1",
        status: "SKIPPED",
        rows_processed: null,
        error_message: null,
        metadata: null,
      },
      {
        step_name: "notify",
        step_index: "2",
        status: "FAILED",
        rows_processed: null,
        error_message: "Error: no answer",
        metadata: null,
      },
    ]);
  });

  test("records data quality with a derived status and the UTC date of its execution", async () => {
    const { context, tenantId } = newTenantContext();
    await using logger = new MetadataLogger(context, tenantId);
    const lateEvening = new Date(Date.now() - 86_400_000);
    lateEvening.setUTCHours(23, 59, 59, 999);
    await logger.withRun(RUN, async (run) => {
      const check = { targetTable: "p.d.orders", dqConfigId: "orders_suite" };
      await run.recordDqResult({ ...check, expectationsPassed: 3, expectationsFailed: 0, executedAt: lateEvening });
      await run.recordDqResult({
        ...check,
        expectationsPassed: 2,
        expectationsFailed: 1,
        failedExpectations: [{ column: "amount" }],
      });
      await run.recordDqResult({ ...check, expectationsPassed: 2, expectationsFailed: 1, overallStatus: "WARNING" });
    });
    const rows = await select(
      context,
      "SELECT overall_status, failed_expectations, CAST(ingestion_date AS STRING) AS day FROM `{dataset}.dq_results` ORDER BY overall_status",
    );
    expect(rows).toMatchObject([
      { overall_status: "FAIL", failed_expectations: '[{"column":"amount"}]' },
      { overall_status: "PASS", failed_expectations: null, day: lateEvening.toISOString().slice(0, 10) },
      { overall_status: "WARNING" },
    ]);
  });

  test("cannot be finished twice", async () => {
    const { context, tenantId } = newTenantContext();
    await using logger = new MetadataLogger(context, tenantId);
    const run = await logger.startRun(RUN);
    await run.complete();
    await expect(run.fail(new Error("late"))).rejects.toThrow(`Run ${run.id} is finished already`);
  });

  test("that ends with nineteen others is finished like them", async () => {
    const { context, tenantId } = newTenantContext();
    await using logger = new MetadataLogger(context, tenantId, { onFailure: "throw" });
    const runs = await Promise.all(Array.from({ length: 20 }, async () => logger.startRun(RUN)));
    await Promise.all(
      runs.map(async (run, index) => (index % 2 === 0 ? run.complete() : run.fail(new Error(`no. ${index}`)))),
    );
    await expect(
      select(
        context,
        "SELECT status, COUNT(*) AS runs, COUNT(DISTINCT error_message) AS messages FROM `{dataset}.pipeline_runs` GROUP BY status ORDER BY status",
      ),
    ).resolves.toEqual([
      { status: "COMPLETED", runs: "10", messages: "0" },
      { status: "FAILED", runs: "10", messages: "10" },
    ]);
  });

  test("shares its statement with the runs that end at about the same time, one statement at a time", async () => {
    const recorder = new HttpRecorder(emulator().restUrl);
    const { context: direct, tenantId } = newTenantContext();
    // A table that is new is looked at by statements of its own.
    await new MetadataInitializer(direct).ensureTenant(tenantId);
    const context = sameTenant(direct, { restUrl: await recorder.open() });
    const logger = new MetadataLogger(context, tenantId, { onFailure: "throw" });
    const runs = await Promise.all(Array.from({ length: 20 }, async () => logger.startRun(RUN)));
    await logger.flush();
    // The first ones are being written when the others end.
    const pauses = runs.map((_, index) => (index % 4) * 30);
    await Promise.all(
      runs.map(async (run, index) => {
        await new Promise((resolve) => setTimeout(resolve, pauses[index]));
        await run.complete();
      }),
    );
    await logger.close();
    recorder.close();
    expect(recorder.mostAtOnce).toBe(1);
    expect(recorder.statements.length).toBeLessThanOrEqual(4);
    expect(recorder.statements.every((sql) => sql.includes("run.start_time BETWEEN"))).toBe(true);
    await expect(select(direct, "SELECT DISTINCT status FROM `{dataset}.pipeline_runs`")).resolves.toEqual([
      { status: "COMPLETED" },
    ]);
  });

  test("whose row is gone cannot be finished, and says so", async () => {
    const { context, tenantId } = newTenantContext();
    const errors: Error[] = [];
    await using logger = new MetadataLogger(context, tenantId, { onError: (error) => errors.push(error) });
    const run = await logger.startRun(RUN);
    const other = await logger.startRun(RUN);
    await logger.flush();
    await select(context, `DELETE FROM \`{dataset}.pipeline_runs\` WHERE pipeline_logging_id = '${run.id}'`);
    await Promise.all([run.complete(), other.complete()]);
    expect(errors).toMatchObject([
      {
        finish: { pipelineLoggingId: run.id, status: "COMPLETED" },
        message: expect.stringContaining("the table has no such run") as string,
      },
    ]);
    await expect(select(context, "SELECT status FROM `{dataset}.pipeline_runs`")).resolves.toEqual([
      { status: "COMPLETED" },
    ]);
  });

  test("that was never finished is found, and failed on demand", async () => {
    const { context, tenantId } = newTenantContext();
    await using logger = new MetadataLogger(context, tenantId, { graceMs: 0, onError: () => undefined });
    const dead = await logger.startRun({ ...RUN, workerInstance: "pod-1" });
    await logger.withRun(RUN, () => undefined);
    await logger.flush();
    await expect(logger.findStaleRuns({ olderThanMs: 60_000 })).resolves.toEqual([]);
    await expect(logger.findStaleRuns({ olderThanMs: 0 })).resolves.toMatchObject([
      { pipelineLoggingId: dead.id, pipelineId: "daily_orders", workerInstance: "pod-1", startTime: dead.startTime },
    ]);
    await expect(logger.failStaleRuns({ olderThanMs: 0 })).resolves.toMatchObject([{ pipelineLoggingId: dead.id }]);
    await expect(logger.findStaleRuns({ olderThanMs: 0 })).resolves.toEqual([]);
    await expect(select(context, "SELECT status FROM `{dataset}.pipeline_runs` ORDER BY status")).resolves.toEqual([
      { status: "COMPLETED" },
      { status: "FAILED" },
    ]);
  });
});

describe("what cannot be logged", () => {
  test("is reported and does not stop the pipeline, by default", async () => {
    const { context, tenantId } = newTenantContext();
    const errors: Error[] = [];
    await using logger = new MetadataLogger(context, tenantId, { onError: (error) => errors.push(error) });
    const result = await logger.withRun(RUN, async (run) => {
      await run.step({ stepName: "load", stepType: "api_call" }, (step) => (step.rowsProcessed = 1.5));
      return "done";
    });
    expect(result).toBe("done");
    expect(errors).toMatchObject([{ tableId: "step_logs", problems: [{ column: "rows_processed", received: "1.5" }] }]);
    await expect(select(context, "SELECT step_name, rows_processed FROM `{dataset}.step_logs`")).resolves.toEqual([
      { step_name: "load", rows_processed: null },
    ]);
  });

  test("is thrown by the end of the run, when the caller wants it so", async () => {
    const { context, tenantId } = newTenantContext();
    await using logger = new MetadataLogger(context, tenantId, { onFailure: "throw" });
    const run = await logger.startRun(RUN);
    await run.step({ stepName: "", stepType: "api_call" }, (step) => void (step.metadata = Number.NaN));
    const result = { targetTable: "t", dqConfigId: "c", expectationsFailed: 0 };
    await run.recordDqResult({ ...result, expectationsPassed: 1, failedExpectations: [Number.NaN] });
    // A count is refused where it is given.
    await expect(run.recordDqResult({ ...result, expectationsPassed: -1 })).rejects.toThrow("expectations_passed");
    await expect(run.step({ stepName: "", stepType: "t" }, (step) => (step.rowsProcessed = 1.5))).rejects.toThrow(
      "1.5",
    );
    await expect(run.complete()).rejects.toThrow("2 failures");
    await expect(select(context, "SELECT status FROM `{dataset}.pipeline_runs`")).resolves.toEqual([
      { status: "COMPLETED" },
    ]);
    await expect(logger.flush()).resolves.toBeUndefined();
  });

  test("is thrown by close, when no run has told of it", async () => {
    const { context, tenantId } = newTenantContext();
    const logger = new MetadataLogger(context, tenantId, { onFailure: "throw", graceMs: 0 });
    const run = await logger.startRun(RUN);
    await run.step({ stepName: "load", stepType: "api_call" }, (step) => void (step.metadata = Number.NaN));
    await expect(logger.close()).rejects.toThrow("metadata");
  });
});

test("a pipeline that goes on after its logger was closed is not stopped", async () => {
  const { context, tenantId } = newTenantContext();
  const errors: Error[] = [];
  const logger = new MetadataLogger(context, tenantId, { onError: (error) => errors.push(error) });
  await logger.close();
  await expect(logger.withRun(RUN, async (run) => run.step({ stepName: "s", stepType: "t" }, () => 7))).resolves.toBe(
    7,
  );
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringContaining("is closed"),
    expect.stringContaining("is closed"),
    expect.stringContaining("its start could not be recorded"),
  ]);
});

describe("MetadataLogger.insert", () => {
  test("writes the good rows of a call and hands the bad ones back", async () => {
    const { context, tenantId } = newTenantContext();
    await using logger = new MetadataLogger(context, tenantId);
    const bad = { ...stepRow("bad"), status: "DONE" as "COMPLETED" };
    await expect(logger.insert("step_logs", [stepRow("a"), bad, stepRow("b")])).rejects.toMatchObject({
      rejected: [{ rowIndex: 1, row: bad, problems: [{ column: "status", received: "a string of 4 characters" }] }],
      undelivered: [],
    });
    await expect(select(context, "SELECT step_logging_id FROM `{dataset}.step_logs` ORDER BY 1")).resolves.toEqual([
      { step_logging_id: "a" },
      { step_logging_id: "b" },
    ]);
  });

  test("refuses another tenant's rows", async () => {
    const { context, tenantId } = newTenantContext();
    await using logger = new MetadataLogger(context, tenantId);
    const row = {
      pipeline_logging_id: "1",
      pipeline_id: "p",
      tenant_id: "globex",
      status: "RUNNING",
      trigger_type: "api",
      trigger_by: "x",
      start_time: new Date(),
    } as const;
    await expect(logger.insert("pipeline_runs", [row])).rejects.toThrow(
      `tenant_id: received "globex", expected "${tenantId}", the tenant of this logger`,
    );
  });

  test("makes no call but to the stream when the tables are there", async () => {
    const { context, tenantId } = newTenantContext();
    await new MetadataInitializer(context).ensureTenant(tenantId);
    // Nothing listens there: a single REST call would fail.
    await using logger = new MetadataLogger(sameTenant(context, { restUrl: "http://127.0.0.1:1" }), tenantId);
    await logger.insert("step_logs", [stepRow()]);
    await expect(select(context, "SELECT COUNT(*) AS found FROM `{dataset}.step_logs`")).resolves.toEqual([
      { found: "1" },
    ]);
  });

  test("creates no table when it must not", async () => {
    const { context, tenantId } = newTenantContext();
    await using logger = new MetadataLogger(context, tenantId, { createTables: false });
    await expect(logger.insert("step_logs", [stepRow()])).rejects.toThrow("createTables is off");
  });

  test("rejects once the logger is closed, and closing again does nothing", async () => {
    const { context, tenantId } = newTenantContext();
    const logger = new MetadataLogger(context, tenantId);
    await logger.close();
    await logger.close();
    await expect(logger.insert("step_logs", [stepRow()])).rejects.toThrow(`The logger of ${tenantId} is closed`);
  });

  test("takes more rows than it may hold, and writes each once", async () => {
    const { context, tenantId } = newTenantContext();
    await using logger = new MetadataLogger(context, tenantId, {
      delivery: { maxBufferedBytes: 20_000, maxBatchBytes: 10_000, maxBatchRows: 70 },
    });
    await logger.insert(
      "step_logs",
      Array.from({ length: 3000 }, (_, index) => stepRow(`row-${index}`)),
    );
    await expect(
      select(context, "SELECT COUNT(*) AS found, COUNT(DISTINCT step_logging_id) AS ids FROM `{dataset}.step_logs`"),
    ).resolves.toEqual([{ found: "3000", ids: "3000" }]);
  });
});

describe("the example queries of the tables' documentation", () => {
  test("answer", async () => {
    const { context, tenantId } = newTenantContext();
    await using logger = new MetadataLogger(context, tenantId);
    await logger
      .withRun({ ...RUN, parameters: { batch_size: 1000 } }, async (run) => {
        await run.step({ stepName: "load", stepType: "bigquery_to_bigquery" }, (step) => (step.rowsProcessed = 12));
        await run.recordDqResult({
          targetTable: "p.d.orders",
          dqConfigId: "c",
          expectationsPassed: 1,
          expectationsFailed: 2,
        });
        throw new Error("checks failed");
      })
      .catch(() => undefined);
    const results = await Promise.all(exampleQueries("{dataset}").map(async ({ sql }) => select(context, sql)));
    expect(results).toMatchObject([
      [{ pipeline_id: "daily_orders", status: "FAILED", parameters: '{"batch_size":1000}' }],
      [{ pipeline_id: "daily_orders", step_name: "load", rows_processed: "12" }],
      [{ target_table: "p.d.orders", overall_status: "FAIL", expectations_passed: "1", expectations_failed: "2" }],
    ]);
  });
});
