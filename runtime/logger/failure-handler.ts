import { errorMessage } from "../runs/error-message";

/** `report` hands failures to a callback, `throw` to the caller that waits next. */
export type FailurePolicy = "report" | "throw";

/** Keeps track of what could not be logged until the caller has it. */
export class FailureHandler {
  /** Failures that no caller has received yet; with the policy `throw` only. */
  private readonly pending = new Set<Error>();

  constructor(
    readonly policy: FailurePolicy,
    private readonly onError: (error: Error) => void = warn,
  ) {}

  /** Watches rows on their way: what goes wrong with them is reported at once, or kept to be thrown. */
  async watch(delivered: Promise<void>): Promise<void> {
    try {
      await delivered;
    } catch (error) {
      this.add(error as Error);
      throw error;
    }
  }

  /** @throws those of the failures that no caller has received, when that is the policy. */
  throwPending(errors: readonly Error[]): void {
    throwAll(errors.filter((error) => this.pending.delete(error)));
  }

  /** @throws every failure that no caller has received, when that is the policy. */
  throwAllPending(): void {
    this.throwPending([...this.pending]);
  }

  /** Reports every failure that no caller has received and none will: the process is about to be gone. */
  reportAllPending(): void {
    for (const error of this.pending) this.report(error);
    this.pending.clear();
  }

  /** Reports a failure, or keeps it to be thrown. */
  add(error: Error): void {
    if (this.policy === "throw") this.pending.add(error);
    else this.report(error);
  }

  /** What is wrong with a value that the caller gives now. @throws it, when that is the policy. */
  refuse(error: Error): void {
    if (this.policy === "throw") throw error;
    this.report(error);
  }

  /** Hands a failure to the callback; what the callback throws does not spread. */
  report(error: Error): void {
    try {
      this.onError(error);
    } catch (thrown) {
      warn(error);
      warn(thrown instanceof Error ? thrown : new Error(errorMessage(thrown)));
    }
  }
}

function throwAll(errors: readonly Error[]): void {
  const [first, ...others] = errors;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw new AggregateError(errors, `${errors.length} failures: ${errors.map(({ message }) => message).join("\n")}`);
}

function warn(error: Error): void {
  process.emitWarning(error.message, { type: error.name, code: "TENANT_METADATA" });
}
