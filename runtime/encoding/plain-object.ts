/**
 * Whether a value is a plain object: one whose own properties are all there is to it. A `Map`, a `Date`, a promise or a class
 * instance is none: its content lies elsewhere, or is more than data.
 */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || isForeignObjectPrototype(prototype as object);
}

/** `Object.prototype` of another realm, such as that of a `vm` context. */
function isForeignObjectPrototype(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
}

/** Name of a class instance's class, for messages: `Map`. */
export function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  const name = (prototype as { constructor?: { name?: unknown } } | null)?.constructor?.name;
  return typeof name === "string" && name !== "" ? name : "class instance";
}
