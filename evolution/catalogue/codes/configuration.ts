import { type CodeCatalogue, OURS } from "../code-info";

const STATE = "[Backends](https://developer.hashicorp.com/terraform/language/backend): each has a state of its own";

interface Unread {
  readonly file: string;
  readonly problem: string;
  readonly isRead: boolean;
  readonly isGone: boolean;
}

/** What only a change of `configs/` says: the rest of an environment, and records of what was deployed. */
export const CONFIGURATION_CODES = {
  "environment-added": {
    effect: "in-place",
    needsAllowance: true,
    title: "An environment is added: a project, a location and members that no check has seen before",
    source: OURS,
    message: ({ projectId }: { readonly projectId: string }) =>
      `Terraform gets stacks of a new environment in project ${projectId}, with datasets, tables and grants for each tenant that names it.`,
    remedy: "Make sure that a workflow deploys it, with an identity of its own, and allow it.",
  },
  "environment-removed": {
    effect: "in-place",
    needsAllowance: true,
    title: "An environment is removed: its stacks are no longer deployed, and what they made stays without a guard",
    source: OURS,
    message:
      "No stack of the environment is made any more: Terraform neither changes nor destroys what is there, and no check protects it.",
    remedy: "Let every tenant leave it first (`tenant-metadata tenant offboard`), deploy that, then remove the file.",
  },
  "state-moved": {
    effect: "rejected",
    title: "Terraform's state is looked for elsewhere: what was deployed is unknown there",
    source: STATE,
    message: ({ from, to }: { readonly from: string; readonly to: string }) =>
      `Terraform looks for its state in ${to} instead of ${from}. Unless the state was moved there, it plans to create everything again, fails on what exists, and manages none of it.`,
    remedy: "Move the state of every stack first (`terraform init -migrate-state`), then allow the change.",
  },
  "endpoint-changed": {
    effect: "rejected",
    title: "An environment talks to another service: an emulator instead of BigQuery, or the reverse",
    source: STATE,
    message: ({ from, to }: { readonly from: string; readonly to: string }) =>
      `Terraform talks to ${to} instead of ${from}, finds nothing of what its state holds, and forgets it.`,
    remedy: "Make a new environment for the emulator, with a state of its own.",
  },
  "constraints-trusted": {
    effect: "in-place",
    needsAllowance: true,
    title:
      "Keys are declared to BigQuery, which does not enforce them but trusts them: queries go wrong where rows break them",
    source: "[Primary and foreign keys](https://cloud.google.com/bigquery/docs/primary-foreign-keys)",
    message:
      "Terraform declares the definitions' keys on every table. BigQuery does not enforce them, yet its optimizer trusts them: where rows break a key, queries give wrong results.",
    remedy: "Count the rows that break each key first; allow it when there are none.",
  },
  "member-domains-widened": {
    effect: "none",
    needsAllowance: true,
    title: "Members of more domains may be given access without an allowance",
    source: OURS,
    message: ({ domains }: { readonly domains: string }) =>
      `From now on ${domains} may be given access without an allowance.`,
    remedy: "Add domains that belong to you only.",
  },
  "base-unreadable": {
    effect: "none",
    needsAllowance: true,
    title:
      "A file could not be read as it was: what it held is judged in part or not at all, and needs an allowance once gone",
    source: OURS,
    message: ({ file, problem, isRead, isGone }: Unread) =>
      `${file} was not valid before this change (${problem}). ${isRead ? "It was compared without what is refused" : "What it held cannot be judged"}, and the file ${isGone ? "is gone" : "is valid now"}.`,
    remedy:
      "Compare by hand what the file said with what is deployed, or correct the file in a change of its own first.",
  },
  "forget-undeployed": {
    effect: "none",
    needsAllowance: true,
    title: "The record of a forgotten tenant goes, and nothing says that Terraform has forgotten it",
    source: OURS,
    message: ({ environment, standing }: { readonly environment: string; readonly standing: string }) =>
      `${standing === "unknown" ? `No tag deployed/${environment} says what is deployed` : `By the tag deployed/${environment} the tenant still is ${standing} there`}. Without its record the \`removed\` blocks go: unless they were deployed, Terraform destroys the tenant's tables with their rows.`,
    remedy: "Deploy the record first, then remove it.",
  },
  "deployed-record-changed": {
    effect: "none",
    needsAllowance: true,
    title: "The record of what was deployed changes to something that the environment does not say",
    source: OURS,
    message: ({ attribute }: { readonly attribute: string }) =>
      `The record says of ${attribute} what the environment did not say before this change: later checks would rely on it.`,
    remedy: "Leave the record to `tenant-metadata deployed`, which runs after a deployment.",
  },
} as const satisfies CodeCatalogue;
