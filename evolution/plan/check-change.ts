import type { Finding } from "../catalogue/finding";
import type { PlannedChange } from "./planned-change";
import { type PlanContext, PlanReview } from "./review-plan";

/**
 * Judges one planned change as if it were the whole plan.
 *
 * @throws UsageError for an action that this version does not know, which may be one that loses data.
 */
export function checkChange(change: PlannedChange, context: PlanContext = {}): readonly Finding[] {
  const review = new PlanReview(context);
  review.add(change);
  return review.finish().findings;
}
