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
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
