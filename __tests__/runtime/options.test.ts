import * as fc from "fast-check";
import { connect } from "../../runtime/connect";
import { UsageError } from "../../model/errors";
import { loadConfig } from "../../model/load-config";
import { ApiKeys } from "../../runtime/keys/api-keys";
import { type RuntimeContext, runtimeContext } from "../../runtime/logger/context";
import { MetadataLogger } from "../../runtime/logger/metadata-logger";
import { tenantContext } from "../../runtime/logger/tenant-context";
import { replaySpool } from "../../runtime/spool/replay";
import { tenant } from "../support/resolved";

const config = loadConfig("configs");
const context: RuntimeContext = {
  tenants: new Map([["acme", tenant()]]),
  definitions: new Map(config.definitions.map((definition) => [definition.tableId, definition])),
  // Nothing listens there.
  connection: connect({
    projectId: "example-dev",
    emulator: { restUrl: "http://127.0.0.1:1", grpcAddress: "127.0.0.1:1" },
  }),
};

function logger(options: object = {}): MetadataLogger {
  return new MetadataLogger(context, "acme", { onError: () => undefined, ...options });
}

type Make = (value: unknown) => unknown;
const delivery = (options: object) => logger({ delivery: options });
const retry = (options: object) => delivery({ retry: options });

/** Every option that is a number of something: none of them may be zero. */
const COUNTS: readonly (readonly [string, Make])[] = [
  ["delivery.maxBatchRows", (maxBatchRows) => delivery({ maxBatchRows })],
  ["delivery.maxBatchBytes", (maxBatchBytes) => delivery({ maxBatchBytes })],
  ["delivery.maxDelayMs", (maxDelayMs) => delivery({ maxDelayMs })],
  ["delivery.maxBufferedBytes", (maxBufferedBytes) => delivery({ maxBufferedBytes })],
  ["delivery.appendTimeoutMs", (appendTimeoutMs) => delivery({ appendTimeoutMs })],
  ["delivery.idleConnectionMs", (idleConnectionMs) => delivery({ idleConnectionMs })],
  ["delivery.retry.initialDelayMs", (initialDelayMs) => retry({ initialDelayMs })],
  ["delivery.retry.maxDelayMs", (maxDelayMs) => retry({ maxDelayMs })],
  ["delivery.retry.deadlineMs", (deadlineMs) => retry({ deadlineMs })],
  ["refreshIntervalMs", (refreshIntervalMs) => new ApiKeys(logger(), { refreshIntervalMs } as object)],
  ["maxStalenessMs", (maxStalenessMs) => new ApiKeys(logger(), { maxStalenessMs } as object)],
  ["lastUsedIntervalMs", (lastUsedIntervalMs) => new ApiKeys(logger(), { lastUsedIntervalMs } as object)],
];

const noCount = fc.oneof(
  fc.constantFrom<unknown>(0, -0, -1, 0.5, Number.NaN, Infinity, -Infinity, 2 ** 60, null, "", "5", [], {}, 5n, true),
  fc.integer({ max: 0 }),
  fc.string(),
  fc.double({ noInteger: true }),
);

describe.each(COUNTS)("%s", (name, make) => {
  test("takes nothing but a whole number from 1, and says what it takes", () => {
    fc.assert(
      fc.property(noCount, (value) => {
        const error = thrownBy(() => make(value));
        expect(error).toBeInstanceOf(UsageError);
        expect((error as Error).message).toMatch(new RegExp(`\\n  ${name}: received .+, allowed: (at|a) .+\\.$`));
      }),
    );
    expect(thrownBy(() => make(100_000))).toBeUndefined();
  });
});

function thrownBy(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}

const local = (options: object) =>
  runtimeContext({ config, environment: "local", environmentVariables: {}, ...options });
const connectTo = (options: object) => connect({ projectId: "example-dev", ...options });
const replay = async (options: object) => replaySpool(context, { folder: "nowhere", ...options });

const run = { pipelineId: "p", triggerType: "api", triggerBy: "ana@example.com" } as const;

test.each<[string, () => unknown, string]>([
  ["new MetadataLogger", () => logger({ onFail: "throw" }), "onFail: not known; allowed: onFailure, onError,"],
  ["delivery", () => delivery({ maxBatchRow: 5 }), "delivery.maxBatchRow: not known; allowed: maxBatchRows,"],
  ["delivery.retry", () => retry({ deadline: 5 }), "retry.deadline: not known; allowed: initialDelayMs,"],
  ["new ApiKeys", () => new ApiKeys(logger(), { refreshMs: 5 } as object), "refreshMs: not known"],
  ["issue", async () => new ApiKeys(logger()).issue({ expires: 5 } as object), "expires: not known"],
  ["startRun", async () => logger().startRun({ ...run, pipeline: "p" } as never), "pipeline: not known"],
  ["findStaleRuns", async () => logger().findStaleRuns({ olderThan: 5 } as never), "olderThan: not known"],
  ["close", async () => logger().close({ timeout: 5 } as object), "timeout: not known"],
  ["closeOnSignals", () => logger().closeOnSignals(["SIGTERM"], { timeout: 5 } as object), "timeout: not known"],
  ["runtimeContext", () => local({ env: "prod" }), "env: not known; allowed: config, environment,"],
  ["tenantContext", () => tenantContext({ project: "p" } as object), "project: not known; allowed: configFile,"],
  ["connect", () => connectTo({ location: "EU" }), "location: not known; allowed: projectId, emulator."],
  ["an emulator", () => connectTo({ emulator: { url: "u" } }), "emulator.url: not known; allowed: restUrl,"],
  ["replaySpool", async () => replay({ create: true }), "create: not known; allowed: folder, untouchedMs,"],
  ["a replay's delivery", async () => replay({ delivery: { rows: 1 } }), "delivery.rows: not known"],
])("%s refuses a key that it does not know", async (_, call, message) => {
  await expect((async () => call())()).rejects.toThrow(message);
});

test.each<[string, () => unknown, string]>([
  ["a policy", () => logger({ onFailure: "thro" }), 'onFailure: received "thro", allowed: report, throw.'],
  ["a callback", () => logger({ onError: "log" }), 'onError: received "log", allowed: a function.'],
  ["a switch", () => logger({ createTables: 1 }), "createTables: received 1, allowed: a boolean."],
  [
    "options",
    () => new MetadataLogger(context, "acme", null as never),
    "the options: received null, allowed: an object.",
  ],
  ["a tenant", () => new MetadataLogger(context, 7 as never), "There is no tenant 7"],
  [
    "an expiry",
    async () => new ApiKeys(logger()).issue({ expiresAt: new Date(Number.NaN) }),
    "expiresAt: received an invalid",
  ],
  ["a key's id", async () => new ApiKeys(logger()).revoke({} as never), "received an object"],
  ["an age", async () => logger().findStaleRuns({ olderThanMs: -1 }), "olderThanMs: received -1, allowed: at least 0."],
  [
    "a search",
    async () => logger().failStaleRuns({ olderThanMs: 5, withinMs: 5 }),
    "withinMs (5) must be more than olderThanMs (5)",
  ],
  ["a time", async () => logger().close({ timeoutMs: Number.NaN }), "timeoutMs: received NaN, allowed: a number."],
  ["a signal", () => logger().closeOnSignals(["SIGKILL"]), 'received "SIGKILL", allowed: SIGTERM, SIGINT,'],
  [
    "a configuration",
    () => local({ config: "configs" }),
    'config: received "configs", allowed: what loadConfig returned.',
  ],
  ["an environment", () => local({ environment: 7 }), "environment: received 7, allowed: a string."],
  ["variables", () => local({ environmentVariables: { A: 7 } }), "allowed: an object of strings, such as process.env."],
  ["nothing at all", () => runtimeContext(undefined as never), "allowed: an object."],
  ["a project", () => connectTo({ projectId: 7 }), "projectId: received 7, allowed: a string."],
  ["an emulator", () => connectTo({ emulator: "localhost" }), 'emulator: received "localhost", allowed: an object.'],
  ["a spool", async () => replay({ folder: 7 }), "folder: received 7, allowed: a string."],
  ["an age of files", async () => replay({ untouchedMs: -1 }), "untouchedMs: received -1, allowed: at least 0."],
  [
    "a switch of a replay",
    async () => replay({ createTables: "no" }),
    'createTables: received "no", allowed: a boolean.',
  ],
  ["a batch of a replay", async () => replay({ delivery: { maxBatchRows: 0 } }), "delivery.maxBatchRows: received 0,"],
  ["a replay's options", async () => replaySpool(context, null as never), "the options: received null"],
  [
    "no folder of a replay",
    async () => replaySpool(context, {} as never),
    "folder: received nothing, allowed: a string.",
  ],
  [
    "a folder that is not there",
    async () => replay({ folder: "/nowhere/spool" }),
    'There is no folder "/nowhere/spool"',
  ],
  ["a replay of no spool", () => logger({ replaySpool: true }), "replaySpool: true needs the folder, `spool`."],
  ["a spool that never can be", () => logger({ spool: "/proc/nope" }), 'The spool "/proc/nope" cannot be used: Error'],
  ["one below it", () => logger({ spool: "/proc/nope/a/b" }), 'The spool "/proc/nope/a/b" cannot be used: Error'],
  ["a spool that is a file", () => logger({ spool: __filename }), "cannot be used: Error: EEXIST"],
  ["a spool below a file", () => logger({ spool: `${__filename}/a/b` }), "cannot be used: Error: ENOTDIR"],
  ["a folder that takes no files", () => logger({ spool: "/proc" }), 'The spool "/proc" cannot be used: Error'],
  ["rows", async () => logger().insert("step_logs", {} as never), "insert takes an array of rows; received an object"],
])(
  "%s that cannot be used is refused by name, with what was received and what is allowed",
  async (_, call, message) => {
    await expect((async () => call())()).rejects.toThrow(message);
    await expect((async () => call())()).rejects.toBeInstanceOf(UsageError);
  },
);

const startRun = {
  pipelineId: "a string",
  triggerType: "api, scheduler, manual, webhook, retry",
  triggerBy: "a string",
} as const;

describe("with the policy report, what every run needs is refused before the body starts", () => {
  test.each(
    Object.entries(startRun).flatMap(([option, allowed]) =>
      [undefined, null, 5, {}].map((value) => [option, value, allowed] as const),
    ),
  )("withRun: %s of %p", async (option, value, allowed) => {
    const body = jest.fn();
    const error: unknown = await logger()
      .withRun({ ...run, [option]: value }, body)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain(`${option}: received`);
    expect(String(error)).toContain(`allowed: ${allowed}.`);
    expect(body).not.toHaveBeenCalled();
  });

  test("a trigger that is not known", async () => {
    await expect(logger().startRun({ ...run, triggerType: "cron" } as never)).rejects.toThrow('received "cron"');
  });
});

test("an option that is undefined has its default", () => {
  expect(() => connectTo({ emulator: undefined })).not.toThrow();
  expect(() => local({ environmentVariables: undefined })).not.toThrow();
  expect(() => logger({ onFailure: undefined, delivery: { maxBatchRows: undefined, retry: undefined } })).not.toThrow();
});

test("verify says of whatever is no key that it is none", async () => {
  const keys = new ApiKeys(logger());
  await fc.assert(
    fc.asyncProperty(fc.anything({ withBigInt: true, withNullPrototype: true, withMap: true }), async (value) => {
      await expect(keys.verify(value)).resolves.toEqual({ valid: false, reason: "malformed" });
    }),
  );
  const hostile = new Proxy({}, { get: () => JSON.parse("{") as unknown });
  await expect(keys.verify(hostile)).resolves.toEqual({ valid: false, reason: "malformed" });
});

test("the process's own variables are variables", () => {
  expect(() => local({ environmentVariables: process.env })).not.toThrow();
});
