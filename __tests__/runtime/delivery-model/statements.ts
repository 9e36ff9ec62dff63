import type { Service, Table } from "./service";

type Parameters = Readonly<Record<string, string>>;
type Row = Record<string, unknown>;

/** What a statement gives back. */
export interface Result {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly affected: number;
}

/** A kind of statement that the runtime sends, and what it does to the table that it names. */
interface Statement {
  readonly pattern: RegExp;
  readonly carryOut: (table: Table, parameters: Parameters, match: RegExpExecArray) => Result;
}

const NAME = "`([^`]+)`";

const STATEMENTS: readonly Statement[] = [
  {
    pattern: new RegExp(`^UPDATE ${NAME} AS run SET status = JSON_VALUE\\(finish, '\\$\\.status'\\)`),
    carryOut: (table, parameters) => {
      const ends = new Map(finishes(parameters).map((finish) => [finish["pipelineLoggingId"], finish]));
      const ended = table.rows.filter((row) => ends.has(row["pipeline_logging_id"]));
      table.rows = table.rows.map((row) => {
        const end = ends.get(row["pipeline_logging_id"]);
        return end === undefined ? row : { ...row, status: end["status"] };
      });
      return { columns: [], rows: [], affected: ended.length };
    },
  },
  {
    pattern: new RegExp(`^SELECT run\\.pipeline_logging_id AS id FROM ${NAME} AS run`),
    carryOut: (table, parameters) =>
      ids(table, "pipeline_logging_id", new Set(finishes(parameters).map((finish) => finish["pipelineLoggingId"]))),
  },
  {
    pattern: new RegExp(`^SELECT DISTINCT \`(\\w+)\` AS id FROM ${NAME} WHERE \`\\1\` IN `),
    carryOut: (table, { ids: wanted = "[]" }, [, column = ""]) =>
      ids(table, column, new Set(JSON.parse(wanted) as string[])),
  },
  {
    pattern: new RegExp(`^SELECT COUNT\\(\\*\\) AS found FROM ${NAME} WHERE \`(\\w+)\` = @id`),
    carryOut: (table, { id }, [, , column = ""]) => {
      const found = table.rows.filter((row) => row[column] === id).length;
      return { columns: ["found"], rows: [[String(found)]], affected: 0 };
    },
  },
  {
    pattern: new RegExp(`^DELETE FROM ${NAME} WHERE \`(\\w+)\` = @id`),
    carryOut: (table, { id }, [, , column = ""]) => {
      const kept = table.rows.filter((row) => row[column] !== id);
      const affected = table.rows.length - kept.length;
      table.rows = kept;
      return { columns: [], rows: [], affected };
    },
  },
];

/**
 * Carries out one of the statements that the runtime sends.
 *
 * @returns `undefined` when the table does not exist.
 * @throws for a statement that is not known here.
 */
export function carryOut(service: Service, sql: string, parameters: Parameters): Result | undefined {
  const text = sql.replaceAll(/\s+/g, " ").trim();
  for (const { pattern, carryOut: run } of STATEMENTS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const name = match.slice(1).find((group) => group.includes(".")) ?? "";
    const [project = "", dataset = "", tableId = ""] = name.split(".");
    const table = service.tables.get(`projects/${project}/datasets/${dataset}/tables/${tableId}`);
    if (table === undefined) return undefined;
    service.hear(table.path);
    return run(table, parameters, match);
  }
  const message = `The model does not know this statement; teach it in statements.ts: ${text}`;
  service.violations.push(message);
  throw new Error(message);
}

function finishes({ finishes: text = "[]" }: Parameters): readonly Row[] {
  return JSON.parse(text) as Row[];
}

function ids(table: Table, column: string, wanted: ReadonlySet<unknown>): Result {
  const found = new Set(table.rows.map((row) => row[column]).filter((id) => wanted.has(id)));
  return { columns: ["id"], rows: [...found].map((id) => [String(id)]), affected: 0 };
}
