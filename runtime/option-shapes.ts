import { z } from "zod";
import type { ConnectionOptions } from "../bigquery/connection";
import type { EmulatorAddress } from "../bigquery/emulator-address";
import type { RetryOptions } from "../bigquery/retry";
import { EnvironmentName, TenantId } from "../model/formats/primitives";
import type { TableDefinition } from "../model/formats/table-definition";
import { DisplayName } from "../model/formats/tenant";
import type { MetadataConfig } from "../model/load-config";
import { DEFAULT_DELIVERY, type DeliveryOptions } from "./delivery/batch-options";
import { isPlainObject } from "./encoding/plain-object";
import type { ApiKeysOptions, IssueKeyOptions } from "./keys/api-keys";
import type { RuntimeContextOptions } from "./logger/context";
import type { CloseOptions, MetadataLoggerOptions, SignalOptions } from "./logger/logger-options";
import type { TenantContextOptions } from "./logger/tenant-context";
import type { DqResultOptions, StartRunOptions, StepOptions } from "./runs/run-options";
import type { StaleRunsOptions } from "./runs/stale-runs";
import type { ReplayOptions } from "./spool/replay";

/*
 * What a caller may pass, one line for each option, so that none can be forgotten. All in one file, which checkOptions loads with
 * the first check: a process that has only loaded the runtime has not loaded zod.
 */

type ShapeOf<Options> = Record<keyof Options, z.ZodType>;

export { EnvironmentFile } from "../model/formats/environment";

/** The longest time that Node's timers take. */
const MAX_MS = 2 ** 31 - 1;

const Count = z.int().min(1);
/** A time in milliseconds, of at least one. */
const Milliseconds = Count.max(MAX_MS);
/** The same, or none. */
const Duration = z.int().min(0).max(MAX_MS);
const Text = z.string().min(1);
const ErrorCallback = special<(error: Error) => void>("a function", (value) => typeof value === "function");
const Variables = special<NonNullable<RuntimeContextOptions["environmentVariables"]>>(
  "an object of strings, such as process.env",
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((variable) => variable === undefined || typeof variable === "string"),
);
const Definitions = special<readonly TableDefinition[]>("an array of table definitions", Array.isArray);

/** For what zod has no word for. */
function special<T>(allowed: string, isAllowed: (value: unknown) => boolean): z.ZodCustom<T, T> {
  return z.custom<T>(isAllowed, { params: { allowed, remedy: `Pass ${allowed}` } });
}

export const Connection = z.strictObject({
  projectId: Text,
  emulator: z.strictObject({ restUrl: Text, grpcAddress: Text } satisfies ShapeOf<EmulatorAddress>).optional(),
} satisfies ShapeOf<ConnectionOptions>);

export const Context = z.strictObject({
  config: special<MetadataConfig>(
    "what loadConfig returned",
    (value) =>
      isPlainObject(value) && [value["environments"], value["tenants"], value["definitions"]].every(Array.isArray),
  ),
  environment: z.string(),
  environmentVariables: Variables.optional(),
} satisfies ShapeOf<RuntimeContextOptions>);

export const OneTenant = z.strictObject({
  configFile: Text.optional(),
  environmentFile: Text.optional(),
  tenantId: Text.optional(),
  projectId: Text.optional(),
  datasetId: Text.optional(),
  location: Text.optional(),
  environment: Text.optional(),
  displayName: Text.optional(),
  definitions: Definitions.optional(),
  environmentVariables: Variables.optional(),
} satisfies ShapeOf<TenantContextOptions>);

export const TenantNames = z.strictObject({
  tenantId: TenantId,
  environment: EnvironmentName,
  displayName: DisplayName,
});

const { retry: RETRY, ...BATCHES } = DEFAULT_DELIVERY;
const Delivery = z
  .strictObject({
    maxBatchRows: Count.max(100_000).default(BATCHES.maxBatchRows),
    maxBatchBytes: Count.max(9_000_000).default(BATCHES.maxBatchBytes),
    maxDelayMs: Milliseconds.default(BATCHES.maxDelayMs),
    maxBufferedBytes: Count.default(BATCHES.maxBufferedBytes),
    appendTimeoutMs: Milliseconds.default(BATCHES.appendTimeoutMs),
    idleConnectionMs: Milliseconds.default(BATCHES.idleConnectionMs),
    retry: z
      .strictObject({
        initialDelayMs: Milliseconds.default(RETRY.initialDelayMs),
        maxDelayMs: Milliseconds.default(RETRY.maxDelayMs),
        deadlineMs: Milliseconds.default(RETRY.deadlineMs),
      } satisfies ShapeOf<RetryOptions>)
      .prefault({}),
  } satisfies ShapeOf<DeliveryOptions>)
  .prefault({});

export const Logger = z.strictObject({
  onFailure: z.enum(["report", "throw"]).default("report"),
  onError: ErrorCallback.optional(),
  createTables: z.boolean().default(true),
  graceMs: Duration.default(20_000),
  spool: Text.optional(),
  replaySpool: z.boolean().default(false),
  delivery: Delivery,
} satisfies ShapeOf<MetadataLoggerOptions>);

export const Replay = z.strictObject({
  folder: Text,
  untouchedMs: Duration.default(0),
  createTables: z.boolean().default(true),
  delivery: Delivery,
} satisfies ShapeOf<ReplayOptions>);

export const Close = z.strictObject({ timeoutMs: Duration.optional() } satisfies ShapeOf<CloseOptions>);

export const OnSignals = z.strictObject({ timeoutMs: Duration.default(28_000) } satisfies ShapeOf<SignalOptions>);

/** Those that end a process and that it can handle. */
export const Signals = z.array(z.enum(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGBREAK"]));

export const Keys = z.strictObject({
  refreshIntervalMs: Milliseconds.default(30_000),
  maxStalenessMs: Milliseconds.default(300_000),
  lastUsedIntervalMs: Milliseconds.default(300_000),
  onError: ErrorCallback.optional(),
} satisfies ShapeOf<ApiKeysOptions>);

export const IssueKey = z.strictObject({
  createdBy: z.string().optional(),
  expiresAt: z.date().optional(),
  description: z.string().optional(),
} satisfies ShapeOf<IssueKeyOptions>);

export const StaleRuns = z.strictObject({
  olderThanMs: z.int().min(0),
  withinMs: Count.default(30 * 86_400_000),
} satisfies ShapeOf<StaleRunsOptions>);

/*
 * Of runs, an unknown key is a mistake of the caller and refused at once, and so is what every run and step needs and a program
 * says itself. Another value may come from outside of the
 * program, so it is checked with the row that holds it, and cannot take a pipeline down.
 */
const anything = z.unknown().optional();

export const StartRun = z.strictObject({
  pipelineId: z.string(),
  triggerType: z.enum(["api", "scheduler", "manual", "webhook", "retry"]),
  triggerBy: z.string(),
  parameters: anything,
  configVersion: anything,
  workerInstance: anything,
} satisfies ShapeOf<StartRunOptions>);

export const Step = z.strictObject({
  stepName: z.string(),
  stepType: z.string(),
} satisfies ShapeOf<StepOptions>);

export const DqResult = z.strictObject({
  targetTable: anything,
  dqConfigId: anything,
  expectationsPassed: anything,
  expectationsFailed: anything,
  failedExpectations: anything,
  overallStatus: anything,
  executedAt: anything,
} satisfies ShapeOf<DqResultOptions>);
