/** An object whose keys may hold `undefined`, without them: such a key becomes optional. */
type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/**
 * The object without the keys whose value is `undefined`, in the order given: what is left out of a configuration, a request
 * or a report is absent, never `undefined`.
 *
 * @example
 * defined({ tableId: "step_logs", description: undefined }) // { tableId: "step_logs" }
 */
export function defined<const T extends object>(values: T): Defined<T> {
  // Copied whole and then thinned, in a third of the time of building it from entries; it is called for every resource.
  const copy: Partial<Record<string, unknown>> = { ...values };
  for (const key of Object.keys(copy)) if (copy[key] === undefined) delete copy[key];
  return copy as Defined<T>;
}
