import { JSONParser } from "@streamparser/json";
import { z } from "zod";
import { UsageError } from "../../model/errors";
import { type Finding, finding } from "../catalogue/finding";
import { commandsOf, invoked } from "./commands";
import { Configured } from "./configured";
import { OuterKeys } from "./outer-keys";
import { PlannedChange } from "./planned-change";
import { isKnownSource } from "./provider-version";

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
  /** What the reading itself finds: commands that the plan runs, and parts whose meaning is not known. */
  readonly onFinding?: (found: Finding) => void;
}

const Provider = z.object({
  name: z.string().optional(),
  full_name: z.string().optional(),
  version_constraint: z.string().optional(),
});

const SHOW = "Make it with `terraform plan -out=plan.out` and `terraform show -json plan.out > plan.json`.";

/**
 * Reads the output of `terraform show -json <plan>`, whichever program made the plan, in one pass.
 *
 * Memory is bounded by the largest single resource or called module: `planned_values` and `prior_state`, most of a plan, are read past.
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
  private readonly keys = new OuterKeys();
  private readonly parser = new JSONParser({
    paths: [
      "$.format_version",
      "$.terraform_version",
      "$.complete",
      "$.errored",
      "$.resource_changes.*",
      "$.deferred_changes.*",
      "$.resource_drift.*",
      "$.action_invocations.*",
      "$.deferred_action_invocations.*",
      "$.configuration.provider_config.*",
      "$.configuration.root_module.resources.*",
      "$.configuration.root_module.module_calls.*",
    ],
    keepStack: false,
    stringBufferSize: 64 * 1024,
  });
  private changes = 0;
  private failure: Error | undefined;

  constructor(
    private readonly file: string,
    private readonly onChange: (change: PlannedChange) => void,
    private readonly parts: PlanParts,
  ) {
    this.parser.onToken = ({ token, value }) => this.keys.take(token, value);
    this.parser.onValue = ({ value, key, stack }) =>
      this.receive(value, key, String(stack[1]?.key ?? ""), stack.at(-1)?.key);
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
    for (const key of this.keys.unknown()) {
      this.parts.onFinding?.(finding("plan-part-unknown", { table: "*", path: key }, { key }));
    }
    const terraformVersion = this.header.get("terraform_version");
    return {
      formatVersion,
      ...(typeof terraformVersion === "string" ? { terraformVersion } : {}),
      complete: this.header.get("complete") !== false,
      changes: this.changes,
    };
  }

  private receive(value: unknown, key: unknown, parent: string, inner: unknown): void {
    if (parent === "resource_changes") this.receiveChange(value, `resource_changes[${String(key)}]`);
    else if (parent === "deferred_changes") {
      const deferred = (value as { resource_change?: unknown } | null)?.resource_change;
      this.receiveChange(deferred, `deferred_changes[${String(key)}].resource_change`);
    } else if (parent === "resource_drift") {
      const drifted = this.parse(PlannedChange, value, `resource_drift[${String(key)}]`);
      if (drifted.mode !== "data") this.parts.onDrift?.(drifted);
    } else if (parent.endsWith("action_invocations"))
      this.parts.onFinding?.(invoked(value, `${parent}[${String(key)}]`));
    else if (parent === "configuration") this.receiveConfiguration(value, key, inner);
    else this.header.set(String(key), value);
  }

  private receiveChange(value: unknown, place: string): void {
    this.changes++;
    const change = this.parse(PlannedChange, value, place);
    if (change.mode !== "data") this.onChange(change);
  }

  private receiveConfiguration(value: unknown, key: unknown, parent: unknown): void {
    if (parent === "provider_config") this.receiveProvider(value);
    else {
      for (const found of commandsOf(value, parent === "module_calls" ? `module.${String(key)}.` : "")) {
        this.parts.onFinding?.(found);
      }
      if (parent !== "resources") return;
      this.parts.onConfigured?.(this.parse(Configured, value, `configuration.root_module.resources[${String(key)}]`));
    }
  }

  private receiveProvider(value: unknown): void {
    const provider = this.parse(Provider, value, `configuration.provider_config`);
    const { name, full_name: source, version_constraint: constraint } = provider;
    if (name !== "google" && name !== "google-beta") return;
    if (source !== undefined && !isKnownSource(source)) {
      this.parts.onFinding?.(finding("provider-foreign", { table: "*", path: "" }, { source }));
    }
    if (constraint !== undefined) this.parts.onProviderVersion?.(constraint);
  }

  private parse<T>(format: z.ZodType<T>, value: unknown, place: string): T {
    const parsed = format.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new UsageError(
      `${this.file} is not a Terraform plan: ${[place, ...(issue?.path ?? [])].join(".")}: ${issue?.message ?? "unreadable"}. ${SHOW}`,
    );
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
