import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseQuestion, type Question } from "../../fleet/questions/question";
import { InternalError, UsageError } from "../../model/errors";
import { pickOne } from "../../model/problems";

/** Every question of `queries/`, in order of its name. */
export function readQuestions(): readonly Question[] {
  const folder = questionFolder();
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => parseQuestion(path.basename(file, ".sql"), readFileSync(path.join(folder, file), "utf8")));
}

/** @throws {@link UsageError} for a name that no question has. */
export function questionNamed(name: string): Question {
  const questions = readQuestions();
  const question = questions.find((candidate) => candidate.name === name);
  if (question !== undefined) return question;
  const names = questions.map((candidate) => candidate.name);
  throw new UsageError(
    `There is no question ${JSON.stringify(name)}. ${pickOne(name, names, `There is: ${names.join(", ")}.`)}`,
  );
}

/** `queries/` beside the nearest package.json: this file is compiled into another depth of the package than it has here. */
function questionFolder(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const queries = path.join(folder, "queries");
    if (existsSync(path.join(folder, "package.json")) && existsSync(queries)) return queries;
    if (folder === path.dirname(folder)) throw new InternalError("The package has no folder queries/. This is a bug.");
  }
}
