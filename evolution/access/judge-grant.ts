import { canonicalPrincipal } from "../../model/principal";
import type { FindingCode } from "../catalogue/codes";
import { type Grant, type GrantChange, showsRows, strengthOf } from "./grant";
import type { AccessPolicy } from "./policy";

/** What {@link judgeGrant} finds. */
export type GrantCode = Extract<
  FindingCode,
  | "access-opened-to-everyone"
  | "access-opened-broadly"
  | "key-table-exposed"
  | "key-admin-added"
  | "powerful-role-granted"
  | "member-outside-domains"
  | "grant-widened"
  | "grant-added"
  | "grant-removed"
>;

/** Every danger of a change of access, each with a code of its own; `grant-added` when there is none. */
export function judgeGrant({ grant, change, onNewTable }: GrantChange, policy: AccessPolicy): readonly GrantCode[] {
  if (change === "removed") return ["grant-removed"];
  const codes: GrantCode[] = [];
  if (isEveryone(grant.member)) codes.push("access-opened-to-everyone");
  else if (isBroad(grant.member)) codes.push("access-opened-broadly");
  else if (isOutside(grant, policy)) codes.push("member-outside-domains");
  if (reachesKeys(grant, policy)) {
    if (!policy.isKeyAdmin(grant) || grant.reach !== "table") codes.push("key-table-exposed");
    // A new tenant's key table goes to the key admins that there are: they were announced when they became it.
    else if (!onNewTable) codes.push("key-admin-added");
  }
  if (strengthOf(grant.role) === Infinity) codes.push("powerful-role-granted");
  else if (change === "widened") codes.push("grant-widened");
  return codes.length === 0 ? ["grant-added"] : codes;
}

function isEveryone(member: string): boolean {
  return /^(?:iam\.)?all(?:authenticated)?users$/i.test(member);
}

/**
 * Whether whom it names is not a person, a group or one workload: a whole domain, everyone with a basic role in the project,
 * a set of federated identities, what is not known.
 */
function isBroad(member: string): boolean {
  return !/^(?:user|group|serviceAccount|principal|view|routine|dataset|deleted):/.test(member);
}

function isOutside({ member, environment }: Grant, policy: AccessPolicy): boolean {
  const domains = policy.memberDomains(environment);
  if (domains === undefined || /^(?:view|routine|dataset):/.test(member)) return false;
  const domain = domainOf(member);
  return domain === undefined || !domains.some((own) => own.toLowerCase() === domain);
}

/** `example.com` of `group:a@example.com`; `undefined` for a federated identity, which has none. */
export function domainOf(member: string): string | undefined {
  const canonical = canonicalPrincipal(member);
  if (canonical.startsWith("principal")) return undefined;
  return /^serviceAccount:([^@[]+)\[/.exec(canonical)?.[1] ?? /@([^@?]+)(?:\?.*)?$/s.exec(canonical)?.[1];
}

function reachesKeys({ reach, table, role }: Grant, policy: AccessPolicy): boolean {
  return showsRows(role) && (reach !== "table" || policy.isKeyTable(table));
}
