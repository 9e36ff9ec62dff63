import { TokenType } from "@streamparser/json";

// Looked up once: millions of tokens are compared with them.
const { COLON, FALSE, LEFT_BRACE, LEFT_BRACKET, NULL, RIGHT_BRACE, RIGHT_BRACKET, STRING } = TokenType;

/** Every key that a plan of Terraform 1.14 or OpenTofu may have. @see https://developer.hashicorp.com/terraform/internals/json-format */
const KNOWN: ReadonlySet<string> = new Set([
  "action_invocations",
  "applyable",
  "checks",
  "complete",
  "configuration",
  "deferred_action_invocations",
  "deferred_changes",
  "errored",
  "format_version",
  "output_changes",
  "planned_values",
  "prior_state",
  "relevant_attributes",
  "resource_changes",
  "resource_drift",
  "terraform_version",
  "timestamp",
  "variables",
]);

/** Collects the keys of the outermost object from its tokens, without building their values. */
export class OuterKeys {
  private readonly keys = new Set<string>();
  /** Those that hold something: neither null, false, nor empty. */
  private readonly filled = new Set<string>();
  private depth = 0;
  private text = "";
  private key: string | undefined;

  take(token: TokenType, value: unknown): void {
    if (this.key !== undefined) this.takeValue(this.key, token, value);
    if (token === LEFT_BRACE || token === LEFT_BRACKET) this.depth++;
    else if (token === RIGHT_BRACE || token === RIGHT_BRACKET) this.depth--;
    else if (this.depth === 1 && token === STRING) this.text = String(value);
    else if (this.depth === 1 && token === COLON) this.keys.add((this.key = this.text));
  }

  has(key: string): boolean {
    return this.keys.has(key);
  }

  /** Keys that hold something and that nobody has read the meaning of. */
  unknown(): readonly string[] {
    return [...this.filled].filter((key) => !KNOWN.has(key));
  }

  /** Looks at the first token of a value, and at the second of an object or list. */
  private takeValue(key: string, token: TokenType, value: unknown): void {
    if (this.depth === 1 && (token === LEFT_BRACE || token === LEFT_BRACKET)) return;
    this.key = undefined;
    const isEmpty = token === NULL || token === FALSE || token === RIGHT_BRACE || token === RIGHT_BRACKET;
    if (!isEmpty && value !== "") this.filled.add(key);
  }
}
