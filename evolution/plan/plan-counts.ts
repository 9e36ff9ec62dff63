import type { Finding } from "../catalogue/finding";
import type { Action } from "./planned-change";

/** What a plan's review looked at, and how much of it there was. */
export interface PlanCounts {
  /** Planned changes that were read, those without an effect included. */
  readonly resources: number;
  readonly datasetsDestroyed: number;
  readonly tablesCreated: number;
  readonly tablesUpdated: number;
  /** Destroyed and created empty. */
  readonly tablesReplaced: number;
  readonly tablesDestroyed: number;
  readonly columnsDropped: number;
  /** Resources destroyed or replaced that are neither table, dataset nor grant. */
  readonly othersDestroyed: number;
  readonly grantsAdded: number;
  readonly grantsWidened: number;
  readonly grantsRemoved: number;
}

type Counting = { -readonly [K in keyof PlanCounts]: number };

export function noCounts(): Counting {
  return {
    resources: 0,
    datasetsDestroyed: 0,
    tablesCreated: 0,
    tablesUpdated: 0,
    tablesReplaced: 0,
    tablesDestroyed: 0,
    columnsDropped: 0,
    othersDestroyed: 0,
    grantsAdded: 0,
    grantsWidened: 0,
    grantsRemoved: 0,
  };
}

/** Sums the counts of several plans. */
export function sumCounts(all: readonly PlanCounts[]): PlanCounts {
  const sum = noCounts();
  for (const counts of all) {
    for (const name of Object.keys(sum) as (keyof PlanCounts)[]) sum[name] += counts[name];
  }
  return sum;
}

/** Counts one change; grants are counted when the whole plan is known. */
export function addToCounts(counts: Counting, type: string, action: Action, findings: readonly Finding[]): void {
  counts.resources++;
  const isGone = action === "delete" || action === "replace";
  if (type === "google_bigquery_dataset" && isGone) counts.datasetsDestroyed++;
  if (type === "google_bigquery_table") {
    if (action === "create") counts.tablesCreated++;
    if (action === "update") counts.tablesUpdated++;
    if (action === "replace") counts.tablesReplaced++;
    if (action === "delete") counts.tablesDestroyed++;
  }
  for (const { code } of findings) {
    if (code === "column-dropped" || code === "clustered-column-dropped") counts.columnsDropped++;
    if (code === "resource-destroyed") counts.othersDestroyed++;
  }
}
