import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { MetadataLoggerOptions } from "../../runtime/logger/logger-options";
import { MetadataLogger } from "../../runtime/logger/metadata-logger";
import { MetadataInitializer } from "../../runtime/tables/metadata-initializer";
import { replaySpool } from "../../runtime/spool/replay";
import { emulator, newTenantContext, sameTenant, select, stepRow } from "./support/contexts";
import { GrpcFaultProxy } from "./support/grpc-fault-proxy";

const PROCESS = path.join(__dirname, "support", "spool-process.ts");
/** Nothing listens there. */
const NOWHERE = { restUrl: "http://127.0.0.1:11", grpcAddress: "127.0.0.1:11" };
const NO_PATIENCE: MetadataLoggerOptions["delivery"] = {
  appendTimeoutMs: 300,
  retry: { initialDelayMs: 1, maxDelayMs: 5, deadlineMs: 50 },
};
const RUN = { pipelineId: "p", triggerType: "api", triggerBy: "ana@example.com" } as const;

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "spool-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function counted(context: Parameters<typeof select>[0], table = "step_logs", id = "step_logging_id") {
  const [row] = await select(
    context,
    `SELECT COUNT(*) AS found, COUNT(DISTINCT ${id}) AS ids FROM \`{dataset}.${table}\``,
  );
  return { found: Number(row?.["found"]), ids: Number(row?.["ids"]) };
}

function start(way: "fill" | "replay", tenantId: string, grpcAddress = emulator().grpcAddress) {
  return spawn(process.execPath, ["--import", "tsx", PROCESS, way, tenantId, folder], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, BIGQUERY_EMULATOR_GRPC_HOST: grpcAddress },
  });
}

/** Fills the spool until `lines` lines are printed, and kills the process. @returns all its lines. */
async function killFilling(tenantId: string, lines: number): Promise<readonly string[]> {
  const child = start("fill", tenantId);
  const seen: string[] = [];
  for await (const line of createInterface(child.stdout)) if (seen.push(line) === lines) child.kill("SIGKILL");
  return seen;
}

/** Replays the spool, and kills the process when the rows of its nth append are in the table and it has not heard of it. */
async function killReplaying(tenantId: string, nth: number): Promise<NodeJS.Signals | null> {
  const proxy = new GrpcFaultProxy(emulator().grpcAddress);
  await proxy.open();
  proxy.inject(...Array.from({ length: nth - 1 }, () => ({ kind: "delay", ms: 0 }) as const), { kind: "lose-ack" });
  const child = start("replay", tenantId, proxy.address);
  proxy.onAckLost = () => child.kill("SIGKILL");
  const [, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  proxy.close();
  return signal;
}

test("a run, its steps and its end that cannot be delivered are kept, and replayed once however often one replays", async () => {
  const { context, tenantId } = newTenantContext();
  const reported: Error[] = [];
  const logger = new MetadataLogger(sameTenant(context, NOWHERE), tenantId, {
    spool: folder,
    delivery: NO_PATIENCE,
    onError: (error) => reported.push(error),
  });
  await logger
    .withRun(RUN, async (run) => {
      await run.step({ stepName: "load", stepType: "t" }, (step) => void (step.metadata = { bytes: 12 }));
      throw new Error("no orders");
    })
    .catch(() => undefined);
  await logger.close();
  expect(reported.length).toBeGreaterThan(0);
  for (const error of reported) expect(error).toMatchObject({ spooledTo: expect.stringContaining(folder) as string });
  expect(readdirSync(folder)).toHaveLength(1);

  // Also with another environment's tenants beside it, which leaves it alone.
  const other = await replaySpool(newTenantContext().context, { folder });
  expect(other).toMatchObject({ files: 1, rows: 0, remaining: [expect.stringContaining("has no such tenant")] });
  await expect(replaySpool(context, { folder })).resolves.toEqual({
    files: 1,
    rows: 2,
    finishes: 1,
    remaining: [],
    damagedLines: 0,
  });
  expect(readdirSync(folder)).toEqual([]);
  await expect(replaySpool(context, { folder })).resolves.toMatchObject({ files: 0, rows: 0 });
  await expect(select(context, "SELECT status, error_message FROM `{dataset}.pipeline_runs`")).resolves.toEqual([
    { status: "FAILED", error_message: "Error: no orders" },
  ]);
  await expect(select(context, "SELECT step_name, metadata FROM `{dataset}.step_logs`")).resolves.toEqual([
    { step_name: "load", metadata: '{"bytes":12}' },
  ]);
});

test("rows whose fate is unknown are looked for, and not written twice", async () => {
  const proxy = new GrpcFaultProxy(emulator().grpcAddress);
  await proxy.open();
  const { context, tenantId } = newTenantContext();
  const logger = new MetadataLogger(sameTenant(context, { grpcAddress: proxy.address }), tenantId, {
    spool: folder,
    delivery: { ...NO_PATIENCE, retry: { initialDelayMs: 5, maxDelayMs: 20, deadlineMs: 1500 } },
  });
  await new MetadataInitializer(context).ensureTenant(tenantId);
  await logger.insert("step_logs", [stepRow()]);
  // Written, and never acknowledged; then the service is gone.
  proxy.inject({ kind: "lose-ack" });
  const inserting = logger.insert("step_logs", [stepRow("a"), stepRow("b")]);
  inserting.catch(() => undefined);
  while (proxy.pending > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  proxy.close();
  await expect(inserting).rejects.toMatchObject({ undelivered: [{ outcome: "unknown" }, { outcome: "unknown" }] });
  await logger.close();
  await expect(replaySpool(context, { folder })).resolves.toMatchObject({ rows: 2, remaining: [] });
  await expect(counted(context)).resolves.toEqual({ found: 3, ids: 3 });
});

test("the next logger replays what another one left, when asked to", async () => {
  const { context, tenantId } = newTenantContext();
  const first = new MetadataLogger(sameTenant(context, NOWHERE), tenantId, { spool: folder, delivery: NO_PATIENCE });
  await first.insert("step_logs", [stepRow(), stepRow()]).catch(() => undefined);
  await first.close();
  const next = new MetadataLogger(context, tenantId, { spool: folder, replaySpool: true, onFailure: "throw" });
  await next.close();
  await expect(counted(context)).resolves.toEqual({ found: 2, ids: 2 });
  expect(readdirSync(folder)).toEqual([]);
});

test("what BigQuery does not take stays, with the reason", async () => {
  const { context, tenantId } = newTenantContext();
  const first = new MetadataLogger(sameTenant(context, NOWHERE), tenantId, { spool: folder, delivery: NO_PATIENCE });
  await first.insert("step_logs", [stepRow("a"), stepRow("b")]).catch(() => undefined);
  await first.close();
  await expect(replaySpool(context, { folder, createTables: false })).resolves.toMatchObject({
    rows: 0,
    remaining: [expect.stringContaining("createTables is off"), expect.stringContaining("createTables is off")],
  });
  await expect(
    replaySpool(sameTenant(context, { ...NOWHERE, restUrl: emulator().restUrl }), {
      folder,
      delivery: {
        ...(await import("../../runtime/delivery/batch-options")).DEFAULT_DELIVERY,
        retry: { initialDelayMs: 1, maxDelayMs: 5, deadlineMs: 50 },
      },
    }),
  ).resolves.toMatchObject({ rows: 0, remaining: [expect.any(String), expect.any(String)] });
  await expect(replaySpool(context, { folder })).resolves.toMatchObject({ rows: 2, remaining: [] });
  await expect(counted(context)).resolves.toEqual({ found: 2, ids: 2 });
});

test("SIGKILL during spooling loses no row that was said to be kept; SIGKILL during replay neither loses nor doubles one", async () => {
  const { context, tenantId } = newTenantContext();
  const kept = new Set<string>();
  for (const lines of [400, 431, 477]) {
    for (const line of await killFilling(tenantId, lines)) kept.add(line.replace("kept ", ""));
  }
  expect(kept.size).toBeGreaterThan(1000);
  for (const nth of [1, 2, 7, 20, 33]) await expect(killReplaying(tenantId, nth)).resolves.toBe("SIGKILL");
  // The next replay would write them again, unless it found them.
  expect((await counted(context)).found).toBeGreaterThan(500);
  const { remaining, damagedLines } = await replaySpool(context, { folder });
  expect({ remaining, damagedLines }).toEqual({ remaining: [], damagedLines: 0 });
  expect(readdirSync(folder)).toEqual([]);
  const rows = await select(
    context,
    "SELECT step_logging_id AS id, COUNT(*) AS times FROM `{dataset}.step_logs` GROUP BY id",
  );
  const found = new Set(rows.map(({ id }) => id));
  const lost = [...kept].filter((id) => !found.has(id)).length;
  const doubled = rows.filter(({ times }) => times !== "1").length;
  process.stdout.write(
    `spool: ${kept.size} rows kept, ${found.size} found, ${lost} lost, ${doubled} doubled, 8 times SIGKILL\n`,
  );
  expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
});
