import { readFileSync } from "node:fs";
import { ALLOWABLE_CODES, codeInfo, FINDING_CODES } from "../../../evolution/catalogue/codes";
import { UsageError } from "../../../model/errors";

const START = "<!-- Written by `npm run generate`: codes -->";
const END = "<!-- End of codes -->";

/** The page on schema evolution with its table of codes brought up to date; the rest is written by hand. */
export function schemaEvolutionDoc(file: string): string {
  const text = readFileSync(file, "utf8");
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start === -1 || end < start)
    throw new UsageError(`${file} lacks the marks ${START} and ${END}. Put them where the table belongs.`);
  return `${text.slice(0, start + START.length)}\n\n${codesTable()}\n${text.slice(end)}`;
}

function codesTable(): string {
  const rows = FINDING_CODES.map((code) => {
    const { effect, breaksWriters, title, source } = codeInfo(code);
    return `| \`${code}\` | ${effect} | ${ALLOWABLE_CODES.includes(code) ? "yes" : ""} | ${breaksWriters === true ? "yes" : ""} | ${title} | ${source} |\n`;
  });
  return `| Code | Effect | Needs an allowance | Breaks writers | What it is | Rule from |\n| --- | --- | --- | --- | --- | --- |\n${rows.join("")}`;
}
