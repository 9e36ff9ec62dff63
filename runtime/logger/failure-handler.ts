/** `report` hands failures to a callback, `throw` to whoever waits next. */
export type FailurePolicy = "report" | "throw";

/** Keeps track of what could not be logged until the caller has it. */
export class FailureHandler {
  /** Failures nobody has been told of yet; with the policy `throw` only. */
  private readonly untold = new Set<Error>();

  constructor(
    private readonly policy: FailurePolicy,
    private readonly onError: (error: Error) => void = warn,
  ) {}

  /** Watches rows on their way: what goes wrong with them is reported at once, or kept to be thrown. */
  async note(delivered: Promise<void>): Promise<void> {
    try {
      await delivered;
    } catch (error) {
      this.take(error as Error);
      throw error;
    }
  }

  /** Failures that somebody waits for; those told of already are passed over. @throws them, when that is the policy. */
  handle(errors: readonly Error[]): void {
    this.tell(errors.filter((error) => this.untold.delete(error)));
  }

  /** Every failure nobody has been told of. @throws them. */
  handleAll(): void {
    this.handle([...this.untold]);
  }

  /** Takes a failure in. */
  take(error: Error): void {
    if (this.policy === "throw") this.untold.add(error);
    else this.report(error);
  }

  /** Hands a failure to the callback; what the callback throws does not spread. */
  report(error: Error): void {
    try {
      this.onError(error);
    } catch (thrown) {
      warn(error);
      warn(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }

  private tell(errors: readonly Error[]): void {
    const [first, ...others] = errors;
    if (first === undefined) return;
    if (others.length === 0) throw first;
    throw new AggregateError(errors, `${errors.length} failures: ${errors.map(({ message }) => message).join("\n")}`);
  }
}

function warn(error: Error): void {
  process.emitWarning(error.message, { type: error.name, code: "TENANT_METADATA" });
}
