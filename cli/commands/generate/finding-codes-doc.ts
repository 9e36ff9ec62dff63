import { ALLOWABLE_CODES, codeInfo, FINDING_CODES } from "../../../evolution/catalogue/codes";
import { withSection } from "./marked-section";
import { READ_VERSIONS, type VersionRange } from "../../../evolution/plan/provider-version";

/** The page on schema evolution with its table of codes. */
export function schemaEvolutionDoc(file: string): string {
  return withSection(file, "codes", codesTable());
}

function codesTable(): string {
  const rows = FINDING_CODES.map((code) => {
    const { effect, breaksWriters, title, source, providers } = codeInfo(code);
    return `| \`${code}\` | ${effect} | ${ALLOWABLE_CODES.includes(code) ? "yes" : ""} | ${breaksWriters === true ? "yes" : ""} | ${versionsInWords(providers)} | ${title} | ${source} |\n`;
  });
  return `| Code | Effect | Needs an allowance | Breaks writers | Provider | What it is | Rule from |\n| --- | --- | --- | --- | --- | --- | --- |\n${rows.join("")}`;
}

/** `6.50 to 7.30`: versions of the google provider in which a rule holds, of those that were read. */
function versionsInWords({ from = READ_VERSIONS.from, before = READ_VERSIONS.before }: VersionRange = {}): string {
  const [major = 0, minor = 0] = before.split(".").map(Number);
  return `${from} to ${major}.${minor - 1}`;
}
