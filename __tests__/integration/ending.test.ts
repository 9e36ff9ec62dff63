import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { MetadataLogger } from "../../runtime/logger/metadata-logger";
import { newTenantContext, select } from "./support/contexts";

const PIPELINE = path.join(__dirname, "support", "pipeline-process.ts");

interface Report {
  readonly reported: string;
  readonly message: string;
  readonly spooledTo?: string;
  readonly rows: readonly { readonly row: Readonly<Record<string, unknown>>; readonly outcome: string }[];
}

/** Lets a pipeline end in one of its ways; says SIGTERM when it is ready for it. */
async function ended(way: string) {
  const tenantId = `t${randomUUID().replaceAll("-", "")}`;
  const child = spawn(process.execPath, ["--import", "tsx", PIPELINE, way, tenantId], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const lines: string[] = [];
  let toldAt = 0;
  for await (const line of createInterface(child.stdout)) {
    if (line === "ready") {
      toldAt = performance.now();
      child.kill("SIGTERM");
    } else lines.push(line);
  }
  const by = await endOf(child);
  const reports = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Report);
  return { by, tenantId, lines, reports, stderr, ms: performance.now() - toldAt };
}

async function endOf(child: ChildProcess): Promise<NodeJS.Signals | number | null> {
  if (child.signalCode === null && child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
  return child.signalCode ?? child.exitCode;
}

/** The tenant's steps and runs as the pipeline left them. */
async function logged(tenantId: string) {
  const { context } = newTenantContext({ tenantId });
  return {
    steps: await select(
      context,
      "SELECT step_name, status, error_message FROM `{dataset}.step_logs` ORDER BY step_index",
    ),
    runs: await select(
      context,
      "SELECT status, error_message, end_time >= start_time AS is_after FROM `{dataset}.pipeline_runs`",
    ),
  };
}

const failed = (error_message: string) => ({ status: "FAILED", error_message });

test("a step that ends after SIGTERM is COMPLETED, and so is its run", async () => {
  const { by, tenantId, reports } = await ended("step ends after the signal");
  expect(by).toBe("SIGTERM");
  expect(reports).toEqual([]);
  await expect(logged(tenantId)).resolves.toEqual({
    steps: [{ step_name: "load", status: "COMPLETED", error_message: null }],
    runs: [{ status: "COMPLETED", error_message: null, is_after: "true" }],
  });
});

test("a step and a run that outlast the grace are FAILED, interrupted by SIGTERM", async () => {
  const { by, tenantId, reports } = await ended("step never ends");
  expect(by).toBe("SIGTERM");
  expect(reports).toMatchObject([{ message: expect.stringContaining("interrupted by SIGTERM") as string }]);
  await expect(logged(tenantId)).resolves.toEqual({
    steps: [
      { step_name: "done", status: "COMPLETED", error_message: null },
      { step_name: "load", ...failed("interrupted by SIGTERM") },
    ],
    runs: [{ ...failed("interrupted by SIGTERM"), is_after: "true" }],
  });
});

test("what cannot be delivered after SIGTERM is handed back with the rows, before the time is over", async () => {
  const { by, lines, reports, ms } = await ended("nothing can be delivered");
  expect(by).toBe("SIGTERM");
  expect(lines).toContain("insert rejected");
  expect(reports.map(({ reported }) => reported).sort()).toEqual([
    "MetadataWriteError",
    "RunFinishError",
    "UsageError",
  ]);
  const [write] = reports.filter(({ reported }) => reported === "MetadataWriteError");
  expect(write?.rows).toMatchObject([{ row: { pipeline_id: "p", status: "RUNNING" } }]);
  // The time is 1.5 s; ending a process takes its own.
  expect(ms).toBeLessThan(1500 + 1000 + 2000);
});

test.each([
  ["run is never finished", [{ step_name: "load", ...failed("interrupted by the end of the process") }], 2],
  ["logger is never closed", [{ step_name: "load", status: "COMPLETED", error_message: null }], 1],
])("a process ends by itself, and with a word, where its %s", async (way, steps, reported) => {
  const startedAt = performance.now();
  const { by, tenantId, reports } = await ended(way);
  expect(by).toBe(0);
  expect(reports).toHaveLength(reported);
  expect(reports[0]?.message).toContain("The process ended without close()");
  const { runs, steps: found } = await logged(tenantId);
  expect(found).toEqual(steps);
  expect(runs).toMatchObject([{ status: reported === 2 ? "FAILED" : "COMPLETED", is_after: "true" }]);
  expect(performance.now() - startedAt).toBeLessThan(30_000);
});

test("a step that nobody awaits is FAILED and reported, its run COMPLETED", async () => {
  const { by, tenantId, reports } = await ended("step is not awaited");
  expect(by).toBe(0);
  expect(reports.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /^Step a string of 4 characters of run \S+ still ran when the run ended.* Fix: await run\.step/,
    ),
    expect.stringMatching(/^A step of run \S+ ended after the run did/),
  ]);
  await expect(logged(tenantId)).resolves.toMatchObject({
    steps: [failed("its run ended before the step did")],
    runs: [{ status: "COMPLETED" }],
  });
});

test("process.exit() hands back every row that is on its way, with the ends of open steps and runs", async () => {
  const { by, reports } = await ended("process.exit");
  expect(by).toBe(3);
  const rows = reports.flatMap((report) => report.rows).map(({ row }) => row);
  expect(rows).toMatchObject([
    { pipeline_id: "p", status: "RUNNING" },
    { step_logging_id: "waiting" },
    { step_name: "load", ...failed("interrupted by the end of the process") },
  ]);
  expect(reports).toContainEqual(expect.objectContaining({ reported: "RunFinishError" }));
});

test("signals that come at once are one: SIGINT from the terminal, SIGTERM from npm", async () => {
  const { by, tenantId, reports } = await ended("two signals at once");
  expect(by).toMatch(/^SIG(?:INT|TERM)$/);
  expect(reports).toEqual([]);
  await expect(logged(tenantId)).resolves.toMatchObject({
    steps: [{ step_name: "load", status: "COMPLETED" }],
    runs: [{ status: "COMPLETED" }],
  });
});

test.each(["second signal", "second signal, to throw"])(
  "%s: it ends the process at once, every row and end handed back and in the spool first",
  async (way) => {
    const { by, tenantId, reports, ms } = await ended(way);
    expect(by).toBe("SIGTERM");
    // The first signal alone would leave the run its grace of 20 s; the time counts from the second one.
    expect(ms).toBeLessThan(10_000);
    const rows = reports.flatMap((report) => report.rows).map(({ row }) => row);
    expect(rows).toMatchObject([
      { step_logging_id: "waiting" },
      { step_name: "load", ...failed("interrupted by SIGTERM") },
      { pipeline_id: "p", status: "RUNNING" },
      { step_logging_id: "elsewhere" },
    ]);
    expect(reports).toContainEqual(expect.objectContaining({ reported: "RunFinishError" }));
    const [spooled] = reports.flatMap(({ spooledTo }) => spooledTo ?? []);
    try {
      const lines = readFileSync(spooled ?? "", "utf8")
        .trimEnd()
        .split("\n");
      expect(lines).toHaveLength(4);
    } finally {
      rmSync(path.join(tmpdir(), tenantId), { recursive: true, force: true });
    }
  },
);

describe("complete() and fail() inside withRun", () => {
  test.each([
    ["complete", "COMPLETED"],
    ["fail", "FAILED"],
  ] as const)("%s() has the last word and is no error", async (end, status) => {
    const { context, tenantId } = newTenantContext();
    await using logger = new MetadataLogger(context, tenantId, { onFailure: "throw" });
    const run = { pipelineId: "p", triggerType: "api", triggerBy: "ana@example.com" } as const;
    await expect(
      logger.withRun(run, async (current) => {
        await current[end](new Error("no orders"));
        return 7;
      }),
    ).resolves.toBe(7);
    await expect(select(context, "SELECT status FROM `{dataset}.pipeline_runs`")).resolves.toEqual([{ status }]);
  });
});

test("startRun with the policy throw rejects a value that does not fit, before anything is logged", async () => {
  const { context, tenantId } = newTenantContext();
  await using logger = new MetadataLogger(context, tenantId, { onFailure: "throw" });
  const parameters = { a: Number.NaN };
  const run = { pipelineId: "p", triggerType: "api", triggerBy: "ana@example.com", parameters } as const;
  let isBodyStarted = false;
  await expect(logger.withRun(run, () => (isBodyStarted = true))).rejects.toMatchObject({
    rejected: [{ problems: [{ column: "parameters", expected: expect.stringContaining("NaN at a") as string }] }],
  });
  expect(isBodyStarted).toBe(false);
});

test.each([{}, { stepName: 5, stepType: "t" }, { stepName: "load", stepType: null }, null])(
  "a step without what it needs is refused before its body starts, with the policy report: %j",
  async (given) => {
    const { context, tenantId } = newTenantContext();
    await using logger = new MetadataLogger(context, tenantId);
    const run = { pipelineId: "p", triggerType: "api", triggerBy: "ana@example.com" } as const;
    const body = jest.fn<undefined, []>();
    await expect(logger.withRun(run, async (current) => current.step(given as never, body))).rejects.toThrow(
      "The options of a step cannot be used",
    );
    expect(body).not.toHaveBeenCalled();
  },
);
