import { isDeepStrictEqual } from "node:util";
import {
  type AttributeClass,
  type BlockAttributes,
  classOf,
  isAttribute,
  type WithDefault,
} from "./attributes/attribute-class";
import { holdsTrue, isRecord } from "./planned-change";

/** An attribute that a plan changes, or of which it does not know what becomes of it. */
export interface ChangedAttribute {
  /** `time_partitioning.expiration_ms`: without the positions in lists. */
  readonly path: string;
  /** `undefined`: nobody has said yet what it touches. */
  readonly class: AttributeClass | undefined;
  /** Known only at apply. */
  readonly isUnknown: boolean;
}

type Described = AttributeClass | WithDefault | BlockAttributes | undefined;

interface Sides {
  readonly before: unknown;
  readonly after: unknown;
  /** `true`, or a structure that holds `true` where the value is unknown. */
  readonly unknown: unknown;
}

/** Compares what is there with what is planned, attribute by attribute, to any depth; each path comes once. */
export function changedAttributes(described: BlockAttributes, sides: Sides): readonly ChangedAttribute[] {
  const found = new Map<string, ChangedAttribute>();
  for (const changed of inBlock(described, sides, "")) {
    const known = found.get(changed.path);
    if (known === undefined || changed.isUnknown) found.set(changed.path, changed);
  }
  return [...found.values()];
}

function* inBlock(described: BlockAttributes, sides: Sides, prefix: string): Iterable<ChangedAttribute> {
  const [before, after, unknown] = [sides.before, sides.after, sides.unknown].map((side) =>
    isRecord(side) ? side : {},
  );
  for (const name of new Set([before, after, unknown].flatMap((side) => Object.keys(side ?? {})))) {
    const inner: Described = Object.hasOwn(described, name) ? described[name] : undefined;
    yield* inAttribute(
      inner,
      { before: before?.[name], after: after?.[name], unknown: unknown?.[name] },
      prefix + name,
    );
  }
}

function* inAttribute(described: Described, sides: Sides, path: string): Iterable<ChangedAttribute> {
  const isBlock = described !== undefined && !isAttribute(described);
  if (isBlock && sides.unknown !== true && [sides.before, sides.after].every(isBlockList)) {
    const [before, after, unknown] = [sides.before, sides.after, sides.unknown].map(asList);
    const count = Math.max(...[before, after, unknown].map((list) => list?.length ?? 0));
    let isExplained = before?.length === after?.length;
    for (let index = 0; index < count; index++) {
      for (const changed of inBlock(
        described,
        { before: before?.[index], after: after?.[index], unknown: unknown?.[index] },
        `${path}.`,
      )) {
        isExplained = true;
        yield changed;
      }
    }
    // A block that comes or goes without a value of its own, such as `avro_options {}`.
    if (!isExplained) yield { path, class: classOf(described), isUnknown: false };
    return;
  }
  const isUnknown = holdsTrue(sides.unknown);
  if (!isUnknown && isSame(described, sides.before, sides.after)) return;
  yield { path, class: described === undefined ? undefined : classOf(described), isUnknown };
}

/** The provider cannot tell an absent value from false, 0 or empty, unless it has a default. */
function isSame(described: Described, before: unknown, after: unknown): boolean {
  const absent = typeof described === "object" && isAttribute(described) ? described.default : undefined;
  const plain = (value: unknown) => {
    if (absent !== undefined) return value ?? absent;
    return isEmpty(value) ? undefined : value;
  };
  return isDeepStrictEqual(plain(before), plain(after));
}

/** Whether a value is what the provider takes for absent: null, false, 0, or empty. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Blocks stand in lists, whose order and length Terraform shows as they are. */
function isBlockList(value: unknown): boolean {
  return value === undefined || value === null || isRecord(value) || (Array.isArray(value) && value.every(isRecord));
}

function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === false) return [];
  return Array.isArray(value) ? value : [value];
}
