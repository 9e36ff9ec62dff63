/** A way to break the delivery of rows on purpose, by replacing a text that occurs once in a file. */
export interface Mutation {
  /** What is broken. */
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly by: string;
  /** Part of the name of a test that notices. @default `whatever happens`, on random schedules */
  readonly noticedBy?: string;
}

const QUEUE = "runtime/delivery/row-queue.ts";
const STREAM = "runtime/delivery/committed-stream.ts";
const WRITER = "runtime/delivery/table-writer.ts";

/** Each makes the model-based test fail: `npm run test:mutations` shows it. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: "appends name no offset",
    file: STREAM,
    text: "      offset: { value: this.rows },\n",
    by: "",
  },
  {
    name: "ALREADY_EXISTS is taken for success without proof",
    file: STREAM,
    text: "if (failure.code !== Code.ALREADY_EXISTS || !wereSent || this.isCountSpoiled) throw failure;",
    by: "if (failure.code !== Code.ALREADY_EXISTS) throw failure;",
  },
  {
    name: "the row count is taken for proof after an answered error",
    file: STREAM,
    text: "return extra === count && !this.isCountSpoiled ?",
    by: "return extra === count ?",
  },
  {
    name: "the row count is not looked at",
    file: STREAM,
    text: "if (extra === 0) return",
    by: "if (extra >= 0) return",
  },
  {
    name: "rows are settled before the answer",
    file: WRITER,
    text: "      await stream.append(\n",
    by: "      void stream.append(\n",
  },
  {
    name: "the rest of a batch is forgotten after row errors",
    file: WRITER,
    text: "      return batch.rows.length === 0;\n",
    by: "      return true;\n",
  },
  {
    name: "a pending batch is forgotten when its connection is lost",
    file: WRITER,
    text: 'if (failure.remedy === "retry") return false;',
    by: 'if (failure.remedy === "retry") return !failure.isAnswer;',
  },
  {
    name: "an answer makes an earlier, unanswered try forgotten",
    file: WRITER,
    text: "batch.unanswered ||= !failure.isAnswer;",
    by: "batch.unanswered = !failure.isAnswer;",
  },
  {
    name: "an answered error is forgotten when rows are refused afterwards",
    file: WRITER,
    text: "failure.rowErrors.length > 0 && !batch.unanswered && !batch.erred;",
    by: "failure.rowErrors.length > 0 && !batch.unanswered;",
  },
  {
    name: "a stream is given up without asking what became of its last append",
    file: WRITER,
    text: 'if (!isInDoubt && !isLost) return "not-written";',
    by: 'return "not-written";',
  },
  {
    name: "rows that nobody knows about are said not to be written",
    file: WRITER,
    text: 'return isInDoubt ? "unknown" : "not-written";',
    by: 'return "not-written";',
  },
  {
    name: "rows that are given up are not reported",
    file: WRITER,
    text: "for (const row of batch.rows) row.failed(outcome, failure);",
    by: "for (const row of batch.rows) row.delivered();",
  },
  {
    name: "a batch that is sent again has another order",
    file: WRITER,
    text: "batch.rows.map(({ bytes }) => bytes),",
    by: "(batch.unanswered ? [...batch.rows].reverse() : batch.rows).map(({ bytes }) => bytes),",
  },
  {
    name: "rows are written to a new table before they arrive there",
    file: "runtime/tables/table-care.ts",
    text: "    await this.tables.awaitAppends(tableId, deadline);\n",
    by: "",
  },
  {
    name: "the deadline of a batch is dropped",
    file: QUEUE,
    text: "const deadline = Deadline.at(this.clock, endsAt);\n      this.delivering",
    by: "const deadline = Deadline.at(this.clock, endsAt + 60_000);\n      this.delivering",
  },
  {
    name: "the bound of the queue is dropped",
    file: QUEUE,
    text: "return this.bytes >= this.options.maxBufferedBytes;",
    by: "return false;",
    noticedBy: "rows are taken only as long",
  },
  {
    name: "one connection gets more streams than it carries",
    file: "bigquery/write-channels.ts",
    text: "export const STREAMS_PER_CHANNEL = 80;",
    by: "export const STREAMS_PER_CHANNEL = 8000;",
    noticedBy: "more tables than one connection",
  },
  {
    name: "a run's end that is not recorded is not told of",
    file: "runtime/runs/run-finisher.ts",
    text: "if (!hasTime(end)) end.reject(notFinished(end.finish, error));",
    by: "if (!hasTime(end)) end.resolve();",
  },
];
