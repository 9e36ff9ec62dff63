import { readFileSync } from "node:fs";
import { UsageError } from "../../../model/errors";

/**
 * A page with one generated section brought up to date; the rest is written by hand.
 *
 * @param name - of the section, as its marks say it.
 * @throws {@link UsageError} when the page lacks the marks.
 */
export function withSection(file: string, name: string, section: string): string {
  const [start, end] = [`<!-- Written by \`npm run generate\`: ${name} -->`, `<!-- End of ${name} -->`];
  const text = readFileSync(file, "utf8");
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from === -1 || to < from) {
    throw new UsageError(`${file} lacks the marks ${start} and ${end}. Put them where the table belongs.`);
  }
  return `${text.slice(0, from + start.length)}\n\n${section}\n${text.slice(to)}`;
}
