/** How something with rows is destroyed. */
export interface Destruction {
  /** `the table with all its rows`, `the dataset with its tables and all their rows`. */
  readonly what: string;
  /** Whether it is created again, empty. */
  readonly comesBack: boolean;
  /** Terraform's reason, without its full stop; absent when it gives none. */
  readonly because?: string;
  /** What may keep it from being destroyed, as a sentence. */
  readonly protection: string;
}

export function destroyedMessage({ what, comesBack, because, protection }: Destruction): string {
  const reason = because === undefined ? "" : ` (${because})`;
  return `Terraform destroys ${what}${comesBack ? " and creates it empty" : ""}${reason}. ${protection}`;
}

export function destroyedRemedy({ comesBack }: Destruction): string {
  return comesBack
    ? "Find a way in docs/schema-evolution.md that keeps the rows: in place, migrate, or a new version."
    : "Keep it in the configuration. To take it out of Terraform and keep its rows, use a removed block with destroy = false.";
}
