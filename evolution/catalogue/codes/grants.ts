import type { CodeCatalogue } from "../code-info";

/** Who may do what to which tables, in words: `group:a@example.com may read step_logs`. */
interface InWords {
  readonly words: string;
}

const ROLES = "[BigQuery roles](https://cloud.google.com/bigquery/docs/access-control)";
const PRINCIPALS = "[Principal identifiers](https://cloud.google.com/iam/docs/principal-identifiers)";
const CONFIRM = "Have the owner of the rows confirm it.";
const may = ({ words }: InWords) => `${words}.`;

/** Access that a change gives or takes. */
export const GRANT_CODES = {
  "access-opened-broadly": {
    effect: "in-place",
    needsAllowance: true,
    title:
      "Access is granted to more than a person, a group or one workload: `domain:`, `principalSet:`, a project's basic roles, a principal of unknown kind",
    source: PRINCIPALS,
    message: ({ words }: InWords) => `${words}: everyone who belongs to it, now or later.`,
    remedy: "Name a group, for example group:data-readers@example.com.",
  },
  "key-table-exposed": {
    effect: "in-place",
    needsAllowance: true,
    title:
      "A table that only key admins may touch becomes readable for someone else, by itself, through its dataset, its project or an authorized view",
    source: `this package's own rule; ${ROLES}`,
    message: ({ words }: InWords) => `${words}: the key table is within its reach.`,
    remedy: "Grant on the other tables one by one; for keys, make the member a key admin in the configuration.",
  },
  "key-admin-added": {
    effect: "in-place",
    needsAllowance: true,
    title: "A key admin gets access to a table of keys that exists",
    source: "this package's own rule",
    message: may,
    remedy: CONFIRM,
  },
  "powerful-role-granted": {
    effect: "in-place",
    needsAllowance: true,
    title:
      "A role is granted that may do more than read and write rows (OWNER, admin), or that this version does not know",
    source: ROLES,
    message: may,
    remedy: "Grant roles/bigquery.dataViewer to read and roles/bigquery.dataEditor to write.",
  },
  "member-outside-domains": {
    effect: "in-place",
    needsAllowance: true,
    title: "Access is granted to a member outside the environment's `memberDomains`",
    source: "this package's own rule",
    message: may,
    remedy: "Name a member of these domains; if the domain belongs to you, add it to the environment's memberDomains.",
  },
  "grant-widened": {
    effect: "in-place",
    needsAllowance: true,
    title: "A member that has access already gets more: another role, or the same without its condition",
    source: ROLES,
    message: may,
    remedy: CONFIRM,
  },
  "grant-added": {
    effect: "in-place",
    title: "A member may read or write a table that it could not",
    source: ROLES,
    message: may,
    remedy: CONFIRM,
  },
  "grant-removed": {
    effect: "in-place",
    title: "A member loses access, for good or until the same plan grants it again",
    source: ROLES,
    message: ({ words }: InWords) => `No longer: ${words}.`,
    remedy: "Make sure that no pipeline runs as this member.",
  },
  "grant-renewed": {
    effect: "in-place",
    title: "A grant is removed and made again, as it is with a table that is replaced",
    source: "Terraform plan",
    message: "Terraform removes the grant and makes it again; in between the member has no access.",
    remedy: "Make sure that no pipeline runs during the change.",
  },
} as const satisfies CodeCatalogue;
