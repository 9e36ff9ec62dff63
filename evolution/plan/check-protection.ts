import { type Finding, finding } from "../catalogue/finding";
import type { Attributes } from "./planned-change";

/** What the provider's `deletion_policy` (from 7.33) does when the resource leaves the configuration. */
export function deletionPolicyOf(attributes: Attributes): string {
  const { deletion_policy: policy } = attributes;
  return typeof policy === "string" && policy !== "" ? policy.toUpperCase() : "DELETE";
}

/** From the least to the most that is kept; what is not known protects nothing. */
const KEEPS = ["DELETE", "ABANDON", "PREVENT"];

/** Compares `deletion_policy`, where each step towards DELETE protects less. */
export function checkDeletionPolicy(before: Attributes, after: Attributes, table: string): readonly Finding[] {
  const [from, to] = [before, after].map((side) => KEEPS.indexOf(deletionPolicyOf(side)));
  if (from === undefined || to === undefined || from === to) return [];
  return [
    finding(to > from ? "protection-raised" : "protection-lowered", {
      table,
      path: "deletion_policy",
      message: `Terraform changes deletion_policy from ${deletionPolicyOf(before)} to ${deletionPolicyOf(after)}: ${WORDS[to] ?? "which this version does not know"}.`,
      remedy: to > from ? "Nothing to do." : "Lower it only to destroy on purpose, and raise it again after it.",
    }),
  ];
}

const WORDS = [
  "a later plan may destroy the rows",
  "what leaves the configuration stays in BigQuery, and nobody looks after it",
  "nothing that leaves the configuration is destroyed",
];
