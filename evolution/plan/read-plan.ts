import { JSONParser, TokenType } from "@streamparser/json";
import { z } from "zod";
import { UsageError } from "../../model/errors";
import { Configured } from "./configured";
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

/** What else of a plan a reader may want. */
export interface PlanParts {
  /** Each entry of `resource_drift` about a managed resource: what happened to it outside Terraform. */
  readonly onDrift?: (drifted: PlannedChange) => void;
  /** What the configuration's root module says of a resource. */
  readonly onConfigured?: (configured: Configured) => void;
  /** The version of the google provider that the configuration asks for: `6.50.0`, `~> 7.30`. */
  readonly onProviderVersion?: (constraint: string) => void;
}

// Looked up once: millions of tokens are compared with them.
const { LEFT_BRACE, LEFT_BRACKET, RIGHT_BRACE, RIGHT_BRACKET, STRING } = TokenType;

const Provider = z.object({ name: z.string().optional(), version_constraint: z.string().optional() });

const SHOW = "Make it with `terraform plan -out=plan.out` and `terraform show -json plan.out > plan.json`.";

/**
 * Reads the output of `terraform show -json <plan>`, whichever program made the plan, in one pass.
 *
 * Memory is bounded by the largest single resource: `planned_values` and `prior_state`, most of a plan, are read past.
 *
 * @param chunks - the file's bytes in order.
 * @param file - its name, for messages.
 * @param onChange - gets each planned change of a managed resource, deferred ones as well, in the plan's order.
 * @param parts - takers of what else the plan holds.
 * @throws {@link UsageError} when it is not JSON, not a plan, of another format version, truncated, or a plan that failed.
 */
export async function readPlan(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  onChange: (change: PlannedChange) => void,
  parts: PlanParts = {},
): Promise<PlanSummary> {
  const reader = new PlanReader(file, onChange, parts);
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
      "$.resource_drift.*",
      "$.configuration.provider_config.*",
      "$.configuration.root_module.resources.*",
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
    private readonly parts: PlanParts,
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
    } else if (parent === "resource_drift") {
      const drifted = this.parse(PlannedChange, value, `resource_drift[${String(key)}]`);
      if (drifted.mode !== "data") this.parts.onDrift?.(drifted);
    } else if (parent === "configuration") this.receiveConfiguration(value, key);
    else this.header.set(String(key), value);
  }

  private receiveChange(value: unknown, place: string): void {
    this.changes++;
    const change = this.parse(PlannedChange, value, place);
    if (change.mode !== "data") this.onChange(change);
  }

  /** A provider's configuration has its name as key, a resource's its position. */
  private receiveConfiguration(value: unknown, key: unknown): void {
    if (typeof key === "number") {
      this.parts.onConfigured?.(this.parse(Configured, value, `configuration.root_module.resources[${key}]`));
      return;
    }
    const { name, version_constraint: constraint } = this.parse(Provider, value, `configuration.provider_config`);
    if (name === "google" && constraint !== undefined) this.parts.onProviderVersion?.(constraint);
  }

  private parse<T>(format: z.ZodType<T>, value: unknown, place: string): T {
    const parsed = format.safeParse(value);
    if (parsed.success) return parsed.data;
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
