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
    title: "A table for key admins alone is opened to readers and writers",
    source: OURS,
    message: "Terraform lets readers and writers of every tenant at the rows, which were for key admins alone.",
    remedy: 'Keep `"access": "keyAdmins"`, and give what others need to see a table of its own.',
  },
  "key-table-closed": {
    effect: "in-place",
    breaksWriters: true,
    title: "A table becomes one for key admins alone",
    source: OURS,
    message: "Terraform takes readers and writers their access to the table; key admins get it instead.",
    remedy: "Let every pipeline that uses the table run as a key admin first.",
  },
} as const satisfies CodeCatalogue;
