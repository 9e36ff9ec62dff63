/** What a change does to a table and its rows, from harmless to worst. */
export const EFFECTS = ["none", "in-place", "drop-column", "replace-table", "rejected"] as const;

/**
 * - `none`: Terraform plans nothing.
 * - `in-place`: the table is updated and keeps its rows.
 * - `drop-column`: the table is updated in place and a column's data is lost.
 * - `replace-table`: the table, or its dataset, is destroyed; if it comes back, it is empty.
 * - `rejected`: the plan is made, but BigQuery refuses it at apply.
 */
export type Effect = (typeof EFFECTS)[number];

/** The worst of several effects; `none` when there are none. */
export function worstEffect(items: Iterable<{ readonly effect: Effect }>): Effect {
  let worst: Effect = "none";
  for (const { effect } of items) if (isWorse(effect, worst)) worst = effect;
  return worst;
}

/** Whether `a` is worse than `b`. */
export function isWorse(a: Effect, b: Effect): boolean {
  return EFFECTS.indexOf(a) > EFFECTS.indexOf(b);
}
