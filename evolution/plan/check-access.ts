import { type Finding, finding } from "../catalogue/finding";
import { placeOf } from "./place";
import type { Action, Attributes, PlannedChange } from "./planned-change";

const EVERYONE = ["allUsers", "allAuthenticatedUsers"] as const;

/**
 * Finds access granted to everyone: by a dataset's `access` blocks, an access entry, or an IAM member, binding or policy.
 *
 * What was public before is not reported again.
 */
export function checkAccess(planned: PlannedChange, action: Action): readonly Finding[] {
  if (action === "no-op" || action === "read" || action === "delete") return [];
  const { before, after } = planned.change;
  const known = new Set(action === "update" ? publicMembers(before ?? {}).map(({ member }) => member) : []);
  const { table } = placeOf(planned);
  return publicMembers(after ?? {})
    .filter(({ member }) => !known.has(member))
    .map(({ member, path }) => finding("access-opened-to-everyone", { table, path }, { member }));
}

function publicMembers(attributes: Attributes): readonly { readonly member: string; readonly path: string }[] {
  const paths = ["member", "members", "policy_data", "access", "special_group", "iam_member"];
  return paths.flatMap((path) => {
    // policy_data is JSON in a string, access a list of blocks: a quoted or bare name is found in all of them alike.
    const value = JSON.stringify(attributes[path] ?? null);
    return EVERYONE.filter((member) => new RegExp(`\\b${member}\\b`).test(value)).map((member) => ({ member, path }));
  });
}
