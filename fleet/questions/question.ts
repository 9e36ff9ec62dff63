import { defined } from "../../model/defined";
import { UsageError } from "../../model/errors";
import type { DatasetName } from "../../model/names";
import { didYouMean } from "../../model/problems";

/** A named SQL question over the tables of one tenant. */
export interface Question {
  /** Name of its file, e.g. `stuck-runs`. */
  readonly name: string;
  /** What it answers, in a line. */
  readonly description: string;
  readonly parameters: readonly QuestionParameter[];
  /** GoogleSQL over tables named `` `project.tenant_metadata.<tableId>` ``. */
  readonly sql: string;
}

/** A value that a question takes, as a named query parameter of type STRING. */
export interface QuestionParameter {
  readonly name: string;
  readonly description: string;
  /** Absent: the caller has to give a value. */
  readonly defaultValue?: string;
}

/** What the files write where a tenant's dataset goes; no project of Google's may have this name. */
const PLACEHOLDER = "project.tenant_metadata";
const PARAMETER = /^-- @(\w+): (.+?)(?: \(([^()]*)\))?$/;

/**
 * Reads a question: comment lines that say what it answers, one `-- @name: what it means (default)` for each parameter, and
 * the SQL.
 *
 * @throws {@link UsageError} when the description or a parameter is missing, or one is not used.
 */
export function parseQuestion(name: string, text: string): Question {
  const lines = text.split(/\r?\n/);
  const end = lines.findIndex((line) => !line.startsWith("--"));
  const header = lines.slice(0, end === -1 ? lines.length : end);
  const parameters = header.flatMap((line) => {
    const [, parameter, description, defaultValue] = PARAMETER.exec(line) ?? [];
    if (parameter === undefined || description === undefined) return [];
    return [defined({ name: parameter, description, defaultValue })];
  });
  const description = header
    .filter((line) => !line.startsWith("-- @"))
    .map((line) => line.slice(2).trim())
    .join(" ");
  const sql = lines.slice(header.length).join("\n").trim();
  const declared = new Set(parameters.map((parameter) => parameter.name));
  const used = new Set([...sql.matchAll(/@(\w+)/g)].map(([, parameter = ""]) => parameter));
  const problems = [
    ...(description === "" ? ["its first line is no comment that says what it answers"] : []),
    ...(sql.includes(`\`${PLACEHOLDER}.`) ? [] : [`it reads no table \`${PLACEHOLDER}.<table>\``]),
    ...[...used]
      .filter((one) => !declared.has(one))
      .map((one) => `it uses @${one}, which no line "-- @${one}: …" declares`),
    ...[...declared].filter((one) => !used.has(one)).map((one) => `it declares @${one} and does not use it`),
  ];
  if (problems.length > 0) throw new UsageError(`queries/${name}.sql is not usable: ${problems.join("; ")}.`);
  return { name, description, parameters, sql };
}

/** The question over one tenant's dataset. */
export function questionSql({ sql }: Question, { projectId, datasetId }: DatasetName): string {
  return sql.replaceAll(PLACEHOLDER, `${projectId}.${datasetId}`);
}

/**
 * Values of a question's parameters: those given, and the defaults of the others.
 *
 * @throws {@link UsageError} for one that the question does not take, or that has no value.
 */
export function bindParameters(
  { name, parameters }: Question,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const known = parameters.map((parameter) => parameter.name);
  const unknown = Object.keys(given).find((parameter) => !known.includes(parameter));
  if (unknown !== undefined) {
    const guess = didYouMean(unknown, known);
    const hint = guess === undefined ? `It takes ${known.join(", ") || "none"}.` : `Did you mean ${guess}?`;
    throw new UsageError(`The question ${name} takes no parameter ${JSON.stringify(unknown)}. ${hint}`);
  }
  return Object.fromEntries(
    parameters.map(({ name: parameter, description, defaultValue }) => {
      const value = Object.hasOwn(given, parameter) ? given[parameter] : defaultValue;
      if (value === undefined) {
        throw new UsageError(`The question ${name} needs a value: --param ${parameter}=<value> (${description}).`);
      }
      return [parameter, value];
    }),
  );
}
