/** What every form of a plan's summary says besides its changes. */
export interface PlanWords {
  /** Who may do what that they could not before, or no longer; a line each. */
  readonly access: readonly string[];
  /** What was looked at and counted, as a sentence. */
  readonly lookedAt: string;
}
