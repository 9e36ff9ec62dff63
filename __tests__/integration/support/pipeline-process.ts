import { writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MetadataWriteError } from "../../../runtime/errors";
import type { MetadataLoggerOptions } from "../../../runtime/logger/logger-options";
import { MetadataLogger } from "../../../runtime/logger/metadata-logger";
import type { StartRunOptions } from "../../../runtime/runs/run-options";
import { newTenantContext, stepRow } from "./contexts";

/*
 * A pipeline that ends in one of many ways, in a process of its own: `pipeline-process.ts <way> <tenant id>`. Says "ready" when
 * it may be told to end, and one line of JSON for each failure that is reported.
 */

const RUN: StartRunOptions = { pipelineId: "p", triggerType: "api", triggerBy: "ana@example.com" };
const STEP = { stepName: "load", stepType: "t" };
/** Nothing listens there. */
const NOWHERE = { restUrl: "http://127.0.0.1:11", grpcAddress: "127.0.0.1:11" };

const [way = "", tenantId = ""] = process.argv.slice(2);

function logger(options: MetadataLoggerOptions = {}, address: Partial<typeof NOWHERE> = {}): MetadataLogger {
  const { context } = newTenantContext({ tenantId, address });
  return new MetadataLogger(context, tenantId, {
    onError: (error) => {
      const rows =
        error instanceof MetadataWriteError ? error.undelivered.map(({ row, outcome }) => ({ row, outcome })) : [];
      const { spooledTo } = error as Partial<MetadataWriteError>;
      say({ reported: error.name, message: error.message, rows, spooledTo });
    },
    ...options,
  });
}

function say(what: unknown): void {
  // At once: what stands in a buffer when the process ends would not be heard.
  writeSync(1, `${typeof what === "string" ? what : JSON.stringify(what)}\n`);
}

/** Resolves at the signal that ends the process. */
async function told(): Promise<void> {
  say("ready");
  const alive = setInterval(() => undefined, 1000);
  await new Promise<void>((resolve) => process.once("SIGTERM", () => resolve()));
  clearInterval(alive);
}

/** Rows that cannot be delivered, of a logger that listens to signals and of one that does not; told to end twice. */
async function secondSignal(options: MetadataLoggerOptions): Promise<void> {
  const [log, other] = [
    logger({ spool: path.join(tmpdir(), tenantId), ...options }, NOWHERE),
    logger(options, NOWHERE),
  ];
  log.closeOnSignals();
  void log.insert("step_logs", [stepRow("waiting")]).catch(() => undefined);
  void other.insert("step_logs", [stepRow("elsewhere")]).catch(() => undefined);
  const run = await log.startRun(RUN);
  void run.step(STEP, async () => new Promise(() => undefined));
  await told();
  // Within a second it would be the same signal.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await told();
}

const WAYS: Readonly<Record<string, () => Promise<unknown>>> = {
  /** A step is about to end when the signal comes. */
  "step ends after the signal": async () => {
    const log = logger();
    log.closeOnSignals();
    await log.withRun(RUN, async (run) =>
      run.step(STEP, async () => {
        await log.flush();
        await told();
        await new Promise((resolve) => setTimeout(resolve, 100));
      }),
    );
  },
  /** Two loggers, of which one has nothing to do: it must not end the process before the other one is closed. */
  "step never ends": async () => {
    const [log, idle] = [logger({ graceMs: 300 }), logger()];
    idle.closeOnSignals();
    log.closeOnSignals();
    await log.withRun(RUN, async (run) => {
      await run.step({ ...STEP, stepName: "done" }, () => undefined);
      await run.step(STEP, async () => {
        await log.flush();
        await told();
        await new Promise(() => undefined);
      });
    });
  },
  "nothing can be delivered": async () => {
    const log = logger({ graceMs: 100 }, NOWHERE);
    log.closeOnSignals(["SIGTERM"], { timeoutMs: 1500 });
    void log.insert("step_logs", [stepRow("waiting")]).catch(() => say("insert rejected"));
    await log.startRun(RUN);
    await told();
  },
  "two signals at once": async () => {
    const log = logger();
    log.closeOnSignals();
    await log.withRun(RUN, async (run) =>
      run.step(STEP, async () => {
        await log.flush();
        process.kill(process.pid, "SIGINT");
        process.kill(process.pid, "SIGTERM");
        await new Promise((resolve) => setTimeout(resolve, 100));
      }),
    );
  },
  "second signal": async () => secondSignal({}),
  "second signal, to throw": async () => secondSignal({ onFailure: "throw" }),
  "run is never finished": async () => {
    const log = logger();
    const run = await log.startRun(RUN);
    void run.step(STEP, async () => new Promise(() => undefined));
  },
  "logger is never closed": async () => {
    await logger().withRun(RUN, async (run) => run.step(STEP, () => undefined));
  },
  "step is not awaited": async () => {
    await using log = logger();
    await log.withRun(RUN, (run) => {
      void run.step(STEP, async () => new Promise((resolve) => setTimeout(resolve, 200)));
    });
  },
  "process.exit": async () => {
    const log = logger({}, NOWHERE);
    const run = await log.startRun(RUN);
    void run.step(STEP, async () => new Promise(() => undefined));
    void log.insert("step_logs", [stepRow("waiting")]).catch(() => undefined);
    process.exit(3);
  },
};

void WAYS[way]?.();
