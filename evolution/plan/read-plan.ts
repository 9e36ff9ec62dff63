import { JSONParser, TokenType } from "@streamparser/json";
import { UsageError } from "../../model/errors";
import { PlannedChange } from "./planned-change";

/** What a plan says of itself. */
export interface PlanSummary {
  /** `1.2`. */
  readonly formatVersion: string;
  /** Version of the program that made it; absent in plans of old ones. */
  readonly terraformVersion?: string;
  /** `false` when parts were deferred or left out by `-target`. */
  readonly complete: boolean;
  /** Number of entries in `resource_changes`, of any provider. */
  readonly changes: number;
}

// Looked up once: millions of tokens are compared with them.
const { LEFT_BRACE, LEFT_BRACKET, RIGHT_BRACE, RIGHT_BRACKET, STRING } = TokenType;

const SHOW = "Make it with `terraform plan -out=plan.out` and `terraform show -json plan.out > plan.json`.";

/**
 * Reads the output of `terraform show -json <plan>`, whichever program made the plan, in one pass.
 *
 * Memory is bounded by the largest single resource: `planned_values`, `prior_state` and `configuration`, most of a plan, are
 * read past.
 *
 * @param chunks - the file's bytes in order.
 * @param file - its name, for messages.
 * @param onChange - gets each planned change of a managed resource, deferred ones as well, in the plan's order.
 * @throws {@link UsageError} when it is not JSON, not a plan, of another format version, truncated, or a plan that failed.
 */
export async function readPlan(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  onChange: (change: PlannedChange) => void,
): Promise<PlanSummary> {
  const reader = new PlanReader(file, onChange);
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst) recognize(chunk, file);
    reader.write(chunk);
    isFirst = false;
  }
  if (isFirst) throw new UsageError(`${file} is empty. ${SHOW}`);
  return reader.end();
}

class PlanReader {
  private readonly header = new Map<string, unknown>();
  private readonly keys = new Set<string>();
  private readonly parser = new JSONParser({
    paths: [
      "$.format_version",
      "$.terraform_version",
      "$.complete",
      "$.errored",
      "$.resource_changes.*",
      "$.deferred_changes.*",
    ],
    keepStack: false,
    stringBufferSize: 64 * 1024,
  });
  private depth = 0;
  private changes = 0;
  private failure: Error | undefined;

  constructor(
    private readonly file: string,
    private readonly onChange: (change: PlannedChange) => void,
  ) {
    this.parser.onToken = ({ token, value }) => this.countKeys(token, value);
    this.parser.onValue = ({ value, key, stack }) => this.receive(value, key, String(stack[1]?.key ?? ""));
    this.parser.onError = (error) => (this.failure ??= error);
  }

  write(chunk: Uint8Array): void {
    this.parser.write(chunk);
    this.check();
  }

  end(): PlanSummary {
    if (!this.parser.isEnded) {
      throw new UsageError(`${this.file} ends in the middle of the JSON: it was cut off. ${SHOW}`);
    }
    const formatVersion = this.header.get("format_version");
    const isPlan = ["resource_changes", "planned_values", "configuration"].some((key) => this.keys.has(key));
    if (typeof formatVersion !== "string" || !isPlan) {
      const state = this.keys.has("values")
        ? " It looks like a state, which `terraform show -json` prints without a plan file."
        : "";
      throw new UsageError(`${this.file} is JSON, but not a Terraform plan.${state} ${SHOW}`);
    }
    if (!/^1\.\d+$/.test(formatVersion)) {
      throw new UsageError(
        `${this.file} has format version ${formatVersion}; 1.x can be read. Make the plan with Terraform 1.1 or later, or OpenTofu.`,
      );
    }
    if (this.header.get("errored") === true) {
      throw new UsageError(
        `${this.file} is a plan that failed, so it holds only part of the changes. Fix the error and plan again.`,
      );
    }
    const terraformVersion = this.header.get("terraform_version");
    return {
      formatVersion,
      ...(typeof terraformVersion === "string" ? { terraformVersion } : {}),
      complete: this.header.get("complete") !== false,
      changes: this.changes,
    };
  }

  private receive(value: unknown, key: unknown, parent: string): void {
    if (parent === "resource_changes") this.receiveChange(value, `resource_changes[${String(key)}]`);
    else if (parent === "deferred_changes") {
      const deferred = (value as { resource_change?: unknown } | null)?.resource_change;
      this.receiveChange(deferred, `deferred_changes[${String(key)}].resource_change`);
    } else this.header.set(String(key), value);
  }

  private receiveChange(value: unknown, place: string): void {
    this.changes++;
    const parsed = PlannedChange.safeParse(value);
    if (parsed.success) {
      if (parsed.data.mode !== "data") this.onChange(parsed.data);
      return;
    }
    const [issue] = parsed.error.issues;
    throw new UsageError(
      `${this.file} is not a Terraform plan: ${[place, ...(issue?.path ?? [])].join(".")}: ${issue?.message ?? "unreadable"}. ${SHOW}`,
    );
  }

  /** Collects the keys of the outermost object without building their values. */
  private countKeys(token: TokenType, value: unknown): void {
    if (token === LEFT_BRACE || token === LEFT_BRACKET) this.depth++;
    else if (token === RIGHT_BRACE || token === RIGHT_BRACKET) this.depth--;
    else if (token === STRING && this.depth === 1) this.keys.add(String(value));
  }

  private check(): void {
    if (this.failure === undefined) return;
    if (this.failure instanceof UsageError) throw this.failure;
    const { message } = this.failure;
    const [, what, byte] = /^Unexpected "(.*)" at chunk position.*absolute position "(\d+)"/s.exec(message) ?? [];
    const reason = what === undefined ? message : `unexpected ${what} at byte ${byte ?? "?"}`;
    throw new UsageError(`${this.file} is not JSON: ${reason}. ${SHOW}`, { cause: this.failure });
  }
}

/** Names what people pass by mistake. */
function recognize(chunk: Uint8Array, file: string): void {
  const start = Buffer.from(chunk.subarray(0, 64)).toString("latin1");
  if (start.startsWith("PK\u0003\u0004")) {
    throw new UsageError(
      `${file} is Terraform's binary plan file. Print it as JSON: \`terraform show -json ${file} > plan.json\`.`,
    );
  }
  if (start.startsWith("\u00FF\u00FE") || start.startsWith("\u00FE\u00FF")) {
    throw new UsageError(
      `${file} is UTF-16, as Windows PowerShell writes it. Save it as UTF-8: \`… | Out-File -Encoding utf8 plan.json\`.`,
    );
  }
  if (start.startsWith('{"@level"')) {
    throw new UsageError(`${file} is the log that \`terraform plan -json\` prints, not a plan. ${SHOW}`);
  }
}
