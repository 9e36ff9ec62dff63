import { status } from "@grpc/grpc-js";
import Table from "cli-table3";
import * as fc from "fast-check";
import { MetadataInitializer } from "../../runtime/tables/metadata-initializer";
import type { MetadataLoggerOptions } from "../../runtime/logger/logger-options";
import { MetadataLogger } from "../../runtime/logger/metadata-logger";
import type { RuntimeContext } from "../../runtime/logger/context";
import { emulator, newTenantContext, sameTenant, select, stepRow } from "./support/contexts";
import { DeliveryFigures, type Figures } from "./support/delivery-figures";
import { type Fault, GrpcFaultProxy } from "./support/grpc-fault-proxy";
import { TcpProxy } from "./support/tcp-proxy";

const UNAVAILABLE: Fault = { kind: "refuse", code: status.UNAVAILABLE };
const EXHAUSTED: Fault = { kind: "refuse", code: status.RESOURCE_EXHAUSTED };
const LOSE_ACK: Fault = { kind: "lose-ack" };

/** Small batches, so that there are many appends to spoil. */
const OPTIONS: MetadataLoggerOptions = {
  onFailure: "throw",
  delivery: {
    maxBatchRows: 20,
    maxDelayMs: 5,
    appendTimeoutMs: 2000,
    retry: { initialDelayMs: 5, maxDelayMs: 100, deadlineMs: 60_000 },
  },
};

const report = new Map<string, Figures>();

/** A tenant with tables, a logger that reaches them through both proxies, and the way past them. */
interface Scene {
  readonly grpc: GrpcFaultProxy;
  readonly tcp: TcpProxy;
  readonly rest: TcpProxy;
  readonly direct: RuntimeContext;
  readonly logger: MetadataLogger;
  readonly tenantId: string;
}

async function scene(options: Partial<NonNullable<MetadataLoggerOptions["delivery"]>> = {}): Promise<Scene> {
  const grpc = new GrpcFaultProxy(emulator().grpcAddress);
  await grpc.open();
  const tcp = new TcpProxy(grpc.address);
  const rest = new TcpProxy(new URL(emulator().restUrl).host);
  await Promise.all([tcp.open(), rest.open()]);
  const { context, tenantId } = newTenantContext({
    address: { grpcAddress: tcp.address, restUrl: `http://${rest.address}` },
  });
  const direct = sameTenant(context);
  await new MetadataInitializer(direct).ensureTenant(tenantId);
  const logger = new MetadataLogger(context, tenantId, { ...OPTIONS, delivery: { ...OPTIONS.delivery, ...options } });
  return { grpc, tcp, rest, direct, logger, tenantId };
}

async function tearDown({ grpc, tcp, rest, logger }: Scene): Promise<void> {
  await logger.close();
  grpc.close();
  await Promise.all([tcp.close(), rest.close()]);
}

/** Sends calls of twenty rows, `parallel` at a time. */
async function sendAll(figures: DeliveryFigures, { logger }: Scene, calls: number, parallel = 4): Promise<void> {
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (let call = 0; call < calls / parallel; call++) {
        await figures.send(async (rows) => logger.insert("step_logs", rows), 20);
      }
    }),
  );
}

async function reportFigures(
  name: string,
  current: Scene,
  figures: DeliveryFigures,
  faults = injected(current),
): Promise<Figures> {
  const result = await figures.compare(current.direct, faults);
  report.set(name, result);
  await tearDown(current);
  return result;
}

function injected({ grpc }: Scene): number {
  return [...grpc.injected.values()].reduce((sum, count) => sum + count, 0);
}

/** Everything sent is in the table, once, and was said to be. */
function allWritten(rows: number, faults: number): Figures {
  return { faults, sent: rows, acknowledged: rows, returned: 0, found: rows, lost: 0, doubled: 0, wronglyReturned: 0 };
}

afterAll(() => {
  const table = new Table({
    head: ["scenario", "faults", "sent", "acknowledged", "returned", "found", "lost", "doubled"],
    colAligns: ["left", "right", "right", "right", "right", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, { faults, sent, acknowledged, returned, found, lost, doubled }] of report) {
    table.push([name, faults, sent, acknowledged, returned, found, lost, doubled]);
  }
  process.stdout.write(`Rows through faults between client and emulator:\n${table.toString()}\n`);
});

// A rejection or exception that the library lets escape fails the test it happens in: Jest listens for both.
describe("no row is lost and none is written twice", () => {
  test("when the server is down at the start", async () => {
    const current = await scene();
    await Promise.all([current.tcp.close(), current.rest.close()]);
    const figures = new DeliveryFigures();
    const sending = sendAll(figures, current, 8);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await Promise.all([current.tcp.open(), current.rest.open()]);
    await sending;
    expect(await reportFigures("server down at the start", current, figures, 1)).toEqual(allWritten(160, 1));
  });

  test("when connections are reset in the middle of appends", async () => {
    const current = await scene();
    const figures = new DeliveryFigures();
    let resets = 0;
    const timer = setInterval(() => {
      if (current.grpc.appends < (resets + 1) * 8) return;
      current.tcp.reset();
      resets++;
    }, 2);
    await sendAll(figures, current, 120);
    clearInterval(timer);
    expect(resets).toBeGreaterThan(5);
    expect(await reportFigures("connections reset", current, figures, resets)).toEqual(allWritten(2400, resets));
  });

  test.each<[string, readonly Fault[]]>([
    ["acknowledgement lost after the commit", Array.from({ length: 15 }, () => LOSE_ACK)],
    ["connection ends before the answer", Array.from({ length: 15 }, (): Fault => ({ kind: "reset" }))],
    ["UNAVAILABLE in a burst", Array.from({ length: 12 }, () => UNAVAILABLE)],
    ["RESOURCE_EXHAUSTED in a burst", Array.from({ length: 12 }, () => EXHAUSTED)],
    ["ABORTED in answers", Array.from({ length: 12 }, (): Fault => ({ kind: "answer", code: status.ABORTED }))],
    [
      "INTERNAL after a lost acknowledgement",
      [LOSE_ACK, { kind: "answer", code: status.INTERNAL }, LOSE_ACK, UNAVAILABLE],
    ],
    ["stream finalized, append not written", [{ kind: "answer", code: status.FAILED_PRECONDITION }]],
    ["stream finalized, append written", [LOSE_ACK, { kind: "answer", code: status.FAILED_PRECONDITION }]],
    ["stream not found, append written", [LOSE_ACK, { kind: "answer", code: status.NOT_FOUND }]],
    [
      "offset out of range",
      [{ kind: "answer", code: status.OUT_OF_RANGE }, LOSE_ACK, { kind: "answer", code: status.OUT_OF_RANGE }],
    ],
    ["refused once as a whole", [{ kind: "answer", code: status.INVALID_ARGUMENT }]],
  ])("%s", async (name, faults) => {
    const current = await scene();
    const figures = new DeliveryFigures();
    current.grpc.inject(...faults);
    await sendAll(figures, current, 40);
    expect(current.grpc.pending).toBe(0);
    expect(await reportFigures(name, current, figures)).toEqual(allWritten(800, faults.length));
  });

  test("when the server is slower than the append's deadline", async () => {
    const current = await scene({ appendTimeoutMs: 150 });
    const figures = new DeliveryFigures();
    // Each comes through late, after the client has given it up and is at it again.
    current.grpc.inject(...[200, 400, 250, 300].map((ms): Fault => ({ kind: "delay", ms })));
    await sendAll(figures, current, 20);
    const result = await reportFigures("server slower than the deadline", current, figures);
    expect(result).toEqual(allWritten(400, 4));
  });

  test("when faults of all kinds come at random", async () => {
    const current = await scene({ appendTimeoutMs: 500 });
    const figures = new DeliveryFigures();
    const kinds: readonly Fault[] = [
      LOSE_ACK,
      UNAVAILABLE,
      EXHAUSTED,
      { kind: "reset" },
      { kind: "delay", ms: 600 },
      { kind: "answer", code: status.INTERNAL },
    ];
    const faults = fc.sample(fc.constantFrom(...kinds), { numRuns: 60, seed: 20_251_115 });
    current.grpc.inject(...faults);
    await sendAll(figures, current, 160, 8);
    expect(await reportFigures("all kinds at random", current, figures)).toEqual(allWritten(3200, 60));
  });

  test("when the logger is closed under load", async () => {
    const current = await scene({ maxBufferedBytes: 5000 });
    const figures = new DeliveryFigures();
    current.grpc.inject(LOSE_ACK, UNAVAILABLE, EXHAUSTED, LOSE_ACK);
    const sending = Promise.all(
      Array.from({ length: 50 }, async () =>
        figures.send(async (rows) => current.logger.insert("step_logs", rows), 20),
      ),
    );
    await current.logger.close();
    await sending;
    expect(await reportFigures("close() under load", current, figures)).toEqual(allWritten(1000, 4));
  });
});

describe("what cannot be delivered is handed back", () => {
  test("as not written, when the server refuses the whole time and can still be asked", async () => {
    // A fifth of the time is for asking, which a busy machine needs.
    const current = await scene({ retry: { initialDelayMs: 5, maxDelayMs: 20, deadlineMs: 5000 } });
    const figures = new DeliveryFigures();
    current.grpc.inject(...Array.from({ length: 5000 }, () => UNAVAILABLE));
    await figures.send(async (rows) => current.logger.insert("step_logs", rows), 20);
    expect([...figures.returned.values()]).toEqual(Array.from({ length: 20 }, () => "not-written"));
    const result = await reportFigures("refused until the deadline", current, figures);
    expect(result).toMatchObject({ acknowledged: 0, returned: 20, found: 0, wronglyReturned: 0 });
  });

  test("as unknown, when the answer was lost and the server is gone", async () => {
    const current = await scene({
      appendTimeoutMs: 300,
      retry: { initialDelayMs: 5, maxDelayMs: 20, deadlineMs: 500 },
    });
    const figures = new DeliveryFigures();
    current.grpc.inject(LOSE_ACK);
    const sending = figures.send(async (rows) => current.logger.insert("step_logs", rows), 20);
    while (current.grpc.pending > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([current.tcp.close(), current.rest.close()]);
    await sending;
    await Promise.all([current.tcp.open(), current.rest.open()]);
    expect([...figures.returned.values()]).toEqual(Array.from({ length: 20 }, () => "unknown"));
    const result = await reportFigures("answer lost, then gone", current, figures, 2);
    expect(result).toMatchObject({ acknowledged: 0, returned: 20, found: 20, doubled: 0 });
  });

  test("row by row, when the server refuses some of a batch", async () => {
    const current = await scene();
    const figures = new DeliveryFigures();
    current.grpc.inject({ kind: "answer", code: status.INVALID_ARGUMENT, rowErrors: [1, 3] });
    await figures.send(async (rows) => current.logger.insert("step_logs", rows), 20);
    expect([...figures.returned]).toEqual([
      ["row-1", "not-written"],
      ["row-3", "not-written"],
    ]);
    const result = await reportFigures("two rows refused by the server", current, figures);
    expect(result).toMatchObject({ acknowledged: 18, returned: 2, found: 18, lost: 0, doubled: 0 });
  });

  test("as a whole, when the server refuses a batch twice", async () => {
    const current = await scene();
    const figures = new DeliveryFigures();
    const refusal: Fault = { kind: "answer", code: status.INVALID_ARGUMENT };
    current.grpc.inject(refusal, refusal);
    await figures.send(async (rows) => current.logger.insert("step_logs", rows), 20);
    await sendAll(figures, current, 4);
    const result = await reportFigures("batch refused twice", current, figures);
    expect(result).toMatchObject({ acknowledged: 80, returned: 20, found: 80, lost: 0, wronglyReturned: 0 });
  });
});

describe("a table that is deleted under a live logger", () => {
  test("is created anew, and takes what is logged from then on", async () => {
    const current = await scene();
    const { logger, direct, tenantId } = current;
    await logger.insert("step_logs", [stepRow("before")]);
    await select(direct, "DROP TABLE `{dataset}.step_logs`");
    await logger.insert("step_logs", [stepRow("after")]);
    await expect(new MetadataInitializer(direct).ensureTenant(tenantId)).resolves.toMatchObject({ differences: [] });
    await expect(select(direct, "SELECT step_logging_id FROM `{dataset}.step_logs`")).resolves.toEqual([
      { step_logging_id: "after" },
    ]);
    await tearDown(current);
  });
});

describe("streams and connections", () => {
  test("a stream is renewed when the table's columns changed", async () => {
    const current = await scene();
    const figures = new DeliveryFigures();
    current.grpc.inject({ kind: "announce-schema" });
    await sendAll(figures, current, 10, 1);
    expect(current.grpc.streams).toBe(2);
    expect(await reportFigures("columns changed", current, figures)).toEqual(allWritten(200, 1));
  });

  test("an idle connection is closed, and opened anew for the same stream", async () => {
    const current = await scene({ idleConnectionMs: 30 });
    const figures = new DeliveryFigures();
    await sendAll(figures, current, 1, 1);
    expect(current.grpc.openConnections).toBe(1);
    while (current.grpc.openConnections > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await sendAll(figures, current, 1, 1);
    expect(current.grpc.streams).toBe(1);
    expect(await reportFigures("idle connection closed", current, figures)).toEqual(allWritten(40, 0));
  });

  test("a stream that is not allowed fails at once, with the server's words", async () => {
    const current = await scene();
    current.grpc.refuseStreams = status.PERMISSION_DENIED;
    await expect(current.logger.insert("step_logs", [stepRow()])).rejects.toMatchObject({
      undelivered: [
        { outcome: "not-written", cause: { message: expect.stringContaining("refused by the proxy") as string } },
      ],
    });
    expect(current.grpc.streams).toBe(1);
    await tearDown(current);
  });
});
