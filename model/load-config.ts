import { defined } from "./defined";
import type { z } from "zod";
import { type ConfigChanges, type ConfigFile, ConfigFiles, type ConfigFolder } from "./config-files";
import { ConfigError } from "./errors";
import { type Deployed, DeployedFile } from "./formats/deployed";
import { type Environment, EnvironmentFile } from "./formats/environment";
import { type Offboarding, OffboardingFile } from "./formats/offboarding";
import { EnvironmentName, TableId, TenantId } from "./formats/primitives";
import { normaliseDefinition, type TableDefinition, TableDefinitionFile } from "./formats/table-definition";
import { type Tenant, TenantFile } from "./formats/tenant";
import { type JsonDocument, parseJsonDocument } from "./json-document";
import { formatPath, pickOne, type Problem, show } from "./problems";
import { datasetOwners, datasetRules, environmentRules, tenantRules } from "./rules/deployment-rules";
import type { RuleFinding } from "./rules/finding";
import { foreignKeyRules } from "./rules/key-rules";
import { stackOwners, stackRules } from "./rules/stack-rules";
import { offboardingRules, stayingTenant } from "./rules/offboarding-rules";
import { tableAccessRules } from "./rules/table-access-rules";
import { tableRules } from "./rules/table-rules";
import { checkShape } from "./zod-problems";

/** A configuration folder, read, normalised and checked. Everything is in order of its file's name. */
export interface MetadataConfig {
  /** The tables that every tenant gets, from `metadata/schemas/`. */
  readonly definitions: readonly TableDefinition[];
  /** From `environments/`. */
  readonly environments: readonly Environment[];
  /** From `tenants/`. */
  readonly tenants: readonly Tenant[];
  /** Tenants that have left, or are leaving, some of their environments. */
  readonly offboarded: readonly Offboarding[];
  /** What was deployed, by environment; an environment without a file has none. */
  readonly deployed: ReadonlyMap<string, Deployed>;
}

/** A file's content together with the document it came from, to report problems by line. */
interface Loaded<T> {
  readonly id: string;
  readonly value: T;
  readonly document: JsonDocument;
}

/**
 * Reads and checks a whole configuration folder once; everything behind this call receives resolved types.
 *
 * @param root - the configuration folder, e.g. `configs`.
 * @param changes - changes to check before they are written; the files on disk are left alone.
 * @throws {@link ConfigError} with every problem of every file.
 *
 * @example
 * ```ts
 * import { loadConfig } from "tenant-metadata";
 *
 * const { definitions, tenants } = loadConfig("configs");
 * console.log(`${tenants.length} tenants with ${definitions.length} tables each`);
 * ```
 */
export function loadConfig(root: string, changes?: ConfigChanges): MetadataConfig {
  const files = new ConfigFiles(root, changes);
  const problems: Problem[] = [...files.problems];

  const read = <S extends z.ZodType, T>(
    folder: ConfigFolder,
    idSchema: z.ZodType,
    schema: S,
    normalise: (id: string, data: z.output<S>) => T,
  ) => readAll(files.in(folder), idSchema, schema, normalise, problems);
  const definitions = read("metadata/schemas", TableId, TableDefinitionFile, normaliseDefinition);
  const environments = read("environments", EnvironmentName, EnvironmentFile, (name, { $schema: _, ...rest }) => ({
    name,
    ...rest,
  }));
  const tenants = read("tenants", TenantId, TenantFile, (tenantId, { $schema: _, ...rest }) => ({ tenantId, ...rest }));
  const offboarded = read("offboarding", TenantId, OffboardingFile, (tenantId, { $schema: _, ...rest }) => ({
    tenantId,
    ...rest,
  }));
  const deployed = read("deployed", EnvironmentName, DeployedFile, (_, { $schema: __, ...rest }) => rest);

  if (files.problems.length === 0) {
    for (const folder of ["metadata/schemas", "environments"] as const) {
      if (files.in(folder).length > 0) continue;
      problems.push({
        file: folder,
        path: "",
        message: "There is no JSON file here",
        remedy: "Add one (see docs/configuration.md)",
      });
    }
  }
  const ids = (folder: ConfigFolder) => files.in(folder).map(({ id }) => id);
  const names = { tables: ids("metadata/schemas"), environments: ids("environments") };
  problems.push(...ruleProblems({ definitions, environments, tenants, offboarded, deployed }, names));
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    definitions: definitions.map(({ value }) => value),
    environments: environments.map(({ value }) => value),
    tenants: tenants.map(({ value }) => value),
    offboarded: offboarded.map(({ value }) => value),
    deployed: new Map(deployed.map(({ id, value }) => [id, value])),
  };
}

/**
 * Keeps the named environments, in the order of the configuration.
 *
 * @throws {@link ConfigError} for a name that no environment has.
 */
export function selectEnvironments(config: MetadataConfig, names: readonly string[]): readonly Environment[] {
  const known = config.environments.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new ConfigError(
      unknown.map((name) => ({
        file: "METADATA_ENVIRONMENTS",
        path: "",
        message: "There is no environment of this name",
        received: show(name),
        allowed: known.join(", "),
        remedy: pickOne(name, known, "Name an existing environment"),
      })),
    );
  }
  return config.environments.filter(({ name }) => names.includes(name));
}

/**
 * Reads one table definition that stands outside a configuration folder, such as one side of a comparison.
 *
 * @param tableId - the table's id, e.g. `step_logs`.
 * @param file - how to call the text in problems, e.g. its path.
 * @param text - the definition as JSON, as in `configs/metadata/schemas/<tableId>.json`.
 * @throws {@link ConfigError} with every problem, keys into other tables aside.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { parseDefinition } from "tenant-metadata";
 *
 * const file = "configs/metadata/schemas/step_logs.json";
 * const { schema } = parseDefinition("step_logs", file, readFileSync(file, "utf8"));
 * console.log(schema.fields.map(({ name, type }) => `${name} ${type}`));
 * ```
 */
export function parseDefinition(tableId: string, file: string, text: string): TableDefinition {
  const problems: Problem[] = [];
  const [loaded] = readAll([{ file, id: tableId, text }], TableId, TableDefinitionFile, normaliseDefinition, problems);
  if (loaded !== undefined) problems.push(...toProblems(loaded.document, tableRules(loaded.value)));
  if (loaded === undefined || problems.length > 0) throw new ConfigError(problems);
  return loaded.value;
}

function readAll<S extends z.ZodType, T>(
  files: readonly ConfigFile[],
  idSchema: z.ZodType,
  schema: S,
  normalise: (id: string, data: z.output<S>) => T,
  problems: Problem[],
): readonly Loaded<T>[] {
  const loaded: Loaded<T>[] = [];
  for (const { file, id, text } of files) {
    const idCheck = checkShape(idSchema, id);
    if ("findings" in idCheck) {
      problems.push(
        ...idCheck.findings.map((finding) => toProblem(file, { ...finding, message: "The file name is not valid" })),
      );
    }
    const parsed = parseJsonDocument(file, text);
    if ("problems" in parsed) {
      problems.push(...parsed.problems);
      continue;
    }
    const shape = checkShape(schema, parsed.document.value);
    if ("findings" in shape) problems.push(...toProblems(parsed.document, shape.findings));
    else loaded.push({ id, value: normalise(id, shape.data), document: parsed.document });
  }
  return loaded;
}

interface LoadedConfig {
  readonly definitions: readonly Loaded<TableDefinition>[];
  readonly environments: readonly Loaded<Environment>[];
  readonly tenants: readonly Loaded<Tenant>[];
  readonly offboarded: readonly Loaded<Offboarding>[];
  readonly deployed: readonly Loaded<Deployed>[];
}

/** Checks all rules; `names` holds the files that did not parse too, so that what refers to them is not blamed. */
function ruleProblems(
  { definitions, environments, tenants, offboarded, deployed }: LoadedConfig,
  names: { readonly tables: readonly string[]; readonly environments: readonly string[] },
): Problem[] {
  const tables = byId(definitions);
  const environmentsByName = byId(environments);
  const deployedByName = byId(deployed);
  const definitionLabels = Object.assign({}, ...definitions.map(({ value }) => value.labels)) as Record<string, string>;
  const tenantsById = byId(tenants);
  // A dataset that stays behind has an owner like any other.
  const owners = datasetOwners(
    [...offboarded.map(({ value }) => stayingTenant(value)), ...tenantsById.values()],
    environmentsByName,
  );
  const stacks = stackOwners(environmentsByName.values());
  return [
    ...definitions.flatMap(({ value, document }) => [
      ...toProblems(document, tableRules(value)),
      ...toProblems(document, foreignKeyRules(value, tables, names.tables)),
      ...toProblems(document, tableAccessRules(value, tables)),
    ]),
    ...environments.flatMap(({ id, value, document }) => [
      ...toProblems(document, environmentRules(value, names.tables, deployedByName.get(id))),
      ...toProblems(document, stackRules(value, stacks)),
    ]),
    ...tenants.flatMap(({ value, document }) => [
      ...toProblems(document, tenantRules(value, environmentsByName, names.environments, definitionLabels)),
      ...toProblems(document, datasetRules(value, environmentsByName, owners)),
    ]),
    ...offboarded.flatMap(({ value, document }) =>
      toProblems(
        document,
        offboardingRules(
          value,
          tenantsById.get(value.tenantId),
          environmentsByName,
          names.environments,
          definitionLabels,
        ),
      ),
    ),
    ...deployed
      .filter(({ id }) => !names.environments.includes(id))
      .map(({ id, document }) =>
        toProblem(document.file, {
          path: [],
          message: "There is no environment of this name",
          received: id,
          allowed: names.environments.join(", "),
          remedy: pickOne(id, names.environments, "Delete the file once nothing is deployed there"),
        }),
      ),
  ];
}

function byId<T>(loaded: readonly Loaded<T>[]): ReadonlyMap<string, T> {
  return new Map(loaded.map(({ id, value }) => [id, value]));
}

function toProblems(document: JsonDocument, findings: Iterable<RuleFinding>): Problem[] {
  return [...findings].map((finding) => toProblem(document.file, finding, document.lineOf(finding.path)));
}

function toProblem(file: string, finding: RuleFinding, line?: number): Problem {
  const { path, message, received, allowed, remedy } = finding;
  return defined({
    file,
    line,
    path: formatPath(path),
    message,
    received: received === undefined ? undefined : show(received),
    allowed,
    remedy,
  });
}
