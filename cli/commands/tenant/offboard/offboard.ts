import { existsSync, readdirSync, readFileSync } from "node:fs";
import { own } from "../../../../model/own";
import path from "node:path";
import { AllowanceFile } from "../../../../evolution/allowances/allowance-format";
import { latestExpiry } from "../../../../evolution/allowances/judge";
import type { FindingCode } from "../../../../evolution/catalogue/codes";
import { UsageError } from "../../../../model/errors";
import { formatJson } from "../../../../model/format-json";
import type { Offboarding, OffboardingStep } from "../../../../model/formats/offboarding";
import type { Tenant, TenantOverrides } from "../../../../model/formats/tenant";
import { loadConfig, type MetadataConfig } from "../../../../model/load-config";
import { type CliContext, today } from "../../../context";
import { writeConfigs } from "../../../workspace/write-configs";
import { unknownTenant } from "../find-tenant";
import { explainStep } from "./offboard-steps";

export interface TenantOffboardOptions {
  readonly tenantId: string;
  readonly environment: string;
  readonly keepData: boolean;
  readonly deleteData: boolean;
  /** Why the data is deleted; needed with {@link deleteData}. */
  readonly reason?: string;
}

/** How far the tenant has left the environment, and what it sets there. */
interface Departure {
  readonly step?: OffboardingStep;
  readonly overrides: TenantOverrides;
}

/**
 * Takes a tenant one step out of an environment: out of its own file, into its record in `offboarding/`.
 *
 * Steps that destroy something also get the allowances that let the plan pass its check, for the reviewer to grant by
 * merging them.
 *
 * @throws {@link UsageError} when flags contradict each other, the tenant is not there, or there is no step left.
 */
export function offboardTenant(context: CliContext, options: TenantOffboardOptions): void {
  const { tenantId, environment, keepData, deleteData, reason } = options;
  if (keepData === deleteData) {
    throw new UsageError(
      "Choose what happens to the tenant's data: --keep-data (Terraform forgets it, it stays in BigQuery) or --delete-data (it is destroyed).",
    );
  }
  if (deleteData && reason !== undefined && !AllowanceFile.shape.reason.safeParse(reason).success) {
    throw new UsageError("--reason is for the reviewer of a deletion: write 10 to 500 characters.");
  }
  if (deleteData && reason === undefined) {
    throw new UsageError(
      'Missing: --reason <text>, which goes into the allowances that a reviewer grants. Example: --reason "Contract ended, see ticket 1234"',
    );
  }
  const config = loadConfig(context.configDir);
  const tenant = config.tenants.find((candidate) => candidate.tenantId === tenantId);
  const record = config.offboarded.find((candidate) => candidate.tenantId === tenantId);
  const departure = findDeparture(config, options, tenant, record);
  const step = nextStep(options, departure.step);

  const displayName = (tenant ?? record)?.displayName ?? tenantId;
  const changes = new Map<string, string | undefined>([
    ...spentAllowances(context.configDir, options),
    ...allowances(config, options, step, today(context)),
    [
      `offboarding/${tenantId}.json`,
      recordText(displayName, record, environment, { step, overrides: departure.overrides }),
    ],
    ...(departure.step === undefined ? [tenantWithout(context.configDir, tenantId, environment)] : []),
  ]);
  const next = loadConfig(context.configDir, changes);
  writeConfigs(context.configDir, changes);
  for (const [name, text] of changes) {
    context.print(`${text === undefined ? "Deleted" : "Wrote"} ${path.join(context.configDir, name)}\n`);
  }
  context.print(`\n${explainStep(step, next, tenantId, environment)}\n`);
}

function findDeparture(
  config: MetadataConfig,
  { tenantId, environment }: TenantOffboardOptions,
  tenant: Tenant | undefined,
  record: Offboarding | undefined,
): Departure {
  if (tenant === undefined && record === undefined) throw unknownTenant(tenantId, config);
  const overrides = own(tenant?.environments ?? {}, environment);
  if (overrides !== undefined) return { overrides };
  const recorded = own(record?.environments ?? {}, environment);
  if (recorded !== undefined) return recorded;
  const names = Object.keys({ ...tenant?.environments, ...record?.environments });
  throw new UsageError(
    `The tenant ${tenantId} is not in ${JSON.stringify(environment)}; it is in ${names.join(", ")}.`,
  );
}

function nextStep(
  { tenantId, environment, keepData }: TenantOffboardOptions,
  current: OffboardingStep | undefined,
): OffboardingStep {
  if (current === "delete") {
    throw new UsageError(`${tenantId} is being deleted from ${environment} already: there is no step left.`);
  }
  if (current === "forget") {
    throw new UsageError(
      keepData
        ? `Terraform forgets ${tenantId} in ${environment} already: there is no step left.`
        : `Terraform forgets ${tenantId} in ${environment}, so it can no longer delete the data. Delete the dataset with BigQuery's own tools (bq rm -r -d).`,
    );
  }
  if (keepData) return "forget";
  return current === "unprotect" ? "delete" : "unprotect";
}

function recordText(
  displayName: string,
  record: Offboarding | undefined,
  environment: string,
  entry: Offboarding["environments"][string],
): string {
  const environments = { ...record?.environments, [environment]: entry };
  return formatJson({
    $schema: "../json-schemas/offboarding.json",
    displayName,
    environments: Object.fromEntries(
      Object.entries(environments).map(([name, { step, overrides }]) => [
        name,
        { step, ...(Object.keys(overrides).length === 0 ? {} : { overrides }) },
      ]),
    ),
  });
}

/** The tenant's file without the environment; to delete when none is left. */
function tenantWithout(configDir: string, tenantId: string, environment: string): [string, string | undefined] {
  const name = `tenants/${tenantId}.json`;
  const file = JSON.parse(readFileSync(path.join(configDir, name), "utf8")) as Pick<Tenant, "environments">;
  const { [environment]: _, ...environments } = file.environments;
  return [name, Object.keys(environments).length === 0 ? undefined : formatJson({ ...file, environments })];
}

/** Allowances of an earlier step, which the next one no longer needs. */
function spentAllowances(configDir: string, options: TenantOffboardOptions): [string, undefined][] {
  const folder = path.join(configDir, "allowances");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(allowancePrefix(options)))
    .map((name) => [`allowances/${name}`, undefined]);
}

function allowancePrefix({ tenantId, environment }: TenantOffboardOptions): string {
  return `offboard-${tenantId}-${environment}-`;
}

/** Findings that a step's plan has, see docs/schema-evolution.md. */
const EXPECTED: Readonly<Record<OffboardingStep, { readonly tables?: FindingCode; readonly dataset?: FindingCode }>> = {
  forget: {},
  unprotect: { tables: "protection-lowered", dataset: "protection-lowered" },
  delete: { tables: "table-deleted", dataset: "dataset-deleted" },
};

function allowances(
  { definitions, environments }: MetadataConfig,
  options: TenantOffboardOptions,
  step: OffboardingStep,
  day: string,
): [string, string][] {
  const { tenantId, environment, reason } = options;
  const isProtected = environments.find(({ name }) => name === environment)?.deletionProtection === true;
  if (step === "unprotect" && !isProtected) return [];
  const { tables, dataset } = EXPECTED[step];
  const expires = latestExpiry(day);
  const allow = (code: FindingCode | undefined, table: string): [string, string][] =>
    code === undefined
      ? []
      : [
          [
            `allowances/${allowancePrefix(options)}${step}-${table === "*" ? "dataset" : table}.json`,
            formatJson({
              $schema: "../json-schemas/allowance.json",
              code,
              environment,
              tenant: tenantId,
              table,
              reason,
              expires,
            }),
          ],
        ];
  return [...definitions.flatMap(({ tableId }) => allow(tables, tableId)), ...allow(dataset, "*")];
}
