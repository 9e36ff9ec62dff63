import { type CodeCatalogue, NOTHING_TO_DO, TABLE_GO } from "../code-info";
import { destroyedMessage, destroyedRemedy } from "./destroyed";

/** A table as a whole: there, gone, elsewhere, described. */
export const TABLE_CODES = {
  "labels-changed": {
    effect: "in-place",
    title: "Labels change",
    source: `${TABLE_GO} labels (no ForceNew)`,
    message: "Terraform changes labels in place.",
    remedy: NOTHING_TO_DO,
  },
  "description-changed": {
    effect: "in-place",
    title: "The description or friendly name of a table or dataset changes",
    source: `${TABLE_GO} description (no ForceNew)`,
    message: ({ of, attribute }: { readonly of: "table" | "dataset"; readonly attribute: string }) =>
      `Terraform changes the ${of}'s ${attribute} in place.`,
    remedy: NOTHING_TO_DO,
  },
  "table-added": {
    effect: "in-place",
    title: "A table is created",
    source: "Terraform",
    message: ({ tenants }: { readonly tenants: "one" | "every" }) =>
      `Terraform creates the table${tenants === "every" ? " for every tenant" : ""}.`,
    remedy: "Deploy it before the writers that use it.",
  },
  "table-deleted": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A table is destroyed with its rows and does not come back",
    source: `${TABLE_GO} resourceBigQueryTableDelete L2315-2343`,
    message: destroyedMessage,
    remedy: destroyedRemedy,
  },
  "table-replaced": {
    effect: "replace-table",
    title: "A table is destroyed with its rows and created empty",
    source: "Terraform plan",
    message: destroyedMessage,
    remedy: destroyedRemedy,
  },
  "table-moved": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A table gets another id, dataset or project: it is destroyed with its rows and created empty there",
    source: `${TABLE_GO} table_id L491-496, dataset_id L499-504, project L507-513`,
    message: destroyedMessage,
    remedy: destroyedRemedy,
  },
  "table-generation-raised": {
    effect: "replace-table",
    title: "`recreate` asks for a new generation of a table: it is destroyed with its rows and created empty",
    source: "[replace_triggered_by](https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle)",
    message: destroyedMessage,
    remedy: "Take the last resort only after in place, migrate and new version (see docs/schema-evolution.md).",
  },
  "table-expiration-shortened": {
    effect: "in-place",
    needsAllowance: true,
    title: "A table gets an expiration time or an earlier one: BigQuery deletes it then",
    source: `${TABLE_GO} expiration_time`,
    message: ({ at }: { readonly at: Date }) => `BigQuery deletes the table with its rows at ${at.toISOString()}.`,
    remedy: "Leave expiration_time out.",
  },
  "view-changed": {
    effect: "in-place",
    needsAllowance: true,
    title: "A view, external table or other table without rows of its own is destroyed or replaced",
    source: "Terraform plan",
    message: "Terraform destroys or replaces it; it has no rows of its own.",
    remedy: "Make sure that nothing reads it during the change.",
  },
  "view-created": {
    effect: "in-place",
    needsAllowance: true,
    title: "A view, materialized view, external table or replica is created: its readers may see rows of other tables",
    source: "[Authorized views](https://cloud.google.com/bigquery/docs/authorized-views)",
    message: ({ source }: { readonly source: string }) =>
      `Terraform creates a table without rows of its own, which shows those of: ${source}`,
    remedy: "Read where its rows come from and who may read it, and allow it when it is wanted.",
  },
} as const satisfies CodeCatalogue;
