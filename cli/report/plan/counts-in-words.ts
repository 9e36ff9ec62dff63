import type { PlanCounts } from "../../../evolution/plan/plan-counts";
import { nounOf } from "../nouns";

/**
 * What was looked at and counted, and no more than that: `Looked at 57 planned changes: 0 tables destroyed, …`.
 *
 * Counts that matter are told even when they are 0.
 */
export function lookedAt(counts: PlanCounts): string {
  const parts = [
    `${nounOf(counts.datasetsDestroyed, "dataset")} and ${nounOf(counts.tablesDestroyed, "table")} destroyed`,
    `${nounOf(counts.tablesReplaced, "table")} replaced`,
    `${nounOf(counts.columnsDropped, "column")} dropped`,
    `${nounOf(counts.othersDestroyed, "other resource")} destroyed`,
    `${nounOf(counts.tablesCreated, "table")} created`,
    `${nounOf(counts.tablesUpdated, "table")} updated`,
    `${nounOf(counts.grantsAdded, "grant")} added`,
    `${counts.grantsWidened} widened`,
    `${counts.grantsRemoved} removed`,
  ];
  return `Looked at ${nounOf(counts.resources, "resource")} in the plan: ${parts.join(", ")}.`;
}
