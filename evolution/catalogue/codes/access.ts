import { type CodeCatalogue, OURS } from "../code-info";

/** Who may read or write. */
export const ACCESS_CODES = {
  "access-opened-to-everyone": {
    effect: "in-place",
    needsAllowance: true,
    title: "Access is granted to `allUsers` or `allAuthenticatedUsers`",
    source: "[Public principals](https://cloud.google.com/iam/docs/principals-overview)",
    message: ({ member }: { readonly member: string }) =>
      `Terraform grants access to ${member}: ${member === "allUsers" ? "anyone on the internet" : "anyone with a Google account"}.`,
    remedy: "Name exactly who gets access, for example group:data-readers@example.com.",
  },
  "key-table-opened": {
    effect: "in-place",
    needsAllowance: true,
    title:
      "A table that only key admins had access to is opened to readers and writers; in the plan each of their grants is `key-table-exposed`, which needs an allowance of its own",
    source: OURS,
    message: "Terraform gives readers and writers of every tenant access to rows that only key admins had access to.",
    remedy: 'Keep `"access": "keyAdmins"`, and give what others need to see a table of its own.',
  },
  "key-table-closed": {
    effect: "in-place",
    breaksWriters: true,
    title: "A table is closed to all but key admins",
    source: OURS,
    message: "Terraform removes the readers' and writers' access to the table and gives it to key admins.",
    remedy: "Let every pipeline that uses the table run as a key admin first.",
  },
  "access-opened-outside-terraform": {
    effect: "in-place",
    needsAllowance: true,
    title: "Access was given outside Terraform, and the plan does not take it back",
    source: "Terraform `resource_drift`",
    message: ({ words }: { readonly words: string }) =>
      `${words}. It was given outside Terraform since the last apply, and it stays.`,
    remedy: "Find out who gave it and why. Take it back, or add it to the configuration.",
  },
  "grants-replaced": {
    effect: "in-place",
    needsAllowance: true,
    title: "An authoritative IAM policy or binding is created: it takes every other grant away",
    source:
      "[google_bigquery_table_iam](https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/bigquery_table_iam)",
    message: ({ others }: { readonly others: string }) =>
      `It replaces ${others}, whoever gave it: those that it does not name lose their access.`,
    remedy: "Grant member by member (an _iam_member resource), which leaves the grants of others alone.",
  },
  "rows-hidden": {
    effect: "in-place",
    needsAllowance: true,
    title: "A row access policy is created: rows are hidden from everybody whom no row access policy names",
    source: "[Row-level security](https://cloud.google.com/bigquery/docs/row-level-security-intro)",
    message: "The first row access policy of a table hides its rows from everybody whom none names, writers included.",
    remedy: "Make sure that every reader and pipeline of the table is named by a row access policy.",
  },
} as const satisfies CodeCatalogue;
