/**
 * What a change of an attribute may touch.
 *
 * - `harmless`: words, bookkeeping, costs; what the provider or BigQuery computes.
 * - `data`: rows, columns, or what a query of them answers.
 * - `access`: who may read, write or administer.
 * - `protection`: what keeps rows from being destroyed, keys included.
 * - `retention`: when rows are deleted by themselves.
 * - `placement`: which object it is and where it lies.
 */
export type AttributeClass = "harmless" | "data" | "access" | "protection" | "retention" | "placement";

/** An attribute whose absence means a value other than false, 0 or empty. */
export interface WithDefault {
  readonly class: AttributeClass;
  readonly default: string | boolean;
}

/** Attributes of a resource or of a block inside it; a nested record is a block. */
export interface BlockAttributes {
  readonly [name: string]: AttributeClass | WithDefault | BlockAttributes;
}

/** Whether a description is that of one attribute, and not of a block. */
export function isAttribute(
  described: AttributeClass | WithDefault | BlockAttributes,
): described is AttributeClass | WithDefault {
  return typeof described === "string" || typeof described["class"] === "string";
}

/** The class of an attribute; of a block, that of its first attribute that is not harmless. */
export function classOf(described: AttributeClass | WithDefault | BlockAttributes): AttributeClass {
  if (typeof described === "string") return described;
  if (isAttribute(described)) return described.class;
  for (const inner of Object.values(described)) {
    const found = classOf(inner);
    if (found !== "harmless") return found;
  }
  return "harmless";
}
