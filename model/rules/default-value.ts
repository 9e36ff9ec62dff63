import type { Column, ColumnType } from "../formats/table-definition";
import { type SqlToken, sqlTokens } from "./sql-literals";

/**
 * What an expression gives: a type of BigQuery; `TEXT`, a literal that turns into dates and times as well; `NULL`; an array;
 * or a struct.
 */
type Given = string | { readonly elements: readonly Given[] } | { readonly members: readonly Given[] };

/** The functions that a default may call, with the types of their arguments and what they give. */
const FUNCTIONS: ReadonlyMap<string, { readonly takes: readonly string[]; readonly gives: string }> = new Map([
  ["CURRENT_DATE", { takes: ["", "TEXT"], gives: "DATE" }],
  ["CURRENT_DATETIME", { takes: ["", "TEXT"], gives: "DATETIME" }],
  ["CURRENT_TIME", { takes: ["", "TEXT"], gives: "TIME" }],
  ["CURRENT_TIMESTAMP", { takes: [""], gives: "TIMESTAMP" }],
  ["GENERATE_UUID", { takes: [""], gives: "STRING" }],
  ["RAND", { takes: [""], gives: "FLOAT" }],
  ["SESSION_USER", { takes: [""], gives: "STRING" }],
  ["ST_GEOGPOINT", { takes: ["NUMBER,NUMBER"], gives: "GEOGRAPHY" }],
]);

/** Words before a text that make it a literal of their type. */
const TYPED_LITERALS: ReadonlyMap<string, string> = new Map([
  ["DATE", "DATE"],
  ["DATETIME", "DATETIME"],
  ["TIME", "TIME"],
  ["TIMESTAMP", "TIMESTAMP"],
  ["NUMERIC", "NUMERIC"],
  ["DECIMAL", "NUMERIC"],
  ["BIGNUMERIC", "BIGNUMERIC"],
  ["BIGDECIMAL", "BIGNUMERIC"],
  ["JSON", "JSON"],
]);

const INTERVAL_PARTS = ["YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"];

/** What each type takes besides itself. @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/conversion_rules#coercion */
const TAKES: Readonly<Partial<Record<ColumnType, readonly string[]>>> = {
  STRING: ["TEXT"],
  FLOAT: ["INTEGER", "NUMERIC", "BIGNUMERIC"],
  NUMERIC: ["INTEGER", "FLOAT"],
  BIGNUMERIC: ["INTEGER", "FLOAT", "NUMERIC"],
  DATE: ["TEXT"],
  TIME: ["TEXT"],
  DATETIME: ["TEXT", "DATE"],
  TIMESTAMP: ["TEXT"],
};

const MAX_DEPTH = 16;

/** What a default may be, for people. */
export const DEFAULT_VALUE_ALLOWED = `a literal, an array or struct of them, or ${[...FUNCTIONS.keys()].join(", ")}`;

/**
 * What is wrong with the default of a column; `undefined` when nothing is.
 *
 * The expression stands in statements as it is written, so it is parsed: nothing but what BigQuery takes for a default passes.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/default-values
 */
export function defaultValueProblem(expression: string, column: Column): string | undefined {
  const given = parse(expression);
  if (given === undefined) return "The default is neither a literal nor a function that BigQuery takes for defaults";
  if (column.mode === "REPEATED") {
    if (typeof given === "string" || !("elements" in given)) return `The default of ${column.name} is no array`;
    if (given.elements.includes("NULL")) return "An array that is a default holds no NULL";
    const item: Column = { ...column, mode: "REQUIRED" };
    return given.elements.every((element) => fits(element, item)) ? undefined : mismatch(column);
  }
  if (given === "NULL" && column.mode === "REQUIRED")
    return `The default of ${column.name}, which is REQUIRED, is NULL`;
  return fits(given, column) ? undefined : mismatch(column);
}

function parse(expression: string): Given | undefined {
  const tokens = sqlTokens(expression);
  try {
    return tokens && new Parser(tokens).whole();
  } catch (error) {
    if (error instanceof NoDefault) return undefined;
    throw error;
  }
}

function mismatch({ name, type, mode }: Column): string {
  return `The default does not have the type of ${name}, which is ${mode === "REPEATED" ? "an array of " : ""}${type}`;
}

function fits(given: Given, { type, mode, fields = [] }: Column): boolean {
  if (mode === "REPEATED") {
    if (typeof given === "string" || !("elements" in given)) return false;
    return given.elements.every((element) => fits(element, { name: "", type, mode: "REQUIRED", fields }));
  }
  if (given === "NULL") return mode === "NULLABLE";
  if (typeof given === "string") return given === type || TAKES[type]?.includes(given) === true;
  if (type !== "RECORD" || !("members" in given) || given.members.length !== fields.length) return false;
  return fields.every((field, index) => fits(given.members[index] ?? "NULL", field));
}

/** The expression is none that may be a default. */
class NoDefault extends Error {}

/** Recursive descent: each method reads one thing, gives `undefined` where it does not start, and throws {@link NoDefault} where it breaks off. */
class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly SqlToken[]) {}

  whole(): Given {
    const given = this.expression();
    return this.tokens[this.at]?.kind === "end" ? given : this.fail();
  }

  private fail(): never {
    throw new NoDefault();
  }

  private expression(): Given {
    if (++this.depth > MAX_DEPTH) this.fail();
    const given = this.signed() ?? this.array() ?? this.struct() ?? this.word() ?? this.literal() ?? this.fail();
    this.depth--;
    return given;
  }

  private signed(): Given | undefined {
    if (this.mark("+", "-") === undefined) return undefined;
    const number = this.literal();
    return number === "INTEGER" || number === "FLOAT" ? number : this.fail();
  }

  private literal(): string | undefined {
    const token = this.tokens[this.at];
    if (token?.kind !== "literal") return undefined;
    this.at++;
    return token.text;
  }

  private array(): Given | undefined {
    const named = this.keyword("ARRAY");
    if (named) this.typeArguments();
    if (this.mark("[") === undefined) return named ? this.fail() : undefined;
    return { elements: this.list("]") };
  }

  /** `STRUCT(1, 'a')`, `(1, 'a')`; one expression in parentheses is that expression. */
  private struct(): Given | undefined {
    const named = this.keyword("STRUCT");
    if (named) this.typeArguments();
    if (this.mark("(") === undefined) return named ? this.fail() : undefined;
    const members = this.list(")", named);
    if (members.length === 0) this.fail();
    return !named && members.length === 1 ? members[0] : { members };
  }

  private word(): Given | undefined {
    const token = this.tokens[this.at];
    if (token?.kind !== "word") return undefined;
    this.at++;
    if (token.text === "NULL") return "NULL";
    if (token.text === "TRUE" || token.text === "FALSE") return "BOOLEAN";
    if (token.text === "INTERVAL") return this.interval();
    const type = TYPED_LITERALS.get(token.text);
    if (type !== undefined) return this.literal() === "TEXT" ? type : this.fail();
    const called = FUNCTIONS.get(token.text);
    if (called === undefined) return this.fail();
    // Parentheses may be left out of those alone that tell the time.
    if (this.mark("(") === undefined) return token.text.startsWith("CURRENT_") ? called.gives : this.fail();
    const passed = this.list(")").map((each) => {
      if (typeof each !== "string") return this.fail();
      return each === "INTEGER" || each === "FLOAT" ? "NUMBER" : each;
    });
    return called.takes.includes(passed.join(",")) ? called.gives : this.fail();
  }

  /** `INTERVAL 3 DAY`, `INTERVAL '1:30' HOUR TO MINUTE`. */
  private interval(): Given | undefined {
    this.mark("-");
    const amount = this.literal();
    if ((amount !== "INTEGER" && amount !== "TEXT") || !this.keyword(...INTERVAL_PARTS)) return this.fail();
    if (!this.keyword("TO")) return "INTERVAL";
    return amount === "TEXT" && this.keyword(...INTERVAL_PARTS) ? "INTERVAL" : this.fail();
  }

  /** Expressions with commas up to the closing mark, which is read too. */
  private list(close: string, canBeNamed = false): readonly Given[] {
    const found: Given[] = [];
    if (this.mark(close) !== undefined) return found;
    do {
      found.push(this.expression());
      if (canBeNamed && this.keyword("AS") && this.tokens[this.at++]?.kind !== "word") this.fail();
    } while (this.mark(",") !== undefined);
    return this.mark(close) === undefined ? this.fail() : found;
  }

  /** `<INT64>`, `<a STRING, b ARRAY<DATE>>`, or nothing: words that repeat what the column says. */
  private typeArguments(): void {
    let open = 0;
    do {
      if (this.mark("<") !== undefined) open++;
      else if (open > 0 && this.mark(">") !== undefined) open--;
      else if (open > 0 && this.mark(",") === undefined && this.tokens[this.at++]?.kind !== "word") this.fail();
    } while (open > 0);
  }

  private keyword(...words: readonly string[]): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== "word" || !words.includes(token.text)) return false;
    this.at++;
    return true;
  }

  private mark(...marks: readonly string[]): string | undefined {
    const token = this.tokens[this.at];
    if (token?.kind !== "mark" || !marks.includes(token.text)) return undefined;
    this.at++;
    return token.text;
  }
}
