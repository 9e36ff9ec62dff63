import { DeadlineError, RemoteError } from "../../model/errors";

/** gRPC's status codes, as far as appends meet them. @see https://grpc.io/docs/guides/status-codes/ */
export const Code = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  INTERNAL: 13,
  UNAVAILABLE: 14,
} as const;

/** What a failed append asks for next. */
export type Remedy =
  /** The same again, over a new connection. */
  | "retry"
  /** The stream is no longer of use; the rows may be written through another. */
  | "new-stream"
  /** Nothing: the server refuses the rows. */
  | "give-up";

const REMEDIES: Readonly<Record<number, Remedy>> = {
  [Code.CANCELLED]: "retry",
  [Code.DEADLINE_EXCEEDED]: "retry",
  [Code.RESOURCE_EXHAUSTED]: "retry",
  [Code.ABORTED]: "retry",
  [Code.INTERNAL]: "retry",
  [Code.UNAVAILABLE]: "retry",
  [Code.NOT_FOUND]: "new-stream",
  [Code.ALREADY_EXISTS]: "new-stream",
  [Code.FAILED_PRECONDITION]: "new-stream",
  [Code.OUT_OF_RANGE]: "new-stream",
};

/** What the way there and back reports when there was no answer. Whatever else ends a connection was said by the server. */
const UNANSWERED_CODES: ReadonlySet<number> = new Set([Code.CANCELLED, Code.DEADLINE_EXCEEDED, Code.UNAVAILABLE]);

/** One row that the server refuses, by its place in the append. */
export interface ServerRowError {
  readonly index: number;
  readonly message: string;
}

/** An append did not work. */
export class AppendError extends RemoteError {
  readonly remedy: Remedy;
  readonly rowErrors: readonly ServerRowError[];
  /** The server answered the append itself, so no try of it is still on its way. */
  readonly isAnswer: boolean;
  /**
   * The server tried the rows and failed: a number of rows that it names afterwards may count them, and proves nothing. False
   * where nothing came back, and where the stream itself takes no more rows.
   */
  readonly spoilsCount: boolean;

  constructor(
    message: string,
    readonly code: number,
    { rowErrors = [], isAnswer = false }: { rowErrors?: readonly ServerRowError[]; isAnswer?: boolean } = {},
  ) {
    super(message);
    this.rowErrors = rowErrors;
    this.isAnswer = isAnswer;
    this.remedy = REMEDIES[code] ?? "give-up";
    this.spoilsCount = isAnswer ? this.remedy !== "new-stream" : !UNANSWERED_CODES.has(code);
  }
}

/** Wraps a failure after which another try is worth while; whatever is not wrapped ends the delivery. */
export class TryAgain extends RemoteError {
  constructor(failure: AppendError) {
    super(failure.message, { cause: failure });
  }
}

/** From the status in an answer. */
export function fromStatus(
  status: { readonly code?: number | null; readonly message?: string | null },
  rowErrors: readonly { readonly index?: unknown; readonly message?: string | null }[],
): AppendError {
  return new AppendError(status.message ?? "no reason given", status.code ?? Code.UNKNOWN, {
    rowErrors: rowErrors.map(({ index, message }) => ({ index: Number(index), message: message ?? "no reason given" })),
    isAnswer: true,
  });
}

/** From whatever a call of the client throws; of the client's own error, which may hold the request, nothing else is kept. */
export function fromCall(error: unknown): AppendError {
  if (error instanceof AppendError) return error;
  if (error instanceof DeadlineError) return new AppendError(error.message, Code.DEADLINE_EXCEEDED);
  const { code, message } = error as { code?: unknown; message?: string };
  return new AppendError(message ?? String(error), typeof code === "number" ? code : Code.UNKNOWN);
}
