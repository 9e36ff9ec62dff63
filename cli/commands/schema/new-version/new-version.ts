import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cutoverGuide, isSecret } from "./cutover-guide";
import { backfillScript, unionViewStatement } from "../../../../bigquery/sql/new-version";
import type { NewVersion } from "../../../../model/columns/column-source";
import { mapVersion } from "../../../../evolution/migration/version-mapping";
import { UsageError } from "../../../../model/errors";
import type { TableDefinition } from "../../../../model/formats/table-definition";
import { loadConfig, type MetadataConfig } from "../../../../model/load-config";
import { nextVersionId } from "../../../../model/names";
import { pickOne } from "../../../../model/problems";
import { assignStacks } from "../../../../model/resolve";
import type { CliContext } from "../../../context";

/** Options of `schema new-version`. */
export interface NewVersionOptions {
  /** `column=SQL expression` */
  readonly value?: readonly string[];
  /** Day on which the old version goes, `2026-01-31`. */
  readonly retire?: string;
  /** Folder for the SQL and the guide. */
  readonly out?: string;
}

const DAYS_TO_RETIREMENT = 90;

/**
 * Scaffolds the next version of a table: first its definition, to be edited; then, with the definition, the scripts that
 * bring rows and readers over. A definition that is there is never overwritten.
 */
export function schemaNewVersion(context: CliContext, tableId: string, options: NewVersionOptions): void {
  const { configDir, print } = context;
  const config = loadConfig(configDir);
  const old = find(config, tableId);
  const versionId = nextVersionId(tableId);
  const schemas = path.join(configDir, "metadata/schemas");
  const definition = path.join(schemas, `${versionId}.json`);
  if (!existsSync(definition)) {
    const text = readFileSync(path.join(schemas, `${tableId}.json`), "utf8");
    writeFileSync(definition, text);
    print(
      `wrote ${definition}, a copy of ${tableId}.json.\nEdit it, then run \`tenant-metadata schema new-version ${tableId}\` again for its backfill, view and guide.\n`,
    );
    return;
  }
  const now = find(config, versionId);
  const version = mapVersion(old, now, parseValues(options.value ?? []));
  const folder = options.out ?? path.join(path.dirname(configDir), "migrations", versionId);
  const retire = parseDay(options.retire, context);
  for (const [name, text] of files(config, version, retire)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, name), text);
    print(`wrote ${path.join(folder, name)}\n`);
  }
}

function files(config: MetadataConfig, version: NewVersion, retire: string): readonly (readonly [string, string])[] {
  const perEnvironment = config.environments.flatMap((environment) => {
    const tenants = assignStacks(environment, config.tenants, config.offboarded).flatMap((stack) => stack.tenants);
    if (tenants.length === 0) return [];
    const script = (statement: typeof backfillScript) =>
      tenants.map((tenant) => `-- tenant ${tenant.tenantId}\n${statement(tenant, version)}`).join("\n");
    const backfill = [`backfill.${environment.name}.sql`, script(backfillScript)] as const;
    return isSecret(version)
      ? [backfill]
      : [[`view.${environment.name}.sql`, script(unionViewStatement)] as const, backfill];
  });
  return [...perEnvironment, ["README.md", cutoverGuide(version, retire)]];
}

function find({ definitions }: MetadataConfig, tableId: string): TableDefinition {
  const ids = definitions.map((definition) => definition.tableId);
  const found = definitions.find((definition) => definition.tableId === tableId);
  if (found === undefined)
    throw new UsageError(`There is no table ${tableId}. ${pickOne(tableId, ids, `Known: ${ids.join(", ")}`)}`);
  return found;
}

function parseValues(values: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    values.map((text) => {
      const [, column, expression] = /^(\w+)=(.+)$/s.exec(text) ?? [];
      if (column === undefined || expression === undefined) {
        throw new UsageError(`--value ${text} is not <column>=<SQL expression>, for example region='unknown'.`);
      }
      return [column, expression] as const;
    }),
  );
}

function parseDay(day: string | undefined, { now }: CliContext): string {
  if (day === undefined) {
    return new Date(now().getTime() + DAYS_TO_RETIREMENT * 86_400_000).toISOString().slice(0, 10);
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day))) return day;
  throw new UsageError(`--retire ${day} is not a date, for example 2026-01-31.`);
}
