import { isRecord } from "./planned-change";
import { z } from "zod";

/** One entry of `configuration.root_module.resources`. */
export const Configured = z.object({ address: z.string(), expressions: z.record(z.string(), z.unknown()).default({}) });

export type Configured = z.infer<typeof Configured>;

/**
 * Whether a value is unknown because nobody set it, so that the provider or BigQuery will choose it.
 *
 * @param path - of the attribute: `time_partitioning.expiration_ms`.
 * @param isNew - the resource is created; where it exists, what it has as a whole stays as it is unless somebody changes it.
 */
export function isExplained({ expressions }: Configured, path: string, isNew: boolean): boolean {
  const [root = "", ...inner] = path.split(".");
  if (!Object.hasOwn(expressions, root)) return isNew;
  return inner.length > 0 && !isSet(expressions[root], inner);
}

function isSet(expression: unknown, path: readonly string[]): boolean {
  const [name, ...inner] = path;
  if (name === undefined) return true;
  // Blocks stand in a list; only what is shown as one can be looked into.
  const blocks = Array.isArray(expression) ? expression : [expression];
  return blocks.some(
    (block) => !isRecord(block) || "references" in block || (Object.hasOwn(block, name) && isSet(block[name], inner)),
  );
}

/** The address of a resource's block, without the index of `count` or `for_each`. */
export function blockAddress(address: string): string {
  return address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]$/, "");
}
