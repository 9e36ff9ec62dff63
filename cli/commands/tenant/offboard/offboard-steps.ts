import { tenantAddresses } from "../../../../model/addresses";
import { InternalError } from "../../../../model/errors";
import type { OffboardingStep } from "../../../../model/formats/offboarding";
import type { MetadataConfig } from "../../../../model/load-config";
import { stackName } from "../../../../model/names";
import { leavingTenant, resolveTenant } from "../../../../model/resolve";
import { nouns } from "../../../report/plan/words";

/** Says what a step of leaving will do, what the reviewer should see in the plan, and what comes next. */
export function explainStep(
  step: OffboardingStep,
  { environments, offboarded, definitions }: MetadataConfig,
  tenantId: string,
  environmentName: string,
): string {
  const environment = environments.find(({ name }) => name === environmentName);
  const record = offboarded.find((candidate) => candidate.tenantId === tenantId);
  if (environment === undefined || record === undefined) throw new InternalError(`No record of ${tenantId}.`);
  const tenant = resolveTenant(environment, leavingTenant(record));
  const tables = definitions.length;
  const grants = tenantAddresses(tenant, definitions).length - tables - 1;
  const dataset = `${tenant.projectId}.${tenant.datasetId}`;
  const stack = stackName(environment.name, tenant.shard, environment.shards);
  const has = `dataset ${dataset}, ${nouns([
    { kind: "table", count: tables },
    { kind: "grant", count: grants },
  ])}`;
  const again = `tenant-metadata tenant offboard ${tenantId} --environment ${environmentName} --delete-data`;
  const lines: Readonly<Record<OffboardingStep, readonly string[]>> = {
    forget: [
      `When this is merged and deployed, Terraform forgets ${has}, and leaves them as they are.`,
      `The plan of ${stack} says "will no longer be managed by Terraform, but will not be destroyed"; 0 to destroy.`,
      "Who may read the tables still may: revoke that by hand where it is not wanted. Keep the record, it says who left.",
    ],
    unprotect: [
      `First of two merges. It deletes nothing: ${stack} keeps ${has}, but from its deployment on Terraform may delete the tables.`,
      `The plan shows deletion_protection turned off on each table, or no change where it was off already.`,
      `Once it is deployed, run \`${again}\` again for the second. To change your mind, put the tenant's file back as it was and delete the record.`,
    ],
    delete: [
      `Second of two merges. When it is deployed, Terraform destroys ${has}. The rows are lost for good.`,
      `The plan of ${stack} shows ${1 + tables + grants} to destroy: the grants, then the tables, then the dataset.`,
      "It fails, and deletes no dataset, while the dataset holds tables that Terraform does not manage, such as views made by hand: delete those first.",
    ],
  };
  return lines[step].join("\n");
}
