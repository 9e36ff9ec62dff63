import { z } from "zod";
import { UsageError } from "../../model/errors";
import { own } from "../../model/own";

/** A resource's attributes in a plan. */
export type Attributes = Readonly<Record<string, unknown>>;

const Values = z.record(z.string(), z.unknown());
/** `true` for the whole value, or a structure that holds `true` where it applies. */
const Marks = z.union([z.boolean(), Values]).default(false);

/**
 * One entry of `resource_changes`.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format#change-representation
 */
export const PlannedChange = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  mode: z.string().optional(),
  type: z.string(),
  name: z.string(),
  provider_name: z.string().optional(),
  action_reason: z.string().optional(),
  change: z.object({
    actions: z.array(z.string()).min(1),
    before: Values.nullish(),
    after: Values.nullish(),
    after_unknown: Marks,
    before_sensitive: Marks,
    after_sensitive: Marks,
    replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
    importing: z.unknown().optional(),
  }),
});

export type PlannedChange = z.infer<typeof PlannedChange>;

/** What Terraform does to a resource, in one word. */
export type Action = "no-op" | "read" | "create" | "update" | "delete" | "replace" | "forget";

const ACTIONS: Readonly<Record<string, Action>> = {
  "no-op": "no-op",
  read: "read",
  create: "create",
  update: "update",
  delete: "delete",
  "delete,create": "replace",
  "create,delete": "replace",
  forget: "forget",
  // The old object is forgotten and stays; a new one is created next to it.
  "create,forget": "forget",
  "forget,create": "forget",
};

/**
 * The action of a change.
 *
 * @throws {@link UsageError} for one that this version does not know, which may be one that loses data.
 */
export function actionOf({ address, change }: PlannedChange): Action {
  const action = own(ACTIONS, change.actions.join());
  if (action !== undefined) return action;
  throw new UsageError(
    `${address}: unknown actions ${JSON.stringify(change.actions)}. Update tenant-metadata before you rely on this plan.`,
  );
}

/** Whether an attribute, or anything inside it, is marked. */
export function isMarked(marks: unknown, attribute: string): boolean {
  if (marks === true) return true;
  return isRecord(marks) && holdsTrue(marks[attribute]);
}

/** Whether a mark stands anywhere. */
export function holdsTrue(marks: unknown): boolean {
  if (typeof marks === "boolean") return marks;
  return typeof marks === "object" && marks !== null && Object.values(marks).some(holdsTrue);
}

export function isRecord(value: unknown): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
