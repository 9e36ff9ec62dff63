import { BigqueryTableIamMember } from "@cdktf/provider-google/lib/bigquery-table-iam-member";
import { Construct } from "constructs";
import { grantLogicalId, reference, tableAddress } from "../model/names";
import type { ResolvedTenant } from "../model/resolve";
import type { MetadataTable } from "./metadata-table";

/** The table that only key admins touch. */
const API_KEYS = "api_keys";

const ROLES = {
  reader: "roles/bigquery.dataViewer",
  writer: "roles/bigquery.dataEditor",
  key_admin: "roles/bigquery.dataEditor",
} as const;

export interface TableGrantsProps {
  readonly tenant: ResolvedTenant;
  readonly tableId: string;
  readonly datasetId: string;
  readonly table: MetadataTable;
}

/**
 * Who may touch one table: readers and writers every table except `api_keys`, and that one only key admins.
 *
 * Grants are made on tables, because one on the dataset would reach `api_keys` too, and one member at a time
 * (non-authoritative), so that grants made elsewhere survive. The reasoning is in
 * docs/decisions/0004-access-is-granted-per-table.md.
 *
 * @see https://cloud.google.com/bigquery/docs/control-access-to-resources-iam#grant_access_to_a_table_or_view
 */
export class TableGrants extends Construct {
  constructor(scope: Construct, id: string, { tenant, tableId, datasetId, table }: TableGrantsProps) {
    super(scope, id);
    const grants =
      tableId === API_KEYS ? { key_admin: tenant.keyAdmins } : { reader: tenant.readers, writer: tenant.writers };
    const tableReference = reference(tableAddress(tenant.tenantId, tableId), "table_id");
    for (const [access, members] of Object.entries(grants) as [keyof typeof ROLES, readonly string[]][]) {
      for (const member of new Set(members)) {
        const logicalId = grantLogicalId(tenant.tenantId, tableId, access, member);
        const grant = new BigqueryTableIamMember(this, logicalId, {
          project: tenant.projectId,
          datasetId,
          tableId: tableReference,
          role: ROLES[access],
          member,
          // A replaced table has lost its policy, and nothing else would tell Terraform in the same run.
          lifecycle: { replaceTriggeredBy: [table.generationAddress] },
        });
        grant.overrideLogicalId(logicalId);
      }
    }
  }
}
