/**
 * Makes Terraform take every string in `value` literally, at every depth.
 *
 * In Terraform's JSON syntax each string is a template, so a description that holds `${` or `%{` would be evaluated.
 *
 * @see https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
export function literal<T>(value: T): T {
  if (typeof value === "string") return value.replaceAll(/(\$|%)(?=\{)/g, "$1$1") as T;
  if (Array.isArray(value)) return value.map((entry: unknown) => literal(entry)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, literal<unknown>(entry)])) as T;
}
