import type { Deployed } from "../formats/deployed";
import type { Environment } from "../formats/environment";
import type { Offboarding } from "../formats/offboarding";
import type { TableDefinition } from "../formats/table-definition";
import type { Tenant } from "../formats/tenant";
import { pickOne, type Problem } from "../problems";
import { type Loaded, toProblem, toProblems } from "../read-files";
import { datasetOwners, datasetRules, environmentRules, tenantRules } from "./deployment-rules";
import { foreignKeyRules } from "./key-rules";
import { offboardingRules, stayingTenant } from "./offboarding-rules";
import { stackOwners, stackRules } from "./stack-rules";
import { tableAccessRules } from "./table-access-rules";
import { tableRules } from "./table-rules";

/** What could be read of a configuration folder. */
export interface LoadedConfig {
  readonly definitions: readonly Loaded<TableDefinition>[];
  readonly environments: readonly Loaded<Environment>[];
  readonly tenants: readonly Loaded<Tenant>[];
  readonly offboarded: readonly Loaded<Offboarding>[];
  readonly deployed: readonly Loaded<Deployed>[];
}

/** Checks all rules; `names` holds the files that did not parse too, so that what refers to them is not blamed. */
export function configRules(
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
