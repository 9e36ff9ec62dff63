import { type CodeCatalogue, NOTHING_TO_DO, TABLE_GO } from "../code-info";

/** What only a plan says: values not known yet, resources that come, go and move in the state. */
export const TERRAFORM_CODES = {
  "value-unknown": {
    effect: "drop-column",
    needsAllowance: true,
    title: "A value that rows depend on is known only at apply, so the change cannot be judged",
    source: `Terraform \`after_unknown\`; ${TABLE_GO} resourceBigQueryTableColumnDrop L2263-2313`,
    message: ({ attribute }: { readonly attribute: string }) =>
      `${attribute} is known only at apply.${attribute === "schema" ? " The provider then drops every column that it lacks." : ""}`,
    remedy: "Make the value known at plan time: give it as a literal or local, not by another resource's attribute.",
  },
  "resource-forgotten": {
    effect: "none",
    title: "Terraform forgets a table or dataset; it stays as it is",
    source: "[removed block](https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources)",
    message: "Terraform forgets it; it stays in BigQuery as it is.",
    remedy: NOTHING_TO_DO,
  },
  "resource-renamed": {
    effect: "none",
    title: "A table or dataset gets another address in the state; it stays as it is",
    source: "[moved block](https://developer.hashicorp.com/terraform/language/moved)",
    message: ({ from, to }: { readonly from: string; readonly to: string }) =>
      `Terraform knows ${from} as ${to} from now on; nothing else changes by that.`,
    remedy: NOTHING_TO_DO,
  },
  "resource-imported": {
    effect: "none",
    title: "Terraform starts to manage a table or dataset that exists",
    source: "[import block](https://developer.hashicorp.com/terraform/language/import)",
    message: ({ isChanged }: { readonly isChanged: boolean }) =>
      `Terraform takes over what exists${isChanged ? " and changes it as its other findings say" : ""}.`,
    remedy: NOTHING_TO_DO,
  },
} as const satisfies CodeCatalogue;
