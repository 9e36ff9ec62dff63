import type { CodeCatalogue } from "../code-info";

/** Who may read or write. */
export const ACCESS_CODES = {
  "access-opened-to-everyone": {
    effect: "in-place",
    needsAllowance: true,
    title: "Access is granted to `allUsers` or `allAuthenticatedUsers`",
    source: "[Public principals](https://cloud.google.com/iam/docs/principals-overview)",
    message: ({ member }: { readonly member: string }) =>
      `Terraform grants access to ${member}: ${member === "allUsers" ? "anyone on the internet" : "anyone with a Google account"}.`,
    remedy: "Name who exactly shall have access, for example group:data-readers@example.com.",
  },
} as const satisfies CodeCatalogue;
