/**
 * The object's own value of a key. A tenant, table, label or column may have any name, and an object inherits some:
 * `{}["constructor"]` is a function.
 */
export function own<V>(record: { readonly [key: string]: V }, key: PropertyKey): V | undefined {
  return Object.hasOwn(record, key) ? record[key as string] : undefined;
}
