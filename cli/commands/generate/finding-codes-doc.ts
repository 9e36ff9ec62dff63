import { ALLOWABLE_CODES, codeInfo, FINDING_CODES } from "../../../evolution/catalogue/codes";
import { withSection } from "./marked-section";

/** The page on schema evolution with its table of codes. */
export function schemaEvolutionDoc(file: string): string {
  return withSection(file, "codes", codesTable());
}

function codesTable(): string {
  const rows = FINDING_CODES.map((code) => {
    const { effect, breaksWriters, title, source } = codeInfo(code);
    return `| \`${code}\` | ${effect} | ${ALLOWABLE_CODES.includes(code) ? "yes" : ""} | ${breaksWriters === true ? "yes" : ""} | ${title} | ${source} |\n`;
  });
  return `| Code | Effect | Needs an allowance | Breaks writers | What it is | Rule from |\n| --- | --- | --- | --- | --- | --- |\n${rows.join("")}`;
}
