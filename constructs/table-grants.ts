import { BigqueryTableIamMember } from "@cdktf/provider-google/lib/bigquery-table-iam-member";
import { Construct } from "constructs";
import { type GrantedTable, ROLES, tableGrants } from "../model/grants";
import { tableAddress } from "../model/names";
import type { ResolvedTenant } from "../model/resolve";
import { code, literal, reference } from "./terraform-strings";

interface TableGrantsProps {
  readonly tenant: ResolvedTenant;
  readonly table: GrantedTable;
  /** Dataset of the table, as the table itself names it. */
  readonly datasetId: string;
  /** Address whose change replaces the table. */
  readonly generationAddress: string;
}

/**
 * Who may touch one table: readers and writers, or key admins alone where its definition says `access: "keyAdmins"`.
 *
 * Grants are made on tables, because one on the dataset would reach the key admins' tables too, and one member at a time
 * (non-authoritative), so that grants made elsewhere survive. The reasoning is in
 * docs/decisions/0004-access-is-granted-per-table.md.
 *
 * @see https://cloud.google.com/bigquery/docs/control-access-to-resources-iam#grant_access_to_a_table_or_view
 */
export class TableGrants extends Construct {
  constructor(scope: Construct, id: string, { tenant, table, datasetId, generationAddress }: TableGrantsProps) {
    super(scope, id);
    const tableReference = reference(tableAddress(tenant.tenantId, table.tableId), "table_id");
    for (const { logicalId, access, member } of tableGrants(tenant, table)) {
      const grant = new BigqueryTableIamMember(this, logicalId, {
        project: literal(tenant.projectId),
        datasetId,
        tableId: tableReference,
        role: ROLES[access],
        member: literal(member),
        // A replaced table has lost its policy, and nothing else would tell Terraform in the same run.
        lifecycle: { replaceTriggeredBy: [generationAddress] },
      });
      grant.overrideLogicalId(code(logicalId));
    }
  }
}
