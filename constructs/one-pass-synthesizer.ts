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
import { compare } from "../model/problems";

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
  constructor(private readonly stack: TerraformStack) {}

  synthesize({ outdir, manifest, skipValidation }: ISynthesisSession): void {
    if (skipValidation !== true) this.stack.runAllValidations();
    const { synthesizedStackPath, workingDirectory } = manifest.forStack(this.stack);
    mkdirSync(path.join(outdir, workingDirectory), { recursive: true });
    writeFileSync(path.join(outdir, synthesizedStackPath), this.render(manifest.version));
  }

  private render(cdktfVersion: string): string {
    const elements = this.stack.node.findAll().filter((construct) => TerraformElement.isTerraformElement(construct));
    const resources = new Map<string, string[]>();
    const rest: Record<string, unknown> = {};
    for (const element of elements) {
      for (const [block, content] of Object.entries(element.toTerraform() as Record<string, object>)) {
        if (block === "resource") this.addResources(resources, content);
        else if (content !== undefined) rest[block] = merge(rest[block], this.resolve(content));
      }
    }
    const backend = Object.keys((rest["terraform"] as { backend: object }).backend)[0];
    rest["//"] = {
      metadata: { backend, stackName: this.stack.node.id, version: cdktfVersion },
      outputs: { [this.stack.node.id]: outputNames(elements) },
    };
    return renderDocument(rest, resources);
  }

  private addResources(lines: Map<string, string[]>, content: object): void {
    for (const [type, byName] of Object.entries(content)) {
      const ofType = lines.get(type) ?? [];
      for (const [name, { "//": _, ...attributes }] of Object.entries(
        byName as Record<string, Record<string, unknown>>,
      )) {
        ofType.push(`${JSON.stringify(name)}: ${JSON.stringify(this.resolve(attributes))}`);
      }
      lines.set(type, ofType);
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
    ([block, content]) => `"${block}": ${expand(content, EXPANDED_LEVELS[block] ?? 2)}`,
  );
  const types = [...resources].map(([type, lines]) => `"${type}": ${list("{", [...lines].sort(compare), "}")}`);
  if (types.length > 0) blocks.push(`"resource": ${list("{", types.sort(compare), "}")}`);
  return `${list("{", blocks.sort(compare), "}")}\n`;
}

/** Renders the first `levels` levels one entry per line, in order of their keys, and what is deeper on the entry's line. */
function expand(value: unknown, levels: number): string {
  if (levels === 0 || typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value))
    return list(
      "[",
      value.map((entry) => expand(entry, levels - 1)),
      "]",
    );
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .sort(([a], [b]) => compare(a, b));
  return list(
    "{",
    entries.map(([key, entry]) => `${JSON.stringify(key)}: ${expand(entry, levels - 1)}`),
    "}",
  );
}

function list(open: string, entries: readonly string[], close: string): string {
  if (entries.length === 0) return open + close;
  return `${open}\n  ${entries.map((entry) => entry.replaceAll("\n", "\n  ")).join(",\n  ")}\n${close}`;
}
