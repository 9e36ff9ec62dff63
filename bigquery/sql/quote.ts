import { type DatasetName, fullTableName } from "../../model/names";

/** A name, as GoogleSQL quotes it: `` `step_logs` ``. No name of ours holds a backtick; one is escaped all the same. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("\n", "\\n").replaceAll("\r", "\\r")}\``;
}

/** A string literal: `'it\'s'`. */
export function quoteText(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
  return `'${escaped}'`;
}

/** A table's full name, quoted: `` `my-project.acme_metadata.step_logs` ``. */
export function quoteTable({ projectId, datasetId }: DatasetName, tableId: string): string {
  return quoteName(fullTableName(projectId, datasetId, tableId));
}

/** Text that a comment may hold: on one line, so that nothing of it is run. */
export function commentText(text: string): string {
  return text.replaceAll(/[\s\u0085]+/g, " ");
}
