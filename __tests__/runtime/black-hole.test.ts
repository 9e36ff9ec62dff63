import { EventEmitter } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { v1 } from "@google-cloud/bigquery-storage";
import { credentials } from "@grpc/grpc-js";
import { GoogleAuth, PassThroughClient } from "google-auth-library";
import { connectWith } from "../../bigquery/connection";
import { RestClient } from "../../bigquery/rest-client";
import { loadConfig } from "../../model/load-config";
import { MetadataWriteError } from "../../runtime/errors";
import { ApiKeys } from "../../runtime/keys/api-keys";
import { newApiKey } from "../../runtime/keys/api-key-format";
import { type RuntimeContext, runtimeContext } from "../../runtime/logger/context";
import { MetadataLogger } from "../../runtime/logger/metadata-logger";
import { MetadataInitializer } from "../../runtime/tables/metadata-initializer";
import { VirtualClock } from "../support/virtual-clock";

const TENANT = "acme_retail";
const DEADLINE_MS = 5000;
/** What a call may need beyond its deadline. */
const SLACK_MS = 1000;

/** Accepts connections and never answers. */
let server: Server;
const sockets = new Set<Socket>();
const clients: v1.BigQueryWriteClient[] = [];
/** Calls into the black hole: their clients hear of them only when they are closed. */
const calls: Promise<unknown>[] = [];
let port = 0;
let clock: VirtualClock;

beforeAll(async () => {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).resume();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(async () => {
  for (const client of clients) await client.close();
  for (const socket of sockets) socket.destroy();
  await Promise.allSettled(calls);
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  clock = new VirtualClock();
});

/** A client whose calls go into the black hole. */
function blackHoleClient(): v1.BigQueryWriteClient {
  const client = new v1.BigQueryWriteClient({
    projectId: "local",
    apiEndpoint: "127.0.0.1",
    port,
    sslCreds: credentials.createInsecure(),
    authClient: new PassThroughClient() as never,
  });
  clients.push(client);
  const createWriteStream = client.createWriteStream.bind(client) as (...given: unknown[]) => Promise<unknown>;
  client.createWriteStream = (async (...given: unknown[]) => {
    const call = createWriteStream(...given);
    calls.push(call);
    return call;
  }) as never;
  return client;
}

const never = async () => new Promise<never>(() => undefined);

/** A client that opens streams; what is appended to them is acknowledged, or not answered. */
function openClient({ acknowledges }: { readonly acknowledges: boolean }): v1.BigQueryWriteClient {
  return {
    initialize: async () => undefined,
    createWriteStream: async () => [{ name: "stream", createTime: { seconds: 0, nanos: 0 } }],
    finalizeWriteStream: never,
    appendRows: () => {
      const connection = new EventEmitter();
      return Object.assign(connection, {
        write: () => acknowledges && setImmediate(() => connection.emit("data", { appendResult: {} })),
        end: () => connection.emit("end"),
        cancel: () => connection.emit("error", new Error("cancelled")),
      });
    },
  } as unknown as v1.BigQueryWriteClient;
}

function contextWith(newWriteClient: () => v1.BigQueryWriteClient): RuntimeContext {
  const config = loadConfig("configs");
  const auth = new GoogleAuth({ authClient: new PassThroughClient() });
  return {
    ...runtimeContext({ config, environment: "local", environmentVariables: {} }),
    connection: connectWith("local", {
      clock,
      rest: new RestClient(`http://127.0.0.1:${port}`, auth, clock),
      newWriteClient,
    }),
  };
}

function loggerWith(newWriteClient: () => v1.BigQueryWriteClient, maxBufferedBytes = 16_000_000): MetadataLogger {
  const delivery = { maxBufferedBytes, retry: { deadlineMs: DEADLINE_MS } };
  return new MetadataLogger(contextWith(newWriteClient), TENANT, { onFailure: "throw", delivery });
}

const stepRows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    step_logging_id: `step-${index}`,
    pipeline_logging_id: "run",
    step_name: "load",
    step_type: "api_call",
    step_index: index,
    status: "COMPLETED" as const,
    start_time: new Date(clock.now()),
  }));

/** What a call failed with, and how long that took. */
async function failure(work: Promise<unknown>): Promise<{ readonly error: unknown; readonly ms: number }> {
  const start = clock.elapsed();
  const error: unknown = await clock.until(
    work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    ),
  );
  return { error, ms: clock.elapsed() - start };
}

test.each<[string, () => v1.BigQueryWriteClient, "not-written" | "unknown"]>([
  ["a server that accepts and never answers", blackHoleClient, "not-written"],
  ["credentials that never come", () => ({ initialize: never }) as never, "not-written"],
  [
    "a table that cannot be created",
    () =>
      ({
        initialize: async () => undefined,
        createWriteStream: async () => Promise.reject(Object.assign(new Error("no such table"), { code: 5 })),
      }) as never,
    "not-written",
  ],
  ["appends that are never answered", () => openClient({ acknowledges: false }), "unknown"],
])("rows are handed back by their deadline: %s", async (_, newWriteClient, outcome) => {
  const logger = loggerWith(newWriteClient);
  const { error, ms } = await failure(logger.insert("step_logs", stepRows(3)));
  expect(error).toBeInstanceOf(MetadataWriteError);
  expect((error as MetadataWriteError).undelivered.map((row) => row.outcome)).toEqual([outcome, outcome, outcome]);
  expect(ms).toBeLessThanOrEqual(DEADLINE_MS + SLACK_MS);
  await clock.until(logger.close());
});

test("a call with more rows than there is room for ends by the deadline as well", async () => {
  const logger = loggerWith(blackHoleClient, 1000);
  const inserts = Promise.allSettled(Array.from({ length: 5 }, async () => logger.insert("step_logs", stepRows(100))));
  const start = clock.elapsed();
  const results = await clock.until(inserts);
  const returned = results.flatMap((result) =>
    result.status === "rejected" ? (result.reason as MetadataWriteError).undelivered : [],
  );
  expect(returned).toHaveLength(500);
  expect(clock.elapsed() - start).toBeLessThanOrEqual(DEADLINE_MS + SLACK_MS);
  await clock.until(logger.close());
});

test("the end of a run is given up by the deadline", async () => {
  const logger = loggerWith(() => openClient({ acknowledges: true }));
  const run = await clock.until(logger.startRun({ pipelineId: "orders", triggerType: "manual", triggerBy: "test" }));
  await clock.until(logger.flush());
  const { error, ms } = await failure(run.complete());
  expect(error).toMatchObject({ name: "RunFinishError" });
  expect(ms).toBeLessThanOrEqual(DEADLINE_MS + SLACK_MS);
  await clock.until(logger.close());
});

test.each([200, 2000])("close() is over %d ms after it was called", async (timeoutMs) => {
  const logger = loggerWith(blackHoleClient);
  const inserted = logger.insert("step_logs", stepRows(3)).catch((error: unknown) => error);
  const { ms } = await failure(logger.close({ timeoutMs }));
  expect(ms).toBeLessThanOrEqual(timeoutMs + SLACK_MS);
  expect(await inserted).toBeInstanceOf(MetadataWriteError);
});

test("a key is not verified for longer than the limit", async () => {
  const logger = loggerWith(blackHoleClient);
  const keys = new ApiKeys(logger);
  const { error, ms } = await failure(keys.verify(newApiKey(TENANT, "8c7f9c56-2f0a-4a3e-9d0e-1f7a3a0b5c11")));
  expect(error).toMatchObject({ kind: "remote" });
  expect(ms).toBeLessThanOrEqual(5000 + SLACK_MS);
  await clock.until(keys.close());
  await clock.until(logger.close());
});

test("tables are created within two minutes, or not, and recreated within five", async () => {
  const initializer = new MetadataInitializer(contextWith(blackHoleClient));
  const { error, ms } = await failure(initializer.ensureTenant(TENANT));
  expect(error).toMatchObject({ name: "DeadlineError" });
  expect(ms).toBeLessThanOrEqual(120_000 + SLACK_MS);
  const recreated = await failure(initializer.recreate(TENANT));
  expect(recreated.ms).toBeLessThanOrEqual(300_000 + SLACK_MS);
});
