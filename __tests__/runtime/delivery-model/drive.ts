import { sleep } from "../../../bigquery/clock";
import { MetadataLogger } from "../../../runtime/logger/metadata-logger";
import type { Step } from "../../../runtime/runs/step";
import { type Ended, Ledger, TABLE_IDS, type TableId } from "./ledger";
import type { Action, Schedule } from "./schedule";
import { tablePath, type World } from "./world";

/** Thrown by pipelines that fail. */
export class PipelineFailure extends Error {}

/** What may be late without anybody noticing, in milliseconds. */
const OVERTIME_MS = 1000;
/** The loggers' default. */
const GRACE_MS = 20_000;

/** Does with loggers what a schedule says, and notes what they say. */
export async function drive(schedule: Schedule, world: World): Promise<Ledger> {
  const ledger = new Ledger(world.clock);
  await world.run(new Driver(schedule, world, ledger).drive());
  await world.end();
  return ledger;
}

class Driver {
  private readonly loggers: readonly MetadataLogger[];
  /** Labels of runs whose pipelines are at work. */
  private readonly atWork = new Set<string>();
  private next = 0;

  constructor(
    private readonly schedule: Schedule,
    private readonly world: World,
    private readonly ledger: Ledger,
  ) {
    const { onFailure, delivery } = schedule;
    this.loggers = world.tenants.map(
      ({ tenantId }) =>
        new MetadataLogger(world.context, tenantId, { onFailure, delivery, onError: (error) => ledger.hear(error) }),
    );
  }

  async drive(): Promise<void> {
    const { schedule, world, ledger } = this;
    for (const event of schedule.events) world.clock.setTimeout(() => world.happen(event), event.atMs);
    const working: Promise<void>[] = [];
    for (const action of schedule.actions) {
      if (action.afterMs > 0) await sleep(world.clock, action.afterMs);
      working.push(this.act(action));
    }
    if (schedule.closeAfterMs > 0) await sleep(world.clock, schedule.closeAfterMs);
    for (const label of this.atWork) ledger.cutShort.add(label);
    const { closeTimeoutMs } = schedule;
    const withinMs = closeTimeoutMs ?? GRACE_MS + schedule.delivery.retry.deadlineMs;
    const closed = this.loggers.map(async (logger) =>
      ledger.time(
        "close",
        withinMs + OVERTIME_MS,
        logger.close(closeTimeoutMs === undefined ? {} : { timeoutMs: closeTimeoutMs }),
      ),
    );
    await Promise.all([...working, ...closed]);
  }

  private async act(action: Action): Promise<void> {
    const logger = this.loggers[action.tenant % this.loggers.length]!;
    switch (action.kind) {
      case "insert":
        return this.insert(logger, action);
      case "run":
        return this.run(logger, action);
      case "flush":
        // Ends of runs are written once their rows are, and have as much time again.
        await this.ledger.time("flush", 2 * this.deadlineMs, logger.flush(), this.paths(logger));
    }
  }

  private async insert(
    logger: MetadataLogger,
    { tableId, sizes, isFull }: Extract<Action, { kind: "insert" }>,
  ): Promise<void> {
    const { ledger, world, schedule } = this;
    const call = this.next++;
    // Calls that find the queue full take turns; those that do not are written one after the other.
    const line = schedule.delivery.maxBufferedBytes < 1_000_000 ? `insert ${call}` : "inserts";
    const labels = sizes.map((_, index) =>
      ledger.send(logger.tenantId, tableId, `${logger.tenantId} i${call}.${index}`, line),
    );
    const start = new Date(world.clock.now());
    const rows = labels.map((label, index) =>
      tableId === "step_logs"
        ? stepRow(label, start, sizes[index] ?? 0, isFull)
        : dqRow(label, logger.tenantId, start, sizes[index] ?? 0),
    );
    const settled = await ledger.time(
      `insert ${call}`,
      this.deadlineMs,
      logger.insert<string>(tableId, rows).then(() => true),
      this.paths(logger, tableId),
    );
    if (settled === true) for (const label of labels) ledger.resolved.add(label);
    // Of a call that was rejected, the rows that it does not name are written.
    else for (const label of labels) if (!ledger.reported.has(label)) ledger.resolved.add(label);
  }

  private async run(logger: MetadataLogger, action: Extract<Action, { kind: "run" }>): Promise<void> {
    const { ledger, world } = this;
    const label = `${logger.tenantId} r${this.next++}`;
    const ended: Ended = { label, tenantId: logger.tenantId, status: undefined, runId: undefined };
    const labels: string[] = [];
    const send = (tableId: TableId, name: string) => {
      labels.push(ledger.send(logger.tenantId, tableId, name, label));
      return name;
    };
    const options = {
      pipelineId: send("pipeline_runs", label),
      triggerType: "api" as const,
      triggerBy: "ana@example.com",
    };
    this.atWork.add(label);
    ledger.runs.push(ended);
    const work = logger.withRun(options, async (run) => {
      ended.runId = run.id;
      for (const [index, { ms, size, fails }] of action.steps.entries()) {
        const body = async (step: Step) => {
          step.rowsProcessed = size;
          if (ms > 0) await sleep(world.clock, ms);
          if (fails) throw new PipelineFailure("a step failed");
        };
        const stepName = send("step_logs", `${label}.s${index}`);
        await run.step({ stepName, stepType: `s${"x".repeat(size)}` }, body).catch(ignoreFailure);
      }
      for (let index = 0; index < action.dqResults; index++) {
        const targetTable = send("dq_results", `${label}.d${index}`);
        await run.recordDqResult({ targetTable, dqConfigId: "c", expectationsPassed: 1, expectationsFailed: 0 });
      }
      this.atWork.delete(label);
      ended.status = action.fails ? "FAILED" : "COMPLETED";
      if (action.fails) throw new PipelineFailure("the pipeline failed");
    });
    await ledger.time(`run ${label}`, Infinity, work.catch(ignoreFailure));
    for (const each of labels) ledger.resolved.add(each);
  }

  private paths({ tenantId }: MetadataLogger, ...tableIds: readonly TableId[]): readonly string[] {
    const tenant = this.world.tenants.find((each) => each.tenantId === tenantId)!;
    return (tableIds.length === 0 ? TABLE_IDS : tableIds).map((tableId) => tablePath(tenant, tableId));
  }

  /** Within which a row's fate is known. */
  private get deadlineMs(): number {
    return this.schedule.delivery.retry.deadlineMs + OVERTIME_MS;
  }
}

function ignoreFailure(error: unknown): void {
  if (!(error instanceof PipelineFailure)) throw error;
}

export function stepRow(label: string, start: Date, size: number, isFull: boolean) {
  return {
    step_logging_id: label,
    pipeline_logging_id: "p",
    step_name: label,
    step_type: `i${"x".repeat(size)}`,
    step_index: 0,
    status: "COMPLETED",
    start_time: start,
    ...(isFull ? { metadata: { size } } : {}),
  };
}

function dqRow(label: string, tenantId: string, start: Date, size: number) {
  return {
    dq_result_id: label,
    pipeline_logging_id: "p",
    tenant_id: tenantId,
    target_table: label,
    dq_config_id: `c${"x".repeat(size)}`,
    executed_at: start,
    expectations_passed: 1,
    expectations_failed: 0,
    overall_status: "PASS",
    ingestion_date: start.toISOString().slice(0, 10),
  };
}
