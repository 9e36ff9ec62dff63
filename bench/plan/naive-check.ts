import { readFileSync } from "node:fs";

/* The peer: a check as it is usually written, which parses the whole plan and looks for deletions. It would miss the drop. */
const [, , file = ""] = process.argv;
const plan = JSON.parse(readFileSync(file, "utf8")) as {
  readonly resource_changes: readonly { readonly change: { readonly actions: readonly string[] } }[];
};
const deleted = plan.resource_changes.filter(({ change }) => change.actions.includes("delete"));
process.stdout.write(`${deleted.length} deletions\n`);
