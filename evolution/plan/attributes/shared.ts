import type { BlockAttributes, WithDefault } from "./attribute-class";

/** DELETE, PREVENT or ABANDON; the provider has it from 7.33, here and for all resources together. */
export const DELETION_POLICY: WithDefault = { class: "protection", default: "DELETE" };

/** CEL condition of a grant: what it says decides, its title does too, for IAM takes it for part of the grant. */
const CONDITION: BlockAttributes = {
  description: "harmless",
  expression: "access",
  title: "access",
};

/** An entry of a dataset's access list, as a block and as `google_bigquery_dataset_access`. */
export const ACCESS_ENTRY = {
  condition: { ...CONDITION, location: "harmless" },
  dataset: { dataset: { dataset_id: "access", project_id: "access" }, target_types: "access" },
  domain: "access",
  group_by_email: "access",
  iam_member: "access",
  role: "access",
  routine: { dataset_id: "access", project_id: "access", routine_id: "access" },
  special_group: "access",
  user_by_email: "access",
  view: { dataset_id: "access", project_id: "access", table_id: "access" },
} as const satisfies BlockAttributes;

/** The three forms of IAM resources: a member, a binding of all members of a role, a whole policy. */
export function iamAttributes(
  parent: BlockAttributes,
): Readonly<Record<"member" | "binding" | "policy", BlockAttributes>> {
  const common: BlockAttributes = { ...parent, etag: "harmless", id: "harmless" };
  return {
    member: { ...common, condition: CONDITION, member: "access", role: "access" },
    binding: { ...common, condition: CONDITION, members: "access", role: "access" },
    policy: { ...common, policy_data: "access" },
  };
}
