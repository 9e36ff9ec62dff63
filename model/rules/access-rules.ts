import { canonicalPrincipal } from "../principal";
import type { RuleFinding } from "./finding";

/** Lists of members, as an environment or a tenant's overrides hold them. */
interface MemberLists {
  readonly readers?: readonly string[];
  readonly writers?: readonly string[];
  readonly keyAdmins?: readonly string[];
}

const LISTS = ["readers", "writers", "keyAdmins"] as const;

/**
 * No one may be key admin and reader or writer at once: who issues keys would see what is done with them.
 *
 * @param effective - the lists in force.
 * @param written - the lists written in this document; one list of a clash must be, or the clash belongs to another document.
 * @param path - where the written lists are.
 */
export function* accessRules(
  effective: Required<MemberLists>,
  written: MemberLists,
  path: readonly PropertyKey[],
): Generator<RuleFinding> {
  const keyAdmins = new Set(effective.keyAdmins.map(canonicalPrincipal));
  const clashes = new Map(
    (["readers", "writers"] as const).flatMap((list) =>
      effective[list]
        .map(canonicalPrincipal)
        .filter((principal) => keyAdmins.has(principal))
        .map((principal) => [principal, list] as const),
    ),
  );
  for (const [principal, list] of clashes) {
    const place = LISTS.flatMap((name) => {
      const index =
        (name === list || name === "keyAdmins") && written[name]?.map(canonicalPrincipal).indexOf(principal);
      return typeof index === "number" && index !== -1 ? [[name, index] as const] : [];
    }).at(-1);
    if (place === undefined) continue;
    yield {
      path: [...path, ...place],
      message: `The member is a key admin and one of the ${list} at once`,
      received: written[place[0]]?.[place[1]],
      remedy: `Remove the member from keyAdmins or from ${list}`,
    };
  }
}
