import { inspect } from "node:util";

/** Everything that can be reached from a value, whatever hides it, as text: what it owns, and what printing it shows. */
export function everythingIn(value: unknown): string {
  return `${reach(value, new Set())}\n${inspect(value, { showHidden: true, depth: Infinity, maxArrayLength: null, maxStringLength: null })}`;
}

function reach(value: unknown, seen: Set<unknown>): string {
  if (typeof value === "string") return value;
  if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return "";
  seen.add(value);
  if (value instanceof Uint8Array) {
    return `${Buffer.from(value).toString("latin1")} ${Buffer.from(value).toString("hex")}`;
  }
  const entries = value instanceof Map || value instanceof Set ? [...value] : [];
  const own = Reflect.ownKeys(value).map((key) => {
    const held: unknown = Object.getOwnPropertyDescriptor(value, key)?.value;
    return `${String(key)}: ${reach(held, seen)}`;
  });
  return [...own, ...entries.map((entry) => reach(entry, seen))].join("\n");
}
