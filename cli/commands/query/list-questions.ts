import Table from "cli-table3";
import type { CliContext } from "../../context";
import { readQuestions } from "../../questions/read-questions";

/** Prints every question, what it answers, and the parameters it takes. */
export function listQuestions({ print }: CliContext, json: boolean): void {
  const questions = readQuestions();
  if (json) {
    print(`${JSON.stringify(questions.map(({ sql: _, ...question }) => question))}\n`);
    return;
  }
  const table = new Table({
    head: ["question", "answers", "parameters (default)"],
    style: { head: [], border: [], compact: true },
    colWidths: [22, 56, 40],
    wordWrap: true,
  });
  for (const { name, description, parameters } of questions) {
    const taken = parameters.map(
      (one) => `${one.name}${one.defaultValue === undefined ? "" : ` (${one.defaultValue})`}`,
    );
    table.push([name, description, taken.join(", ")]);
  }
  print(`${table.toString()}\n`);
}
