import { defined } from "../../model/defined";
import { UsageError } from "../../model/errors";
import type { TableDefinition } from "../../model/formats/table-definition";
import type { MetadataConfig } from "../../model/load-config";
import { didYouMean, show } from "../../model/problems";
import { type ResolvedTenant, resolveTenant } from "../../model/resolve";
import { assertWritable } from "../encoding/writable";
import { describeReceived } from "../encoding/describe-received";
import { type BigQueryConnection, connectTo } from "../../bigquery/connection";
import { emulatorAddress } from "../../bigquery/emulator-address";
import { checkOptions } from "../options";

/** What the runtime works with: the tenants of one environment, their tables, and the way to BigQuery. */
export interface RuntimeContext {
  /** The environment's tenants, by id. */
  readonly tenants: ReadonlyMap<string, ResolvedTenant>;
  /** The tables that each of them has, by table id. */
  readonly definitions: ReadonlyMap<string, TableDefinition>;
  /** The way to BigQuery, or to an emulator. */
  readonly connection: BigQueryConnection;
}

/** Which environment the runtime works in. */
export interface RuntimeContextOptions {
  /** From `loadConfig("configs")`. */
  readonly config: MetadataConfig;
  /** Name of one of its environments, e.g. `prod`. */
  readonly environment: string;
  /**
   * Where `BIGQUERY_EMULATOR_HOST` and `BIGQUERY_EMULATOR_GRPC_HOST` are looked up.
   * @default process.env
   */
  readonly environmentVariables?: Readonly<Record<string, string | undefined>>;
}

/**
 * Prepares the runtime for one environment; connects to nothing yet.
 *
 * @throws {@link UsageError} for options that cannot be used; for an environment the configuration lacks; for a column of a type that the runtime cannot
 *   write; for an emulator that is not on this machine, or that would take the rows of an environment whose state is shared.
 *
 * @example
 * ```ts
 * import { loadConfig, runtimeContext } from "tenant-metadata/runtime";
 *
 * const { tenants } = runtimeContext({ config: loadConfig("configs"), environment: "prod" });
 * console.log([...tenants.keys()]);
 * ```
 */
export function runtimeContext(options: RuntimeContextOptions): RuntimeContext {
  const {
    config,
    environment: name,
    environmentVariables = process.env,
  } = checkOptions("The options of runtimeContext", (shapes) => shapes.Context, options);
  const environment = config.environments.find((candidate) => candidate.name === name);
  if (environment === undefined) {
    const names = config.environments.map((candidate) => candidate.name);
    throw new UsageError(notFound("environment", name, names));
  }
  const { projectId, endpoint, backend } = environment;
  return contextOf({
    environment: name,
    tenants: config.tenants
      .filter((tenant) => Object.hasOwn(tenant.environments, name))
      .map((tenant) => resolveTenant(environment, tenant)),
    definitions: config.definitions,
    projectId,
    endpoint,
    isShared: backend.type !== "local",
    environmentVariables,
  });
}

/** What a context is made of. */
export interface ContextParts {
  readonly environment: string;
  readonly tenants: readonly ResolvedTenant[];
  readonly definitions: readonly TableDefinition[];
  readonly projectId: string;
  readonly endpoint: string | undefined;
  /** Its state lies in a bucket: it is a real environment, whose rows belong to no emulator. */
  readonly isShared: boolean;
  readonly environmentVariables: Readonly<Record<string, string | undefined>>;
}

/** @throws {@link UsageError} as {@link runtimeContext}. */
export function contextOf(parts: ContextParts): RuntimeContext {
  const { environment, tenants, definitions, projectId, endpoint, isShared, environmentVariables } = parts;
  assertWritable(definitions);
  const emulator = emulatorAddress(environmentVariables, endpoint);
  if (emulator !== undefined && isShared) {
    throw new UsageError(
      `The environment ${environment} is a real one, since its state lies in a bucket; rows sent to the emulator at ` +
        `${emulator.restUrl} would be lost. Unset BIGQUERY_EMULATOR_HOST, or use an environment with a local backend.`,
    );
  }
  return {
    tenants: new Map(tenants.map((tenant) => [tenant.tenantId, tenant])),
    definitions: new Map(definitions.map((definition) => [definition.tableId, definition])),
    connection: connectTo(defined({ projectId, emulator })),
  };
}

/** @throws {@link UsageError} for a tenant the environment lacks. */
export function tenantOf({ tenants }: RuntimeContext, tenantId: string): ResolvedTenant {
  const tenant = tenants.get(tenantId);
  if (tenant === undefined) throw new UsageError(notFound("tenant", tenantId, [...tenants.keys()]));
  return tenant;
}

/** @throws {@link UsageError} for a table without a definition. */
export function definitionOf({ definitions }: RuntimeContext, tableId: string): TableDefinition {
  const definition = definitions.get(tableId);
  if (definition === undefined) throw new UsageError(notFound("table", tableId, [...definitions.keys()]));
  return definition;
}

function notFound(what: string, name: unknown, names: readonly string[]): string {
  const guess = typeof name === "string" ? didYouMean(name, names) : undefined;
  const hint =
    guess === undefined ? `There is: ${names.join(", ") || "none"}.` : `Did you mean ${JSON.stringify(guess)}?`;
  const shown = typeof name === "string" ? show(name) : describeReceived(name);
  return `There is no ${what} ${shown} in the configuration of this environment. ${hint}`;
}
