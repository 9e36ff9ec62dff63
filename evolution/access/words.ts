import { own } from "../../model/own";
import { AUTHORIZED_ROLE, type Grant, showsRows } from "./grant";

const VERBS: Readonly<Record<string, string>> = {
  "roles/bigquery.metadataViewer": "see the columns of",
  "roles/bigquerydatapolicy.maskedReader": "read masked columns of",
  "roles/bigquery.filteredDataViewer": "read some rows of",
  "roles/bigquery.dataViewer": "read",
  [AUTHORIZED_ROLE]: "read",
  "roles/bigquery.dataEditor": "write",
  "roles/bigquery.dataOwner": "own",
};

/** `group:auditors@example.com may read`, with the condition that it is under. */
export function permissionInWords({ member, role, condition }: Pick<Grant, "member" | "role" | "condition">): string {
  const verb = own(VERBS, role) ?? `use ${quoted(role)} on`;
  return `${quoted(member)} may ${verb}${condition === undefined ? "" : ` (where ${condition})`}`;
}

/** What does not read as a name is quoted, so that it cannot pass for words of this tool. */
function quoted(name: string): string {
  const isName = /^[\w:@./+\-*?=%~[\]]+$/.test(name) || OWN_WORDS.has(name);
  return isName ? name : JSON.stringify(name);
}

const OWN_WORDS: ReadonlySet<string> = new Set(["(sensitive)", "an unknown member", "an unknown role"]);

/** What a grant reaches: `step_logs`, `every table of the dataset`, `every dataset of the project`. */
export function reachInWords({ reach, table, role }: Grant): string {
  if (reach === "project") return showsRows(role) ? "every dataset there" : "the project";
  return table === "*" || reach === "dataset" ? "every table of the dataset" : table;
}

/** `group:auditors@example.com may read step_logs`. */
export function grantInWords(grant: Grant): string {
  return `${permissionInWords(grant)} ${reachInWords(grant)}`;
}
