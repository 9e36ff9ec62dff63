import type { z } from "zod";

/**
 * Reads a value without the keys that its schema does not know and the list entries that it refuses; `undefined` when that is
 * not enough. A key that is known is never left out: its default would be taken for what it said.
 */
export function withoutRefused<S extends z.ZodType>(
  schema: S,
  value: unknown,
): { readonly data: z.output<S> } | undefined {
  const rest = structuredClone(value);
  for (;;) {
    const result = schema.safeParse(rest);
    if (result.success) return { data: result.data };
    // The last entry of a list first, so that the others keep their places.
    const removed = result.error.issues.toReversed().filter((issue) => remove(rest, issue));
    if (removed.length === 0) return undefined;
  }
}

/** Whether anything was removed. */
function remove(root: unknown, issue: z.core.$ZodIssue): boolean {
  if (issue.code === "unrecognized_keys") {
    const holder = at(root, issue.path) as Record<string, unknown>;
    return issue.keys.filter((key) => Reflect.deleteProperty(holder, key)).length > 0;
  }
  const list = at(root, issue.path.slice(0, -1));
  const index = issue.path.at(-1);
  if (!Array.isArray(list) || typeof index !== "number" || typeof list[index] !== "string") return false;
  list.splice(index, 1);
  return true;
}

function at(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], root);
}
