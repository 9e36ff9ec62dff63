import { isDeepStrictEqual } from "node:util";

/*
 * Plans in the format of `terraform show -json`, made from synthesized stacks. The google provider cannot be had without
 * its registry; what it decides (which attributes replace a resource) is left to the few cases a test states itself.
 */

type Values = Record<string, unknown>;

/** A synthesized stack, as far as a plan follows from it. */
export interface Stack {
  readonly locals?: Readonly<Record<string, unknown>>;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
  readonly removed?: readonly { readonly from: string }[];
}

/** One entry of `resource_changes`. */
export interface Change {
  readonly address: string;
  readonly mode: "managed";
  readonly type: string;
  readonly name: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Values | null;
    readonly after: Values | null;
    readonly after_unknown: Values;
    readonly before_sensitive: Values | false;
    readonly after_sensitive: Values | false;
  };
}

/** What Terraform plans when `before` is deployed and `after` is what the configuration says. */
export function planChanges(before: Stack, after: Stack): readonly Change[] {
  const [old, now] = [resources(before), resources(after)];
  const forgotten = new Set(after.removed?.map(({ from }) => from));
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((address) => {
    const [from, to] = [old.get(address) ?? null, now.get(address) ?? null];
    const actions =
      from === null
        ? ["create"]
        : to === null
          ? [forgotten.has(address) ? "forget" : "delete"]
          : [isDeepStrictEqual(from, to) ? "no-op" : "update"];
    return [change(address, actions, from, to)];
  });
}

/** One entry, made by hand. */
export function change(
  address: string,
  actions: readonly string[],
  before: Values | null,
  after: Values | null,
): Change {
  const [type = "", name = ""] = address.split(".");
  return {
    address,
    mode: "managed",
    type,
    name,
    change: { actions, before, after, after_unknown: {}, before_sensitive: false, after_sensitive: false },
  };
}

/** The text that `terraform show -json` prints for such a plan. */
export function planJson(changes: readonly Change[]): string {
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    planned_values: {},
    resource_changes: changes,
    configuration: {},
    complete: true,
    errored: false,
  });
}

/** Blocks that may stand once, which a plan shows as a list. */
const BLOCKS = [
  "time_partitioning",
  "encryption_configuration",
  "default_encryption_configuration",
  "table_constraints",
];

function resources(stack: Stack): ReadonlyMap<string, Values> {
  const found = new Map<string, Values>();
  for (const [type, byName] of Object.entries(stack.resource ?? {})) {
    for (const [name, { lifecycle: _, depends_on: __, ...values }] of Object.entries(byName)) {
      found.set(`${type}.${name}`, evaluate(values, stack));
    }
  }
  return found;
}

/** Evaluates the two kinds of expression that a stack holds: a schema by its local, and an attribute of another resource. */
function evaluate(values: Values, stack: Stack): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      if (BLOCKS.includes(key)) return [key, [value]];
      if (typeof value !== "string") return [key, value];
      const local = /^\$\{jsonencode\(local\.(\w+)\)\}$/.exec(value)?.[1];
      if (local !== undefined) return [key, JSON.stringify(stack.locals?.[local])];
      const [, type, name, attribute] = /^\$\{(\w+)\.(\w+)\.(\w+)\}$/.exec(value) ?? [];
      if (type === undefined || name === undefined || attribute === undefined) return [key, value];
      return [key, stack.resource?.[type]?.[name]?.[attribute]];
    }),
  );
}
