import { UsageError } from "../model/errors";
import { show } from "../model/problems";
import { textProblem } from "../model/text";

/*
 * Every string of a configuration passes one of these on its way into Terraform's JSON: `literal` as a value, `code` as a
 * name that Terraform reads as part of an address.
 */

/** What starts an expression or a directive in Terraform's JSON syntax, where each string is a template. */
const TEMPLATE = /[$%](?=\{)/g;

/**
 * Characters that join the next one to a grapheme cluster. Terraform's parser of JSON goes by clusters, so that a quotation
 * mark or backslash behind one of them is none: it would read past the end of a string, or end it early.
 *
 * @see https://www.unicode.org/Public/UCD/latest/ucd/auxiliary/GraphemeBreakProperty.txt - those of class Prepend
 */
const PREPENDED =
  "[\\p{Cf}\\u0D4E\\u{111C2}\\u{111C3}\\u{113D1}\\u{1193F}\\u{11941}\\u{11A3A}\\u{11A84}-\\u{11A89}\\u{11D46}\\u{11F02}]";

/**
 * What does not get through as it is: marks of cdktf's tokens and numbers that stand for one, wherever they stand; a carriage
 * return, after which Terraform 1.11 finds no expressions; characters that hide the next one from its parser.
 */
// Looks back only behind what it has found: looking back from everywhere would take time by the square of a text's length.
const MANGLED = new RegExp(
  `(?<!\\$)\\$*(?:TfToken(?=\\[)|\\r(?!\\n)|${PREPENDED})` +
    "|Map(?<=^(?:String|Any) Map)(?= Token Value$)|e(?<=-[\\d.]+e)(?=[+-]?\\d{3})|e(?<=-[\\d.]{100,}e)",
  "gu",
);

/**
 * Makes Terraform take every string in `value` literally, at every depth, keys too.
 *
 * What would be mangled is given by an expression: `{TfToken[` becomes `{${"TfToken"}[`. A dollar sign before it goes with it,
 * since two of them would escape the expression.
 *
 * @throws {@link UsageError} for a text that cannot get through, and for the key `__proto__`, which is none in the objects
 *   that cdktf makes.
 * @see https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
export function literal<T>(value: T): T {
  if (typeof value === "string") return escape(value) as T;
  if (Array.isArray(value)) return value.map((entry: unknown) => literal(entry)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      if (key === "__proto__") throw new UsageError("No label or other key may be named __proto__. Rename it.");
      return [literal(key), literal<unknown>(entry)];
    }),
  ) as T;
}

function escape(text: string): string {
  const problem = textProblem(text);
  if (problem !== undefined) throw new UsageError(`${problem}: ${show(text)}.`);
  return text.replaceAll(TEMPLATE, "$&$&").replaceAll(MANGLED, expression);
}

/** `TfToken` gives `${"TfToken"}`; HCL escapes as JSON does, but for what needs more than 16 bits. */
function expression(text: string): string {
  const quoted = JSON.stringify(text).replaceAll(/[^ -~]/gu, (char) => {
    const hex = (char.codePointAt(0) ?? 0).toString(16);
    return hex.length > 4 ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
  });
  return `\${${quoted}}`;
}

/**
 * Checks a name that stands in Terraform's code as it is, such as `acme__step_logs`.
 *
 * @throws {@link UsageError} when it is none.
 */
export function code(name: string): string {
  if (/^[A-Za-z_][\w-]*$/.test(name)) return name;
  throw new UsageError(
    `${show(name)} cannot be a name in Terraform. Tenant and table ids are letters, digits, _ and -, and start with a letter.`,
  );
}

/** Checks an address part by part, such as `google_bigquery_dataset.acme`. */
export function codeAddress(address: string): string {
  return address.split(".").map(code).join(".");
}

/** Terraform expression for an attribute: `reference("google_bigquery_dataset.acme", "dataset_id")`. */
export function reference(address: string, attribute: string): string {
  return `\${${codeAddress(address)}.${code(attribute)}}`;
}
