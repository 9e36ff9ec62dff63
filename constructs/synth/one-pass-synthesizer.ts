import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  DefaultTokenResolver,
  type IStackSynthesizer,
  type ISynthesisSession,
  StringConcat,
  TerraformElement,
  TerraformOutput,
  type TerraformStack,
  Tokenization,
} from "cdktf";
import type { IConstruct } from "constructs";
import { compare } from "../../model/problems";

/** How a token shows in JSON: inside a string, as an object, or as a number that no configuration holds. */
const TOKEN = /TfToken\[|<unresolved-token>|e\+2\d\d/;

/**
 * Writes a stack in one pass over its elements, one line per resource.
 *
 * cdktf's own synthesizer resolves every token three times: to find references between stacks, per element, and in the whole
 * once more. With a thousand tenants that is most of a synth. This one serves stacks that need only the second: no references
 * to or from other stacks, no aspects, no annotations. What it writes parses equal to what cdktf would write, but for the
 * `//` comment with the construct's path that cdktf adds to each resource and nothing reads.
 */
export class OnePassSynthesizer implements IStackSynthesizer {
  /** A line for each resource that has been rendered, by type. */
  private readonly resources = new Map<string, string[]>();
  private readonly rest: Record<string, unknown> = {};

  constructor(private readonly stack: TerraformStack) {}

  /** How many resources have been rendered, by type, e.g. 12 for `google_bigquery_table`. */
  get resourceCounts(): ReadonlyMap<string, number> {
    return new Map([...this.resources].map(([type, lines]) => [type, lines.length]));
  }

  /**
   * Renders a part of the stack now, so that it can be discarded before the next one is made: a thousand tenants' constructs
   * take many times the memory of their text.
   */
  render(part: IConstruct): void {
    for (const element of elementsBelow(part)) {
      for (const [block, content] of Object.entries(element.toTerraform() as Record<string, object>)) {
        if (block === "resource") this.addResources(content);
        else if (content !== undefined) this.rest[block] = merge(this.rest[block], this.resolve(content));
      }
    }
  }

  synthesize({ outdir, manifest, skipValidation }: ISynthesisSession): void {
    if (skipValidation !== true) this.stack.runAllValidations();
    this.render(this.stack);
    const backend = Object.keys((this.rest["terraform"] as { backend: object }).backend)[0];
    this.rest["//"] = {
      metadata: { backend, stackName: this.stack.node.id, version: manifest.version },
      outputs: { [this.stack.node.id]: outputNames(elementsBelow(this.stack)) },
    };
    const { synthesizedStackPath, workingDirectory } = manifest.forStack(this.stack);
    mkdirSync(path.join(outdir, workingDirectory), { recursive: true });
    writeFileSync(path.join(outdir, synthesizedStackPath), renderDocument(this.rest, this.resources));
  }

  private addResources(content: object): void {
    for (const [type, byName] of Object.entries(content)) {
      const lines = this.resources.get(type) ?? [];
      for (const [name, attributes] of Object.entries(byName as Record<string, Record<string, unknown>>)) {
        const { "//": _, ...uncommented } = attributes;
        lines.push(`${JSON.stringify(name)}: ${JSON.stringify(this.resolve(uncommented))}`);
      }
      this.resources.set(type, lines);
    }
  }

  /** Resolving visits every value and costs more than all else, so it is left out where there is nothing to resolve. */
  private resolve(value: object): object {
    if (!TOKEN.test(JSON.stringify(value))) return value;
    return Tokenization.resolve(value, {
      scope: this.stack,
      resolver: new DefaultTokenResolver(new StringConcat()),
    }) as object;
  }
}

function elementsBelow(part: IConstruct): readonly TerraformElement[] {
  return part.node.findAll().filter((construct) => TerraformElement.isTerraformElement(construct));
}

/** How the cdktf CLI finds its way from a construct's path to the output's name. */
function outputNames(elements: readonly TerraformElement[]): Record<string, string> {
  return Object.fromEntries(
    elements
      .filter((element) => TerraformOutput.isTerraformOutput(element))
      .map((output) => [output.node.id, output.friendlyUniqueId]),
  );
}

/** Provider and backend both say something under `terraform`. */
function merge(into: unknown, from: unknown): unknown {
  if (!isObject(into) || !isObject(from)) return from;
  const merged = { ...into };
  for (const [key, value] of Object.entries(from)) merged[key] = merge(merged[key], value);
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Levels that are written one entry per line, below each block: a tenant's outputs, a column, a provider. */
const EXPANDED_LEVELS: Readonly<Record<string, number>> = { output: 3 };

function renderDocument(rest: Record<string, unknown>, resources: ReadonlyMap<string, readonly string[]>): string {
  const blocks = Object.entries(rest).map(
    ([block, content]) => `${JSON.stringify(block)}: ${expand(content, EXPANDED_LEVELS[block] ?? 2, 1)}`,
  );
  const types = [...resources].map(
    ([type, lines]) => `${JSON.stringify(type)}: ${list("{", [...lines].sort(compare), "}", 2)}`,
  );
  if (types.length > 0) blocks.push(`"resource": ${list("{", types.sort(compare), "}", 1)}`);
  return `${list("{", blocks.sort(compare), "}", 0)}\n`;
}

/** Renders the first `levels` levels one entry per line, in order of their keys, and what is deeper on the entry's line. */
function expand(value: unknown, levels: number, depth: number): string {
  if (levels === 0 || typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    return list(
      "[",
      value.map((entry) => expand(entry, levels - 1, depth + 1)),
      "]",
      depth,
    );
  }
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .sort(([a], [b]) => compare(a, b))
    .map(([key, entry]) => `${JSON.stringify(key)}: ${expand(entry, levels - 1, depth + 1)}`);
  return list("{", entries, "}", depth);
}

function list(open: string, entries: readonly string[], close: string, depth: number): string {
  if (entries.length === 0) return open + close;
  const line = `\n${"  ".repeat(depth)}`;
  return `${open}${line}  ${entries.join(`,${line}  `)}${line}${close}`;
}
