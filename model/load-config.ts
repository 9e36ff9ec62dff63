import { type ConfigChanges, ConfigFiles, type ConfigFolder } from "./config-files";
import { ConfigError } from "./errors";
import { type Deployed, DeployedFile } from "./formats/deployed";
import { type Environment, EnvironmentFile } from "./formats/environment";
import { type Offboarding, OffboardingFile } from "./formats/offboarding";
import { EnvironmentName, TableId, TenantId } from "./formats/primitives";
import { normaliseDefinition, type TableDefinition, TableDefinitionFile } from "./formats/table-definition";
import { type Tenant, TenantFile } from "./formats/tenant";
import { pickOne, type Problem, show } from "./problems";
import { readFiles, toProblems } from "./read-files";
import { configRules } from "./rules/config-rules";
import { tableRules } from "./rules/table-rules";

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
  const { config, problems } = readConfig(root, changes);
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** What may hold something that is deployed; any other misplaced file holds nothing. */
const HELD = /^(?:metadata|(?:metadata\/schemas|environments|tenants|offboarding|deployed)(?:\/[^/]+\.json)?)$/;

/** A file of a configuration that could not be read as it is. */
export interface BrokenFile {
  /** The file, or a folder whose files could not be read. */
  readonly file: string;
  /** The first thing that is wrong with it. */
  readonly problem: Problem;
  /** Whether it was read all the same, without what was refused in it. */
  readonly isRead: boolean;
}

/** What could be read of a configuration folder, and everything that is wrong with it. */
export interface ReadConfig {
  readonly config: MetadataConfig;
  readonly problems: readonly Problem[];
  readonly broken: readonly BrokenFile[];
}

/**
 * Reads what can be read of a configuration folder.
 *
 * @param lenient - whether files are read without the keys and list entries that are refused in them: what an earlier release
 *   took is compared rather than lost.
 */
export function readConfig(root: string, changes?: ConfigChanges, lenient = false): ReadConfig {
  const files = new ConfigFiles(root, changes);
  const problems: Problem[] = [...files.problems];
  const loaded = {
    definitions: readFiles(
      files.in("metadata/schemas"),
      { id: TableId, body: TableDefinitionFile, normalise: normaliseDefinition },
      problems,
      lenient,
    ),
    environments: readFiles(
      files.in("environments"),
      { id: EnvironmentName, body: EnvironmentFile, normalise: (name, { $schema: _, ...body }) => ({ name, ...body }) },
      problems,
      lenient,
    ),
    tenants: readFiles(
      files.in("tenants"),
      { id: TenantId, body: TenantFile, normalise: (tenantId, { $schema: _, ...body }) => ({ tenantId, ...body }) },
      problems,
      lenient,
    ),
    offboarded: readFiles(
      files.in("offboarding"),
      {
        id: TenantId,
        body: OffboardingFile,
        normalise: (tenantId, { $schema: _, ...body }) => ({ tenantId, ...body }),
      },
      problems,
      lenient,
    ),
    deployed: readFiles(
      files.in("deployed"),
      { id: EnvironmentName, body: DeployedFile, normalise: (_, { $schema: __, ...body }) => body },
      problems,
      lenient,
    ),
  };
  const read = new Set(Object.values(loaded).flatMap((part) => part.map(({ document }) => document.file)));
  const broken = new Map(
    problems
      .filter(({ file }) => HELD.test(file))
      .reverse()
      .map((problem): [string, BrokenFile] => [
        problem.file,
        { file: problem.file, problem, isRead: read.has(problem.file) },
      ]),
  );
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
  problems.push(...configRules(loaded, { tables: ids("metadata/schemas"), environments: ids("environments") }));
  const { definitions, environments, tenants, offboarded, deployed } = loaded;
  const config = {
    definitions: definitions.map(({ value }) => value),
    environments: environments.map(({ value }) => value),
    tenants: tenants.map(({ value }) => value),
    offboarded: offboarded.map(({ value }) => value),
    deployed: new Map(deployed.map(({ id, value }) => [id, value])),
  };
  return { config, problems, broken: [...broken.values()].reverse() };
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
 * Reads one table definition outside a configuration folder, such as one side of a comparison.
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
  const [loaded] = readFiles(
    [{ file, id: tableId, text }],
    { id: TableId, body: TableDefinitionFile, normalise: normaliseDefinition },
    problems,
  );
  if (loaded !== undefined) problems.push(...toProblems(loaded.document, tableRules(loaded.value)));
  if (loaded === undefined || problems.length > 0) throw new ConfigError(problems);
  return loaded.value;
}
