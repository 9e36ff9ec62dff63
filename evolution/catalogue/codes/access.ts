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
} as const satisfies CodeCatalogue;
