import { type CodeCatalogue, DATASET_GO, TABLE_GO } from "../code-info";

interface AttributeChange {
  readonly attribute: string;
}

interface TypeOf {
  readonly type: string;
}

const DRIFT = "Terraform `resource_drift`";
const PROVIDER = "the google provider's schemas, v6.50.0 and v7.45.0";

/** What keeps the reading of plans closed, and what happened outside Terraform. */
export const PLAN_CODES = {
  "attribute-changed": {
    effect: "in-place",
    needsAllowance: true,
    title:
      "An attribute that affects data, access, protection, retention or placement changes, and no other code says how",
    source: PROVIDER,
    message: ({ attribute, touches }: AttributeChange & { readonly touches: string }) =>
      `Terraform changes ${attribute}, which affects ${touches}.`,
    remedy: "Read the attribute's documentation and the plan's values, and allow it when it is wanted.",
  },
  "attribute-unclassified": {
    effect: "in-place",
    needsAllowance: true,
    title:
      "An attribute is set or changed that this version of tenant-metadata does not know, so the change cannot be judged",
    source: PROVIDER,
    message: ({ attribute, type }: AttributeChange & TypeOf) =>
      `${attribute} of ${type} is not known to this version: what its change does cannot be said.`,
    remedy: "Update tenant-metadata; until then read the provider's documentation and allow it when it is harmless.",
  },
  "resource-unclassified": {
    effect: "in-place",
    needsAllowance: true,
    title:
      "A resource of a type is created or changed that is neither BigQuery's table, dataset or access, nor Terraform's own",
    source: "this package's own rule",
    message: ({ type }: TypeOf) => `Resources of type ${type} are not judged: read this part of the plan yourself.`,
    remedy: "Keep other resources in a stack of their own, or allow this one.",
  },
  "resource-destroyed": {
    effect: "replace-table",
    title:
      "Something that is neither a table nor a dataset is destroyed or replaced: a key, a bucket, a policy, a project",
    source: "Terraform plan",
    message: ({
      type,
      comesBack,
      because,
    }: TypeOf & { readonly comesBack: boolean; readonly because: string | undefined }) =>
      `Terraform destroys this ${type}${comesBack ? " and creates another" : ""}${because === undefined ? "" : ` (${because})`}.${
        type.startsWith("google_kms_") ? " What the key encrypts can no longer be read." : ""
      }${/polic/.test(type) ? " Readers may see what it hid from them." : ""}`,
    remedy:
      "Keep it in the configuration. To take it out of Terraform and keep it, use a removed block with destroy = false.",
  },
  "state-value-destroyed": {
    effect: "none",
    title: "A terraform_data, which exists in the state alone, is destroyed or replaced",
    source: "[terraform_data](https://developer.hashicorp.com/terraform/language/resources/terraform-data)",
    message: "Terraform destroys or replaces a value of its own; what it triggers has findings of its own.",
    remedy: "Nothing to do.",
  },
  "table-vanished": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A table that Terraform made is gone, deleted outside Terraform, and would be created empty",
    source: DRIFT,
    message:
      "Someone deleted the table outside Terraform; Terraform would create it empty, which makes its rows harder to get back.",
    remedy:
      "Bring it back first: BigQuery keeps a deleted table for the time-travel window (`bq cp <table>@<milliseconds> <table>`). Then plan again.",
  },
  "dataset-vanished": {
    effect: "replace-table",
    breaksWriters: true,
    title: "A dataset that Terraform made is gone, deleted outside Terraform, and would be created empty",
    source: DRIFT,
    message: "Someone deleted the dataset outside Terraform, tables included; Terraform would create it empty.",
    remedy:
      "Bring it back first: BigQuery can restore a deleted dataset within the time-travel window (UNDROP SCHEMA). Then plan again.",
  },
  "changed-outside-terraform": {
    effect: "in-place",
    title: "The plan undoes a change that was made outside Terraform",
    source: DRIFT,
    message: ({ attribute }: AttributeChange) =>
      `${attribute} was changed outside Terraform since the last apply; this plan sets it back to the configuration.`,
    remedy:
      "Find out who changed it and why. If it is wanted, add it to the configuration; then the plan leaves it alone.",
  },
  "policy-tag-removed": {
    effect: "in-place",
    needsAllowance: true,
    title: "A column loses a policy tag or data policy, so that every reader of the table sees its values",
    source: `${TABLE_GO} setEmptyPolicyTagsInSchema L2917-2929`,
    message: ({ name, isByHand }: { readonly name: string; readonly isByHand: boolean }) =>
      `Terraform removes the policy tag of ${name}${isByHand ? ", which was set outside Terraform" : ""}: every reader of the table then sees its values.`,
    remedy: "Write the tag into the definition's policyTags, or have the owner of the column confirm that it goes.",
  },
  "column-kept": {
    effect: "none",
    providers: { from: "7.31" },
    title: "A column is left out while `ignore_auto_generated_schema` is on: the provider keeps it",
    source: `${TABLE_GO} addAutoGenSchemaFields, v7.31.0`,
    message: ({ name }: { readonly name: string }) => `The provider keeps ${name}, which the configuration lacks.`,
    remedy: "Nothing to do.",
  },
  "dataset-access-rewritten": {
    effect: "in-place",
    providers: { before: "7.45" },
    title: "A dataset is updated, whatever the change: the provider also writes the access list as the plan knew it",
    source: `${DATASET_GO} resourceBigQueryDatasetUpdate; hashicorp/terraform-provider-google#28775`,
    message:
      "With this version of the provider the update also writes the dataset's access list as the plan knew it: what someone granted or revoked since then is undone.",
    remedy: "Apply soon after planning, or use a provider from 7.45.",
  },
  "provider-unread": {
    effect: "in-place",
    title:
      "The plan was made for a google provider whose rules this version has not read: older than 6.50 or newer than 7.45",
    source: PROVIDER,
    message: ({ constraint }: { readonly constraint: string }) =>
      `The configuration asks for google provider ${constraint}; the rules here were read in 6.50 to 7.45.`,
    remedy: "Read the provider's changelog for google_bigquery_table and google_bigquery_dataset.",
  },
  "provider-foreign": {
    effect: "in-place",
    needsAllowance: true,
    title:
      "Resources are managed by a provider that has Google's names and is not hashicorp/google or hashicorp/google-beta",
    source: "this package's own rule",
    message: ({ source }: { readonly source: string }) =>
      `The plan uses the provider ${source}: what it does with a change cannot be said.`,
    remedy: "Use hashicorp/google from registry.terraform.io or registry.opentofu.org.",
  },
  "command-run": {
    effect: "in-place",
    needsAllowance: true,
    title: "The plan runs a command that cannot be judged: a provisioner or a Terraform action",
    source: "[Actions and provisioners](https://developer.hashicorp.com/terraform/internals/json-format)",
    message: ({ what }: { readonly what: string }) => `The plan runs a command that cannot be judged: ${what}.`,
    remedy: "Keep commands out of this configuration, or read what it runs and allow it.",
  },
  "plan-part-unknown": {
    effect: "in-place",
    needsAllowance: true,
    title: "The plan has a part that this version of tenant-metadata does not know, so it cannot be judged",
    source:
      "[Plan representation](https://developer.hashicorp.com/terraform/internals/json-format#plan-representation)",
    message: ({ key }: { readonly key: string }) => `The plan's ${key} is not known to this version.`,
    remedy: "Update tenant-metadata; until then read Terraform's documentation and allow it when it is harmless.",
  },
} as const satisfies CodeCatalogue;
