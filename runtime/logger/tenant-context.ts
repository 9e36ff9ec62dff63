import { readFileSync } from "node:fs";
import path from "node:path";
import { ConfigError, UsageError } from "../../model/errors";
import type { TableDefinition } from "../../model/formats/table-definition";
import type * as JsonDocument from "../../model/json-document";
import { resolveTenant } from "../../model/resolve";
import { DEFINITIONS } from "../definitions.generated";
import { checkOptions } from "../options";
import { contextOf, type RuntimeContext } from "./context";
import type * as Exported from "./exported-tenant";

/**
 * One tenant of one environment, in this order: `configFile`, `environmentFile` with `tenantId`, or the project,
 * tenant and location themselves. What is left out is looked up in the environment variable that is named with it.
 */
export interface TenantContextOptions {
  /** A file of `tenant-metadata export`; it says everything. `METADATA_CONFIG_FILE`. */
  readonly configFile?: string | undefined;
  /** The environment's file, e.g. `environments/prod.json`, in place of project, location and environment. `METADATA_ENVIRONMENT_FILE`. */
  readonly environmentFile?: string | undefined;
  /** Tenant id, e.g. `acme_retail`; by default it follows from a dataset such as `acme_retail_metadata`. `METADATA_TENANT`. */
  readonly tenantId?: string | undefined;
  /** Google Cloud project that holds the dataset and pays for queries. `METADATA_PROJECT`. */
  readonly projectId?: string | undefined;
  /**
   * The dataset. `METADATA_DATASET`.
   * @default the tenant's id with `_metadata`, or what the environment's file says
   */
  readonly datasetId?: string | undefined;
  /**
   * BigQuery location of the dataset. `METADATA_LOCATION`.
   * @default "US", as BigQuery's own
   */
  readonly location?: string | undefined;
  /**
   * Name of the environment: a label of the dataset. `METADATA_ENVIRONMENT`.
   * @default "prod"
   */
  readonly environment?: string | undefined;
  /**
   * Name of the tenant for people: part of the dataset's name and description. `METADATA_DISPLAY_NAME`.
   * @default the tenant's id
   */
  readonly displayName?: string | undefined;
  /**
   * The tables.
   * @default the four that the package ships with
   */
  readonly definitions?: readonly TableDefinition[] | undefined;
  /**
   * Where all this, `BIGQUERY_EMULATOR_HOST` and `BIGQUERY_EMULATOR_GRPC_HOST` are looked up.
   * @default process.env
   */
  readonly environmentVariables?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A context of one tenant. */
export interface TenantContext extends RuntimeContext {
  /** The tenant, e.g. `acme_retail`. */
  readonly tenantId: string;
}

/**
 * Prepares the runtime for one tenant where there is no configuration folder; connects to nothing yet.
 *
 * @throws {@link UsageError} for an option that is missing or cannot be used, or a file that cannot be read.
 * @throws {@link ConfigError} for a file with mistakes.
 *
 * @example
 * ```ts
 * import { MetadataLogger, tenantContext } from "tenant-metadata/runtime";
 *
 * const context = tenantContext({ projectId: "example-prod", tenantId: "acme_retail", location: "EU" });
 * const logger = new MetadataLogger(context, context.tenantId);
 * ```
 */
export function tenantContext(options: TenantContextOptions = {}): TenantContext {
  const given = checkOptions("The options of tenantContext", ({ OneTenant }) => OneTenant, options);
  const environmentVariables = given.environmentVariables ?? process.env;
  const saysPlace = given.environmentFile ?? given.projectId ?? given.tenantId ?? given.datasetId;
  const configFile =
    given.configFile ?? (saysPlace === undefined ? environmentVariables["METADATA_CONFIG_FILE"] : undefined);
  if (configFile !== undefined) {
    const { ExportedTenant, importTenant } = require("./exported-tenant") as typeof Exported;
    const exported = checkOptions(configFile, () => ExportedTenant, readJson(configFile));
    return {
      ...contextOf({ ...importTenant(exported, configFile), environmentVariables }),
      tenantId: exported.tenant.tenantId,
    };
  }
  const variable = (name: string) => environmentVariables[name] || undefined;
  const datasetId = given.datasetId ?? variable("METADATA_DATASET");
  const tenantId = given.tenantId ?? variable("METADATA_TENANT") ?? /^(.+)_metadata$/.exec(datasetId ?? "")?.[1];
  const environmentFile = given.environmentFile ?? variable("METADATA_ENVIRONMENT_FILE");
  const body =
    environmentFile === undefined
      ? {
          projectId: given.projectId ?? variable("METADATA_PROJECT"),
          location: given.location ?? variable("METADATA_LOCATION") ?? "US",
          backend: { type: "local" },
        }
      : readJson(environmentFile);
  const { $schema: _, ...environment } = checkOptions(
    environmentFile ?? "The environment",
    (shapes) => shapes.EnvironmentFile,
    body,
  );
  const names = checkOptions("The tenant", ({ TenantNames }) => TenantNames, {
    tenantId,
    environment:
      environmentFile === undefined
        ? (given.environment ?? variable("METADATA_ENVIRONMENT") ?? "prod")
        : path.basename(environmentFile, ".json"),
    displayName: given.displayName ?? variable("METADATA_DISPLAY_NAME") ?? tenantId,
  });
  const tenant = resolveTenant(
    { name: names.environment, ...environment },
    { tenantId: names.tenantId, displayName: names.displayName, environments: {} },
  );
  const parts = {
    environment: names.environment,
    tenants: [{ ...tenant, datasetId: datasetId ?? tenant.datasetId }],
    definitions: given.definitions ?? DEFINITIONS,
    projectId: environment.projectId,
    endpoint: environment.endpoint,
    isShared: environment.backend.type !== "local" && environmentFile !== undefined,
    environmentVariables,
  };
  return { ...contextOf(parts), tenantId: names.tenantId };
}

function readJson(file: string): unknown {
  let source: string;
  try {
    source = readFileSync(file, "utf8");
  } catch (cause) {
    throw new UsageError(`The file ${JSON.stringify(file)} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const { parseJsonDocument } = require("../../model/json-document") as typeof JsonDocument;
  const parsed = parseJsonDocument(file, source);
  if ("problems" in parsed) throw new ConfigError(parsed.problems);
  return parsed.document.value;
}
