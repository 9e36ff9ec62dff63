import { type PlanContext, PlanReview, type ReviewedPlan } from "../../../evolution/plan/review-plan";
import type { PlannedChange } from "../../../evolution/plan/planned-change";
import type { Finding } from "../../../evolution/catalogue/finding";
import type { CliContext } from "../../context";
import { readPlanFile } from "./read-plan-file";

/**
 * Reads a plan as a stream and judges it.
 *
 * @param onChange - gets each change with what it says by itself.
 * @throws UsageError when it cannot be read or is no plan.
 */
export async function reviewPlanFile(
  context: Pick<CliContext, "report">,
  file: string,
  plan: PlanContext,
  onChange: (change: PlannedChange, findings: readonly Finding[]) => void = () => undefined,
): Promise<ReviewedPlan> {
  const review = new PlanReview(plan);
  await readPlanFile(context, file, (change) => onChange(change, review.add(change)), {
    onDrift: (drifted) => review.addDrift(drifted),
    onConfigured: (configured) => review.addConfigured(configured),
    onProviderVersion: (constraint) => review.addProviderVersion(constraint),
    onFinding: (found) => review.addFinding(found),
  });
  return review.finish();
}
